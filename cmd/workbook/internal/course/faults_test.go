package course_test

import (
	"errors"
	"strings"
	"testing"

	"workbook/cmd/workbook/internal/course"
)

// memory is a lesson of its own for the rows of TestFaults.
const memory = "lessons/02-memory.md"

// fault is a row of TestFaults: files of the good course are replaced, or deleted where the text is
// "", and the faults must be those wanted, no other.
type fault struct {
	name string
	set  map[string]string
	want string
}

// text makes the second lesson "# Memory", a blank line, "## Order", a blank line and more; more
// begins at line 5.
func text(more string) map[string]string {
	return map[string]string{memory: "# Memory\n\n## Order\n\n" + more}
}

// edit replaces a part of a file of the good course.
func edit(file, old, new string) map[string]string {
	s := good()[file]
	if !strings.Contains(s, old) {
		panic("no " + old + " in " + file)
	}
	return map[string]string{file: strings.Replace(s, old, new, 1)}
}

const (
	lesson1 = "lessons/01-atomicity.md"
	folder  = "solutions/atomicity/counter/"
	start   = "exercises/atomicity/counter/counter.go"
)

var cellFaults = []fault{
	{"unknown key", text("```go cell color=red\nx\n```\n"), memory + `:5: unknown key "color": a cell has id, engine, after, expect, runs, gomaxprocs and timeout`},
	{"not a pair", text("```go cell race\nx\n```\n"), memory + `:5: malformed info string: "race" is not key=value`},
	{"no value", text("```go cell id=\nx\n```\n"), memory + `:5: malformed info string: id has no value`},
	{"given twice", text("```go cell id=a id=b\nx\n```\n"), memory + `:5: malformed info string: id is given twice`},
	{"not cell", text("```go cel id=a\nx\n```\n"), memory + `:5: malformed info string "go cel id=a": want "go" for a listing or "go cell …" for a cell`},
	{"not go", text("```golang cell\nx\n```\n"), memory + `:5: malformed info string "golang cell": a cell begins with "go cell"`},
	{"bad id", text("```go cell id=1a\nx\n```\n"), memory + `:5: bad id "1a": want a letter, then letters, digits, - and _`},
	{"bad engine", text("```go cell engine=fast\nx\n```\n"), memory + `:5: bad engine "fast": want one of run, race, vet, build, explore, bubble`},
	{"bad expect", text("```go cell expect=good\nx\n```\n"), memory + `:5: bad expect "good": want one of ok, race, panic, deadlock, compile-error, exit:N`},
	{"bad exit", text("```go cell expect=exit:0\nx\n```\n"), memory + `:5: bad expect "exit:0": want an exit status from 1 to 255`},
	{"bad runs", text("```go cell runs=0\nx\n```\n"), memory + `:5: bad runs "0": want a number from 1 to 10000`},
	{"bad procs", text("```go cell gomaxprocs=two\nx\n```\n"), memory + `:5: bad gomaxprocs "two": want a number from 1 to 1024`},
	{"bad timeout", text("```go cell timeout=1h\nx\n```\n"), memory + `:5: bad timeout "1h": want a duration like 5s, at most 10m0s`},
	{"bad after", text("```go cell after=a,\nx\n```\n"), memory + `:5: after=a: no cell has this id` + "\n" + memory + `:5: bad after "a,": want ids separated by commas, without spaces`},
	{"race without race", text("```go cell expect=race\nx\n```\n"), memory + `:5: expect=race needs engine=race: engine=run reports no races`},
	{"compile error in a bubble", text("```go cell expect=compile-error engine=bubble\nx\n```\n"), memory + `:5: expect=compile-error needs engine=build: engine=bubble compiles nothing`},
	{"no code", text("```go cell\n```\n"), memory + `:5: cell without code`},
	{"no end", text("```go cell\nx\n"), memory + `:5: code block without an end`},
	{"missing after", text("```go cell id=first\nx\n```\n\n```go cell after=frist\nx\n```\n"), memory + `:9: after=frist: no cell has this id; did you mean first?`},
	{"cycle", text("```go cell id=a after=b\nx\n```\n\n```go cell id=b after=c\nx\n```\n\n```go cell id=c after=a\nx\n```\n"), memory + `:5: cycle of after: a after b after c after a`},
	{"after itself", text("```go cell id=a after=a\nx\n```\n"), memory + `:5: cycle of after: a after a`},
	{"duplicate id", text("```go cell id=a\nx\n```\n\n```go cell id=a\nx\n```\n"), memory + `:9: duplicate id "a": the cell at line 6 has it`},
	{"hide twice", text("```go cell\n//hide\n//hide\nx\n```\n"), memory + `:7: //hide where the lines are so already`},
	{"show first", text("```go cell\nx\n\t//show\n```\n"), memory + `:7: //show where the lines are so already`},
	{"output alone", text("```output\nx\n```\n"), memory + `:5: output without a cell: it must follow the cell's block, with nothing but blank lines between`},
	{"output after prose", text("```go cell\nx\n```\n\nIt prints\n\n```output\nx\n```\n"), memory + `:11: output without a cell: it must follow the cell's block, with nothing but blank lines between`},
	{"second output", text("```go cell\nx\n```\n```output\nx\n```\n```output\ny\n```\n"), memory + `:11: second output of cell "cell1": its first is at line 9`},
	{"bad match", text("```go cell\nx\n```\n```output match=fuzzy\nx\n```\n"), memory + `:8: bad match "fuzzy": want one of exact, unordered, regexp, contains, any`},
	{"output key", text("```go cell\nx\n```\n```output mach=any\nx\n```\n"), memory + `:8: unknown key "mach": an output has match`},
	{"bad regexp", text("```go cell\nx\n```\n```output match=regexp\nx(\n```\n"), memory + ":8: output is not a regular expression: error parsing regexp: missing closing ): `x(\n`"},
	{"contains nothing", text("```go cell\nx\n```\n```output match=contains\n```\n"), memory + `:8: output match=contains without text holds for every output`},
	{"several at once", text("```go cell id=1 runs=x\nx\n```\n"), memory + ":5: bad id \"1\": want a letter, then letters, digits, - and _\n" + memory + ":5: bad runs \"x\": want a number from 1 to 10000"},
}

