package course

import (
	"fmt"
	"strings"
	"testing"
	"testing/fstest"
)

const searched = `# One: alpha

Alpha beta
gamma, **delta** epsilon. Alpha again, alpha.

> Quoted words go
> on here.

` + "```predict\nWhich alpha?\n\n- [x] secret answer\n  A secret reason.\n- [ ] other\n  Another reason,\n  of two lines.\n```\n\n```go cell\nalpha := 1 // .*\n```" + `

After the secret.

## Practice

Some [thing](#practice).

## Exercise: Do it

Edit [it](../exercises/one/doit/), which is about [practice](#practice) and [itself](#exercise-do-it).

### Hint

A secret hint.

More secret.

## Last

The secret end.
`

func searchable(t *testing.T) *Course {
	t.Helper()
	c, _ := Open(fstest.MapFS{"lessons/01-one.md": {Data: []byte(searched)}, "lessons/02-two.md": {Data: []byte("# Two\n\nalpha\n")}}) // the exercise has no files
	if c == nil || len(c.Lessons) != 2 {
		t.Fatal("no lessons")
	}
	return c
}

func TestSearch(t *testing.T) {
	c := searchable(t)
	for words, want := range map[string]string{
		"":                "",
		"alpha":           "one:1 One: alpha: One: alpha|one:3 One: alpha: Alpha beta|one:4 One: alpha: gamma, **delta** epsilon. Alpha again, alpha.|one:10 One: alpha: Which alpha?|one:20 One: alpha: alpha := 1 // .*|two:3 Two: alpha",
		"Alpha again":     "one:4 One: alpha: gamma, **delta** epsilon. Alpha again, alpha.",
		"beta gamma":      "one:3 One: alpha: Alpha beta",
		"delta epsilon":   "one:4 One: alpha: gamma, **delta** epsilon. Alpha again, alpha.",
		"words  go on":    "one:6 One: alpha: Quoted words go",
		".*":              "one:20 One: alpha: alpha := 1 // .*",
		"secret":          "one:23 One: alpha: After the secret.|one:41 Last: The secret end.",
		"reason":          "",
		"two lines":       "",
		"practice":        "one:25 Practice: Practice|one:27 Practice: Some [thing](#practice).|one:31 Exercise: Do it: Edit [it](../exercises/one/doit/), which is about [practice](#practice) and [itself](#exercise-do-it).",
		"nothing of kind": "",
	} {
		var got []string
		for _, h := range c.Search(words) {
			got = append(got, fmt.Sprintf("%s:%d %s: %s", h.Lesson.Slug, h.Line, h.Section, h.Text))
		}
		if text := strings.Join(got, "|"); text != want {
			t.Errorf("Search(%q) = %q, want %q", words, text, want)
		}
	}
}

func TestPractises(t *testing.T) {
	l := searchable(t).Lesson("one")
	e := l.Exercises[0]
	if got := l.Practises(e); len(got) != 1 || got[0].Slug != "practice" {
		t.Errorf("Practises = %v, want practice", got)
	}
	if got := l.PractisedBy("practice"); len(got) != 1 || got[0] != e {
		t.Errorf("PractisedBy(practice) = %v", got)
	}
	if got := l.PractisedBy("last"); got != nil {
		t.Errorf("PractisedBy(last) = %v", got)
	}
}
