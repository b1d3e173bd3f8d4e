package course_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"workbook/cmd/workbook/internal/course"
)

// glossary reads lessons without exercises, numbered from 1.
func glossary(t testing.TB, lessons ...string) *course.Course {
	t.Helper()
	files := map[string]string{}
	for i, text := range lessons {
		files[fmt.Sprintf("lessons/%02d-lesson%c.md", i+1, 'a'+i)] = text
	}
	c, err := course.Open(tree(files))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestGlossary(t *testing.T) {
	const alone = "# T\n\n## Some section\n\n"
	for _, row := range []struct{ name, text, want string }{
		{"one sentence", alone + "First one. A **lock** keeps\nothers out. Last one.\n", "lock: A **lock** keeps others out."},
		{"opening", "# T\n\nA **lock** keeps others out.\n", "lock: A **lock** keeps others out."},
		{"pointing back", alone + "First one. Two hold it. That is bad. It is called a **mishap**.\n", "mishap: Two hold it. That is bad. It is called a **mishap**."},
		{"nothing to point back to", alone + "This is a **mishap**.\n", "mishap: This is a **mishap**."},
		{"colon before code", alone + "A **loop** goes round:\n\n```go\nfor {}\n```\n", "loop: A **loop** goes round."},
		{"colon before a list", alone + "Look here. A **race** is:\n\n- two accesses;\n- no *order*.\n\nMore.\n", "race: A **race** is:\n\n- two accesses;\n- no *order*."},
		{"colon inside", alone + "A **race** is: no order. More:\n\n- x\n", "race: A **race** is: no order."},
		{"full stops that end nothing", alone + "See `x. Y` and e.g. the **p.m.** or 1.25. In a **lock** of v1.2 (or so) live x.Y and z. And so on.\n", "lock: In a **lock** of v1.2 (or so) live x.Y and z."},
		{"two in a sentence", alone + "A **loop** or **round**.\n", "loop: A **loop** or **round**.|round: A **loop** or **round**."},
		{"in a list", alone + "- x\n- A **loop** is y. Z.\n", "loop: A **loop** is y."},
		{"in a quote", alone + "> [!NOTE]\n> A **loop** is y.\n> Z.\n", "loop: A **loop** is y."},
		{"no terms", alone + "**After this**\n\n**Do not write.** It *is* so. Since **Go 1.22** and **2022**, **one two three four five**, **a, b** and **`x`**.\n\n| **loop** | b |\n|---|---|\n| c | **d** |\n", ""},
		{"of punctuation", alone + "An **I/O-bound**, **Amdahl's law**.\n", "Amdahl's law: An **I/O-bound**, **Amdahl's law**.|I/O-bound: An **I/O-bound**, **Amdahl's law**."},
	} {
		var got []string
		for _, e := range glossary(t, row.text).Glossary() {
			got = append(got, e.Name+": "+e.Text)
		}
		if strings.Join(got, "|") != row.want {
			t.Errorf("%s: Glossary() = %q, want %q", row.name, strings.Join(got, "|"), row.want)
		}
	}
}

func TestTerm(t *testing.T) {
	c := glossary(t, "# A\n\nA **Cache line** is x.\n\n## Deep in it\n\nThe **happens-before** order.\n", "# B\n\nThe **class** y.\n")
	for name, want := range map[string]string{
		"cache line": "Cache line lessona lessons/01-lessona.md:3", "Cache  Lines": "Cache line lessona lessons/01-lessona.md:3",
		"HAPPENS-BEFORE": "happens-before lessona#deep-in-it lessons/01-lessona.md:7", "class": "class lessonb lessons/02-lessonb.md:3",
		"clas": "", "": "",
	} {
		got := ""
		if e, ok := c.Term(name); ok {
			got = fmt.Sprintf("%s %s %s:%d", e.Name, e.Place(), e.File, e.Line)
		}
		if got != want {
			t.Errorf("Term(%q) = %q, want %q", name, got, want)
		}
	}
	for name, want := range map[string]string{"cahce line": "Cache line", "happens": "happens-before", "Happens-Befor": "happens-before", "zebra": "", "": ""} {
		if got := c.NearestTerm(name); got != want {
			t.Errorf("NearestTerm(%q) = %q, want %q", name, got, want)
		}
	}
}

// TestTermTwice: the first definition stays; the second is a fault that names both lines.
func TestTermTwice(t *testing.T) {
	c := glossary(t, "# A\n\nA **lock** is x.\n", "# B\n\nText.\n\nTwo **locks** are y.\n")
	if e, _ := c.Term("lock"); e.Text != "A **lock** is x." {
		t.Errorf("Term(lock) = %q, want the first definition", e.Text)
	}
	want := course.Fault{File: "lessons/02-lessonb.md", Line: 5,
		Text: "term **locks** is defined at lessons/01-lessona.md:3 already: bold words in running text are definitions; write them plain, or *in italics*"}
	if got := c.Lint(); !slices.Contains(got, want) {
		t.Errorf("Lint() =\n%v\nwant\n%v", got, want)
	}
}