var textFaults = []fault{
	{"unknown alert", text("> [!CAUTON]\n> x\n"), memory + `:5: unknown alert [!CAUTON]: want NOTE, TIP, IMPORTANT, WARNING or CAUTION`},
	{"empty alert", text("> [!NOTE]\n"), memory + `:5: alert [!NOTE] without text`},
	{"escape", text("a\x1b[31mred\n"), memory + `:5: control character U+001B`},
	{"not utf-8", text("a \xff\xfe b\n"), memory + `:5: not UTF-8`},
	{"no title", map[string]string{memory: "Prose\n\n## Order\n"}, memory + `:1: no title: a lesson begins with "# Title"`},
	{"second title", text("# More\n"), memory + `:5: second title "More": only the first heading has level 1`},
	{"empty heading", text("##\n\nx\n"), memory + `:5: heading without text`},
	{"empty file", map[string]string{memory: "\n", lesson1: strings.Replace(lessonText, "02-memory.md#order", "02-memory.md", 1)}, memory + `: empty lesson`},
	{"only a title", map[string]string{memory: "# Memory\n", lesson1: strings.Replace(lessonText, "02-memory.md#order", "02-memory.md", 1)}, memory + `: empty lesson: nothing follows the title`},
	{"front matter without end", map[string]string{memory: "---\na: b\n# Memory\n\n## Order\n\nx\n"}, memory + ":1: front matter without an end: want a second line ---\n" + memory + `:1: no title: a lesson begins with "# Title"`},
	{"bad front matter", map[string]string{memory: "---\na b\nc: d\nc: e\n---\n# Memory\n\n## Order\n\nx\n"}, memory + ":2: malformed front matter \"a b\": want key: value\n" + memory + ":4: front matter gives c twice"},
	{"missing file", text("[x](01-atomicty.md)\n"), memory + `:5: link 01-atomicty.md: no file lessons/01-atomicty.md; did you mean lessons/01-atomicity.md?`},
	{"missing anchor", text("a\nb [x](01-atomicity.md#the-lost-updates)\n"), memory + `:6: link 01-atomicity.md#the-lost-updates: no section #the-lost-updates in lessons/01-atomicity.md; did you mean the-lost-update?`},
	{"missing own anchor", text("[x](#ordre)\n"), memory + `:5: link #ordre: no section #ordre in lessons/02-memory.md; did you mean order?`},
	{"missing image", text("a ![x](img/gone.png) b\n"), memory + `:5: image img/gone.png: no file lessons/img/gone.png`},
	{"image a folder", text("![x](img)\n"), memory + `:5: image img is a folder`},
	{"no destination", text("[x]()\n"), memory + `:5: link without a destination`},
	{"absolute", text("[x](/etc/passwd)\n"), memory + `:5: link /etc/passwd: an absolute path leads nowhere; want a relative one`},
	{"out of the course", text("[x](../../x)\n"), memory + `:5: link ../../x leads out of the course`},
	{"scheme", text("[x](javascript:1)\n"), memory + `:5: link javascript:1: want https or a relative path`},
	{"anchor in no lesson", text("[x](README.md#lessons)\n"), memory + `:5: link README.md#lessons: lessons/README.md is not a lesson with sections`},
	{"in a table", text("| a | b |\n|---|---|\n| c | [x](gone.md) |\n"), memory + `:7: link gone.md: no file lessons/gone.md`},
}

