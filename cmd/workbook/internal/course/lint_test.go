package course_test

import (
	"strings"
	"testing"

	"workbook/cmd/workbook/internal/course"
)

// published is a lesson without faults of form; %PROSE% stands for its words.
const published = `# Memory

Who is first?

` + "```go cell id=a\nx\n```" + `

**After this lesson you can**

- say so.

## Order

%PROSE%

` + "```go cell id=b engine=race\nx\n```" + `

## Experiment

Try it.

## Summary

1. One.
2. Two.
3. Three.
4. Four.
5. Five.

## Further reading

- [The memory model](https://go.dev/ref/mem)

## Exercise: A safe counter

Make [the counter](../exercises/memory/counter/) safe.

Allowed imports: none.

### Hint

What would keep others out?

### Hint

Where does it go?

### Hint

%LAST%
`

// asked is a question about the cell that follows.
const asked = "```predict\nWhat?\n\n- [x] A\n  Right.\n- [ ] B\n  Wrong.\n```\n\n"

// lint returns the faults of form of the lesson, in which old is replaced.
func lint(old, new string) string {
	prose := strings.Repeat(strings.TrimSpace(strings.Repeat("word ", 20))+"\n", 63)
	text := strings.NewReplacer("%PROSE%", asked+asked+asked+prose, "%LAST%", "There.").Replace(published)
	if !strings.Contains(text, old) {
		panic("the lesson has no " + old)
	}
	files := map[string]string{"lessons/02-memory.md": strings.Replace(text, old, new, 1)}
	c, _ := course.Open(tree(files)) // its exercise's files are missing
	var lines []string
	for _, f := range c.Lint() {
		lines = append(lines, strings.TrimPrefix(f.String(), "lessons/02-memory.md:"))
	}
	return strings.Join(lines, "\n")
}

func TestLint(t *testing.T) {
	const line = "word word word word word word word word word word word word word word word word word word word word\n"
	for _, row := range []struct{ name, old, new, want string }{
		{"good", "x", "x", ""},
		{"no question", "Who is first?", "Look.", "1: no opening question: want a program and what it prints, as a question, before the first section"},
		{"question as a block", "Who is first?\n", asked + "Look.", ""},
		{"no program", "```go cell id=a\nx\n```", "```text\nx\n```", "1: no cell engine=run: a learner wants to run something\n1: no opening question: want a program and what it prints, as a question, before the first section"},
		{"no goals", "**After this lesson you can**", "**You can**", `1: no goals: want "**After this lesson you can**" and a list before the first section`},
		{"goals without a list", "- say so.", "Say so.", `1: no goals: want "**After this lesson you can**" and a list before the first section`},
		{"short", strings.Repeat(line, 5), "", "1: 1186 words of prose: want 1200 to 2500 (code, outputs, questions and exercises do not count)"},
		{"long", line, strings.Repeat(line, 63), "1: 2526 words of prose: want 1200 to 2500 (code, outputs, questions and exercises do not count)"},
		{"exercises, code and tables", line + line + line, "```text\n" + strings.Repeat(line, 80) + "```\n\n| " + strings.Repeat("word ", 30) + " |\n|---|\n| " + strings.Repeat("word ", 30) + " |\n", ""},
		{"long exercise", "Where does it go?", strings.Repeat(line, 80), ""},
		{"two questions", asked, "", `1: 2 questions: want 3 to 6 blocks "` + "```predict" + `"`},
		{"seven questions", asked, asked + asked + asked + asked + asked, `1: 7 questions: want 3 to 6 blocks "` + "```predict" + `"`},
		{"no race", "engine=race", "engine=run", "1: no cell engine=race or engine=explore: one shows what the schedule decides, or that the race detector agrees"},
		{"no run", "id=a", "id=a engine=vet", "1: no cell engine=run: a learner wants to run something"},
		{"skipped level", "## Order", "## Order\n\n#### Deep", `15: heading "Deep" of level 4 below one of level 2`},
		{"no experiment", "## Experiment", "## Try", `1: no section "Experiment"`},
		{"two experiments", "Try it.", "### Experiment", `113: second section "Experiment": the first is at line 111`},
		{"summary of four", "5. Five.\n", "", `115: summary of 4 items: want a list of 5`},
		{"summary in prose", "1. One.\n2. Two.\n3. Three.\n4. Four.\n5. Five.\n", "So it is.", `115: summary of 0 items: want a list of 5`},
		{"reading without links", "[The memory model](https://go.dev/ref/mem)", "The memory model", "123: no further reading: want a list with links"},
		{"two hints", "### Hint\n\nThere.", "", "127: exercise counter has 2 hints: want 3 to 5"},
		{"six hints", "There.", "There." + strings.Repeat("\n\n### Hint\n\nThere.", 3), "127: exercise counter has 6 hints: want 3 to 5"},
		{"no imports", "Allowed imports: none.", "Import nothing.", `127: exercise counter does not say what it may import: want a paragraph "Allowed imports: sync, time.", with "none" or "any" where that is meant`},
		{"old host", "go.dev/ref", "blog.golang.org/ref", "125: link https://blog.golang.org/ref/mem: golang.org has moved to go.dev"},
		{"http", "https://go.dev", "http://go.dev", "125: link http://go.dev/ref/mem: want https"},
		{"wide", "Try it.", strings.Repeat("ü", 201), "113: line of 201 columns: want at most 200"},
		{"wide code", "```go cell id=b engine=race\nx", "```text\n" + strings.Repeat("x", 300) + "\n```\n\n```go cell id=b engine=race\n" + strings.Repeat("x", 300), ""},
		{"wide output", "Try it.", "```go cell\nx\n```\n\n```output\nx\n" + strings.Repeat("x", 300) + "\n```", ""},
		{"wide question", "- [ ] B", "- [ ] " + strings.Repeat("B", 195), "20: line of 201 columns: want at most 200"},
	} {
		if got := lint(row.old, row.new); got != row.want {
			t.Errorf("%s: Lint() =\n%s\nwant\n%s", row.name, got, row.want)
		}
	}
}