var courseFaults = []fault{
	{"bad name", map[string]string{"lessons/memory.md": "# x\n\ny\n"}, `lessons/memory.md: bad name: a lesson's file is NUMBER-SLUG.md, the slug of a-z, 0-9 and -`},
	{"same number", map[string]string{"lessons/2-other.md": "# x\n\ny\n"}, `lessons/2-other.md: duplicate number 2: lessons/02-memory.md has it`},
	{"same slug", map[string]string{"lessons/03-memory.md": "# x\n\ny\n"}, `lessons/03-memory.md: duplicate slug "memory": lessons/02-memory.md has it`},
	{"slug kit", map[string]string{"lessons/03-kit.md": "# x\n\ny\n"}, `lessons/03-kit.md: slug "kit" is taken: solutions/kit holds the tests' kit`},
	{"stray file", map[string]string{"lessons/img/other.svg": "x"}, `lessons/img/other.svg: stray file: no lesson or exercise needs it`},
	{"stray folder", map[string]string{"lessons/old/x.svg": "x"}, `lessons/old: stray folder: no lesson shows a file in it`},
	{"editor's file", map[string]string{"lessons/.01.md.swp": "x", "exercises/atomicity/counter/.x": "x"}, ``},
	{"learner's test", map[string]string{"exercises/atomicity/counter/counter_test.go": "package counter\n"}, `exercises/atomicity/counter/counter_test.go: stray file: no lesson or exercise needs it`},
	{"no section", map[string]string{"exercises/atomicity/extra/extra.go": "package extra\n"}, `exercises/atomicity/extra: exercise folder without a section: want "## Exercise: Title" in lessons/01-atomicity.md with a link to ../exercises/atomicity/extra/`},
	{"no lesson", map[string]string{"exercises/gone/extra/extra.go": "package extra\n"}, `exercises/gone: stray folder: no lesson lessons/NUMBER-gone.md`},
	{"no link", edit(lesson1, "](../exercises/atomicity/counter/)", "](../exercises/atomicity/counter/counter.go)"),
		`exercises/atomicity/counter: exercise folder without a section: want "## Exercise: Title" in lessons/01-atomicity.md with a link to ../exercises/atomicity/counter/
lessons/01-atomicity.md:35: exercise "A safe counter" has no link to ../exercises/atomicity/NAME/ in its task
solutions/atomicity/counter: exercise folder without a section: want "## Exercise: Title" in lessons/01-atomicity.md with a link to ../exercises/atomicity/counter/`},
	{"two links", edit(lesson1, "Its readers", "[x](../exercises/atomicity/tokens/) [x](../exercises/atomicity/tokens/)"),
		lesson1 + `:35: exercise "A safe counter" links to the folders of 2 exercises, counter, tokens: one section, one exercise
` + lesson1 + `:39: link ../exercises/atomicity/tokens/: no file exercises/atomicity/tokens`},
	{"duplicate exercise", edit(lesson1, "## Afterwards", "## Exercise: Again\n\nDo [it](../exercises/atomicity/counter/).\n\n### Hint\n\n"+strings.Repeat("word ", 20)+"\n\n## Afterwards"), lesson1 + `:51: duplicate exercise name "counter": lessons/01-atomicity.md:35 has it`},
	{"bad exercise name", edit(lesson1, "Its readers", "X\n\n## Exercise: Bad\n\n[x](../exercises/atomicity/Bad_name)\n\nIts readers"),
		lesson1 + `:35: exercise counter has no hint: want "### Hint" sections behind its task
` + lesson1 + `:41: bad exercise name "Bad_name": it is also the package's, of a-z and 0-9
` + lesson1 + `:43: link ../exercises/atomicity/Bad_name: no file exercises/atomicity/Bad_name`},
	{"imports", edit(lesson1, "Its readers", "Allowed imports: `sync`, `sync/atomic`.\n\nIts readers"), ``},
	{"imports none", edit(lesson1, "Its readers", "**Allowed imports:** none\n\nIts readers"), ``},
	{"imports any", edit(lesson1, "Its readers", "Allowed imports: any, os/signal.\n\nIts readers"), ``},
	{"no work", edit(lesson1, "Its readers", "Work before the first call: none.\n\nIts readers"), ``},
	{"no work misspelt", edit(lesson1, "Its readers", "Work before the call: none.\n\nIts readers"),
		lesson1 + `:39: malformed rule "Work before the call: none.": want a paragraph of its own before the hints, "Work before the first call: none."`},
	{"no work in prose", edit(lesson1, "Its readers", "No lock.\nWork before the first call: none.\n\nIts readers"),
		lesson1 + `:40: malformed rule "Work before the first call: none.": want a paragraph of its own before the hints, "Work before the first call: none."`},
	{"imports twice", edit(lesson1, "Its readers", "Allowed imports: sync, time, sync.\n\nAllowed imports: none\n\nIts readers"),
		lesson1 + `:39: allowed imports: sync is given twice
` + lesson1 + `:41: second list of allowed imports: the first is at line 39`},
	{"imports without names", edit(lesson1, "Its readers", "Allowed imports: sync (not Once, OnceFunc), time.\n\nIts readers"), ``},
	{"imports without bad names", edit(lesson1, "Its readers", "Allowed imports: any (not Once), sync (not Once, and OnceFunc), time (Sleep).\n\nIts readers"),
		lesson1 + `:39: allowed imports: "and OnceFunc" is no name that package sync exports
` + lesson1 + `:39: allowed imports: "time (Sleep)" is no package of the standard library
` + lesson1 + `:39: allowed imports: names that are not allowed stand behind their package, not behind "any"`},
	{"imports misspelt", edit(lesson1, "Its readers", "Allowed import: sync.\n\nIts readers"),
		lesson1 + `:39: malformed list of imports "Allowed import: sync.": want a paragraph of its own before the hints, "Allowed imports: sync, time."`},
	{"imports in prose", edit(lesson1, "Its readers", "No lock.\nAllowed imports: sync.\n\nIts readers"),
		lesson1 + `:40: malformed list of imports "Allowed imports: sync.": want a paragraph of its own before the hints, "Allowed imports: sync, time."`},
	{"imports after the hints", edit(lesson1, "## Afterwards", "- allowed imports: sync\n\n## Afterwards"),
		lesson1 + `:51: malformed list of imports "- allowed imports: sync": want a paragraph of its own before the hints, "Allowed imports: sync, time."`},
	{"imports missing", edit(lesson1, "Its readers", "Allowed imports: sync,, time\n\nIts readers"), lesson1 + `:39: allowed imports: a path is missing beside a comma`},
	{"imports empty", edit(lesson1, "Its readers", "Allowed imports:\n\nIts readers"),
		lesson1 + `:39: malformed list of imports "Allowed imports:": want a paragraph of its own before the hints, "Allowed imports: sync, time."`},
	{"imports of words", edit(lesson1, "Its readers", "Allowed imports: sync and C, time, none, workbook/solutions/kit, golang.org/x/sync\n\nIts readers"),
		lesson1 + `:39: allowed imports: "golang.org/x/sync" is no package of the standard library
` + lesson1 + `:39: allowed imports: "none" stands first or not at all, "none" alone
` + lesson1 + `:39: allowed imports: "sync and C" is no package of the standard library
` + lesson1 + `:39: allowed imports: "workbook/solutions/kit" is no package of the standard library`},
	{"untitled", edit(lesson1, "## Exercise: A safe counter", "## Exercise:"), lesson1 + `:35: exercise without a title: want "## Exercise: Title"`},
	{"exercise too deep", edit(lesson1, "## Afterwards", "### Exercise: Deep\n\n## Afterwards"), lesson1 + `:51: exercise "Exercise: Deep" has a heading of level 3: want "## Exercise: Title"
` + lesson1 + `:51: section "Exercise: Deep" after a hint: only hints follow hints`},
	{"hint outside", edit(lesson1, "Well done.", "### Hint\n\nx"), lesson1 + `:53: hint outside of an exercise's hints: want "### Hint" in a section "## Exercise: Title"`},
	{"no hint", edit(lesson1, "### Hint\n", "### Help\n"), ``},
	{"short hint", edit(lesson1, "A lock helps only where every access holds it, and a reader is an access as well. Look at each method\nof the type and ask which of them touch the field.", "Lock it."), lesson1 + `:46: hint of 2 words: want 20 to 160`},
	{"long hint", edit(lesson1, "A lock helps", strings.Repeat("very ", 160)+"A lock"), lesson1 + `:46: hint of 191 words: want 20 to 160`},
	{"telling hint", edit(lesson1, "A lock helps", "A\n`c.mu.Lock()` helps"), lesson1 + `:46: hint quotes the solution's line "c.mu.Lock()"`},
	{"harmless hint", edit(lesson1, "A lock helps", "An `xc.mu.Lock()` or `c.n++` in `package counter` with `import \"sync\"` helps"), ``},
}

var fileFaults = []fault{
	{"missing starter", map[string]string{start: ""}, start + `: missing: the exercise at lessons/01-atomicity.md:35 needs it
lessons/01-atomicity.md:37: link ../exercises/atomicity/counter/: no file exercises/atomicity/counter`},
	{"missing solution", map[string]string{folder + "counter.go": ""}, folder + `counter.go: missing: the exercise at lessons/01-atomicity.md:35 needs it`},
	{"missing tests", map[string]string{folder + "counter_test.go": ""}, folder + `counter_test.go: missing: the exercise at lessons/01-atomicity.md:35 needs it`},
	{"missing archives", map[string]string{folder + "alt.txtar": "", folder + "wrong.txtar": ""}, folder + `alt.txtar: missing: the exercise at lessons/01-atomicity.md:35 needs it
` + folder + `wrong.txtar: missing: the exercise at lessons/01-atomicity.md:35 needs it`},
	{"starter's package", edit(start, "package counter", "package count"), start + `:1: package count: want package counter`},
	{"no todo", edit(start, " // TODO: make it safe", ""), start + `: starter without // TODO`},
	{"starter's form", edit(start, "c.n++ //", "c.n  ++ //"), start + `:8: not as gofmt writes it`},
	{"starter's syntax", edit(start, "c.n++ //", "c.n++ ) //"), start + `:8: syntax error: expected statement, found ')'`},
	{"solution's todo", edit(folder+"counter.go", "c.n++", "c.n++ // TODO"), folder + `counter.go:15: solution with // TODO`},
	{"starter is solution", map[string]string{folder + "counter.go": starter}, start + `: starter is the solution
` + folder + `counter.go:8: solution with // TODO`},
	{"internal test", edit(folder+"counter_test.go", "package counter_test", "package counter"), folder + `counter_test.go:1: package counter: want package counter_test`},
	{"foreign import", edit(folder+"counter_test.go", `"testing"`, `"testing"
	"golang.org/x/sync/errgroup"
	"workbook/exercises/atomicity/counter"`), folder + `counter_test.go:4: not as gofmt writes it
` + folder + `counter_test.go:5: import of golang.org/x/sync/errgroup: want the standard library, workbook/solutions/kit and workbook/solutions/atomicity/counter
` + folder + `counter_test.go:6: import of workbook/exercises/atomicity/counter: want the standard library, workbook/solutions/kit and workbook/solutions/atomicity/counter`},
	{"dot import", edit(folder+"counter_test.go", `"workbook/solutions/kit"`, `. "workbook/solutions/kit"`), folder + `counter_test.go:7: import with a dot: a learner's names would hide the test's`},
	{"tests nothing", edit(folder+"counter_test.go", `"workbook/solutions/atomicity/counter"`, `"fmt"`), folder + `counter_test.go:1: no import of workbook/solutions/atomicity/counter: it tests nothing`},
	{"no test", map[string]string{folder + "counter_test.go": "package counter_test\n\nimport _ \"workbook/solutions/atomicity/counter\"\n"}, folder + `counter_test.go:1: no test`},
	{"odd test", edit(folder+"counter_test.go", "TestStressInc(t *testing.T)", "TestStressInc(*testing.T)"), folder + `counter_test.go:1: tests TestInc, TestStressInc are not all written "func TestX(t *testing.T)": the grader finds TestInc`},
	{"own main", edit(folder+"counter_test.go", "func TestStressInc(t *testing.T)", "func TestMain(t *testing.M)"), folder + `counter_test.go:15: TestMain: the grader has its own`},
	{"parallel", edit(folder+"counter_test.go", "kit.Do(c.Inc)", "t.Parallel()"), folder + `counter_test.go:12: call of Parallel: a hidden test runs many times in one process`},
	{"no wanted class", edit(folder+"wrong.txtar", "plain.go: race: the field n\n", ""), folder + `wrong.txtar:3: plain.go has no line in the archive's comment: want "plain.go: CLASS: TEXT"`},
	{"no wrong file", edit(folder+"wrong.txtar", "plain.go:", "plane.go: race: x\nplain.go:"), folder + `wrong.txtar:2: no file plane.go in the archive`},
	{"malformed line", edit(folder+"wrong.txtar", "# What", "What"), folder + `wrong.txtar:1: malformed line "What learners write.": want "NAME.go: CLASS[, schedule]: TEXT"`},
	{"unknown class", edit(folder+"wrong.txtar", "race:", "racy:"), folder + `wrong.txtar:2: unknown class "racy": want one of build, policy, wrong, race, deadlock, leak, timeout, panic, notconcurrent, tampered`},
	{"unknown mark", edit(folder+"wrong.txtar", "schedule:", "sometimes:"), folder + `wrong.txtar:3: unknown mark "sometimes": only "schedule" is known`},
	{"no text", edit(folder+"wrong.txtar", "race: the field n", "race:"), folder + `wrong.txtar:2: plain.go: no text that the verdict must contain`},
	{"two lines", edit(folder+"wrong.txtar", "late.go", "plain.go: race: x\nlate.go"), folder + `wrong.txtar:3: plain.go has a line already`},
	{"wrong's package", edit(folder+"wrong.txtar", "package counter", "package main"), folder + `wrong.txtar:5: package main: want package counter`},
	{"wrong's syntax", edit(folder+"wrong.txtar", "c.n++ }", "c.n++"), folder + `wrong.txtar:7: syntax error: expected '}', found 'EOF'`},
	{"may not build", map[string]string{folder + "wrong.txtar": "a.go: build: x\n-- a.go --\npackage counter\nfunc f() {\n"}, ``},
	{"no program", map[string]string{folder + "alt.txtar": "none yet\n"}, folder + `alt.txtar: no program in the archive`},
	{"bad archive name", edit(folder+"alt.txtar", "atomic.go", "../x.go"), folder + `alt.txtar: no program in the archive
` + folder + `alt.txtar:2: bad file name "../x.go": want NAME.go, of a-z, 0-9, _ and -`},
	{"same archive name", map[string]string{folder + "alt.txtar": alt + "-- atomic.go --\npackage counter\n"}, folder + `alt.txtar:8: duplicate file atomic.go`},
	{"empty program", map[string]string{folder + "alt.txtar": alt + "-- other.go --\n\n"}, folder + `alt.txtar:8: empty file other.go`},
	{"alternative is the solution", map[string]string{folder + "alt.txtar": "-- a.go --\n" + solution}, folder + `alt.txtar:1: a.go is the reference solution`},
}

func TestFaults(t *testing.T) {
	for group, rows := range map[string][]fault{"cells": cellFaults, "text": textFaults, "course": courseFaults, "files": fileFaults} {
		for _, row := range rows {
			t.Run(group+"/"+row.name, func(t *testing.T) { checkFaults(t, row) })
		}
	}
}

func checkFaults(t *testing.T, row fault) {
	files := good()
	for name, text := range row.set {
		files[name] = text
		if text == "" {
			delete(files, name)
		}
	}
	_, err := course.Load(tree(files))
	got := ""
	if err != nil {
		got = err.Error()
		if faults := (course.Faults)(nil); !errors.As(err, &faults) {
			t.Errorf("Load's error is %T, want Faults", err)
		}
	}
	if got != row.want {
		t.Errorf("Load(…) =\n%s\nwant\n%s", got, row.want)
	}
}

func TestNoCourse(t *testing.T) {
	c, err := course.Load(tree(nil))
	want := "exercises: unreadable: file does not exist\nlessons: unreadable: file does not exist\nsolutions: unreadable: file does not exist"
	if c == nil || err == nil || err.Error() != want {
		t.Errorf("Load of nothing = %v, %v, want %s", c, err, want)
	}
}
