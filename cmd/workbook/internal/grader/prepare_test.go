package grader

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"workbook/cmd/workbook/internal/course"
	"workbook/cmd/workbook/internal/verdict"
)

// shared are the programs of the lab that may be built together; every other one runs something unasked,
// does not compile, or may not be built at all.
const sharedLab = "deadlock deadlock_channel deadlock_timer exit_one exit_zero leak leak_busy leak_parallel leak_timer map panic panic_goexit " +
	"panic_late panic_parallel panic_stack panic_unlock panic_waitgroup race race_late race_many race_parallel right right_late right_prints right_slow right_state right_ticker " +
	"sequential sequential_lock timeout timeout_sleep wrong"

// TestTogetherLab: programs that do their worst when the process starts are built alone, and no program's
// class is another one because of those that it is built with.
func TestTogetherLab(t *testing.T) {
	ex, g := lab(t), labGrader(t)
	var all []Submission
	for _, p := range programs(t) {
		all = append(all, p.submission(ex))
	}
	if err := g.Prepare(t.Context(), all); err != nil {
		t.Fatal(err)
	}
	var shared []string
	for _, p := range programs(t) {
		if part(t, g, p.submission(ex)) > 0 {
			shared = append(shared, p.name)
		}
		t.Run(p.name, func(t *testing.T) {
			v, err := g.Grade(t.Context(), p.submission(ex))
			if p.name == "reexec" && v.Class == verdict.Panic {
				return // what a program reads that has replaced itself is luck
			}
			if err != nil || string(v.Class) != p.want {
				t.Errorf("%s, %v, want %s: %s", v.Class, err, p.want, messages(v))
			}
			if strings.Contains(fmt.Sprintf("%+v", v), "workbook/part") {
				t.Errorf("the verdict tells what the program was built with: %+v", v)
			}
		})
	}
	if got := strings.Join(shared, " "); got != sharedLab {
		t.Errorf("built together are\n%s\nwant\n%s", got, sharedLab)
	}
}

// part is a submission's number among those that it was built with, 0 where it was not or cannot be built.
func part(t *testing.T, g *Grader, s Submission) int {
	t.Helper()
	unit, seen, err := g.unit(t.Context(), s)
	if err != nil {
		t.Fatal(err)
	}
	if len(seen.findings) > 0 {
		return 0
	}
	bin, err := g.Build.Build(t.Context(), unit)
	if err != nil {
		return 0 // the compiler says more than go/types
	}
	return bin.Part
}

// TestTogetherCourse: the programs of the course get the same verdicts, to the letter, built together and
// built alone.
func TestTogetherCourse(t *testing.T) {
	if testing.Short() {
		t.Skip("grades 20 programs twice")
	}
	c, _ := course.Load(os.DirFS("../../../..")) // faults are the gate's business
	graders := make([]*Grader, 2)
	for i := range graders {
		var err error
		if graders[i], err = New(Config{Course: c, Cache: t.TempDir()}); err != nil {
			t.Fatal(err)
		}
		if err := graders[i].Warm(t.Context(), func(int, int) {}); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{"counter", "icons"} {
		ex := c.Exercise(name)
		together := 0
		all := submissions(ex)
		all = append(all[:5:5], all[max(5, len(all)-5):]...)
		if err := graders[1].Prepare(t.Context(), all); err != nil {
			t.Fatal(err)
		}
		for _, s := range all {
			var told [2]string
			for i, g := range graders {
				v, err := g.Grade(t.Context(), s)
				if err != nil {
					t.Fatal(err)
				}
				told[i] = timeless(v)
			}
			if part(t, graders[1], s) > 0 {
				together++
			}
			if told[0] != told[1] {
				t.Errorf("%s: alone\n%s\ntogether\n%s\n%s", name, told[0], told[1], s.Files[ex.File])
			}
		}
		if together < 5 {
			t.Errorf("%s: %d programs were built together", name, together)
		}
	}
}

// submissions are all programs of an exercise.
func submissions(ex *course.Exercise) []Submission {
	texts := [][]byte{ex.Starter, ex.Solution}
	for _, a := range ex.Alts {
		texts = append(texts, a.Source)
	}
	for _, w := range ex.Wrongs {
		texts = append(texts, w.Source)
	}
	var all []Submission
	for _, text := range texts {
		all = append(all, Submission{ex, map[string][]byte{ex.File: text}})
	}
	return all
}

// timeless is what of a verdict is the same in every grading, where the exploration of schedules decides.
func timeless(v verdict.Verdict) string {
	for i := range v.Tests {
		v.Tests[i].MS = 0
	}
	found := slices.Clone(v.Findings)
	for i := range found {
		found[i].Raw = ""
	}
	return fmt.Sprintf("%s %s %+v\n%+v\n%s", v.Class, v.Title, v.Tests, found, v.Explored)
}

// neighbours are programs that would spoil the verdicts on others, if they were in one binary with them.
var neighbours = map[string]string{
	"init that ends the process":     "import \"os\"\nfunc init() { os.Exit(0) }",
	"init that panics":               "func init() { panic(\"boo\") }",
	"initialiser that panics":        "var _ = func() int { panic(\"boo\") }()",
	"initialiser that races":         "var x, _ = 1, func() int { go func() { x++ }(); x++; return 0 }()",
	"initialiser that never ends":    "var _ = func() int { select {} }()",
	"initialiser that leaves one":    "var _ = func() int { go func() { select {} }(); return 0 }()",
	"initialiser that fills memory":  "var x = make([]byte, 1<<40)",
	"variable that fills memory":     "var X [1 << 40]byte",
	"names of ours":                  "func WorkbookSites() {}\nfunc WorkbookReset() {}",
	"undefined":                      "var x = y",
	"what only the compiler refuses": "func sum(a, b, c [1 << 29]byte) byte { return a[0] + b[1] + c[2] }",
	"flag":                           "import \"runtime\"\nvar _ = runtime.GOMAXPROCS(1)",
}

// TestNeighbours: a right program passes and a wrong one gets its class, whatever is handed in beside them.
func TestNeighbours(t *testing.T) {
	ex, g := lab(t), labGrader(t)
	var right, wrong Submission
	for _, p := range programs(t) {
		switch p.name {
		case "right":
			right = p.submission(ex)
		case "race":
			wrong = p.submission(ex)
		}
	}
	all := []Submission{right, wrong}
	var names []string
	for name, text := range neighbours {
		head, rest, _ := strings.Cut(string(ex.Solution), "package lab\n")
		imports, decls := "", text
		if strings.HasPrefix(text, "import") {
			imports, decls, _ = strings.Cut(text, "\n")
		}
		all = append(all, Submission{ex, map[string][]byte{ex.File: []byte(head + "package lab\n" + imports + "\n" + rest + decls + "\n")}})
		names = append(names, name)
	}
	if err := g.Prepare(t.Context(), all); err != nil {
		t.Fatal(err)
	}
	for i, s := range all[2:] {
		if part(t, g, s) > 0 {
			t.Errorf("%s is built together with others", names[i])
		}
	}
	if part(t, g, right) == 0 || part(t, g, wrong) == 0 {
		t.Error("the right and the wrong program are not built together")
	}
	if v, err := g.Grade(t.Context(), right); err != nil || !v.Passed {
		t.Errorf("right: %s, %v: %s", v.Class, err, messages(v))
	}
	if v, err := g.Grade(t.Context(), wrong); err != nil || v.Class != verdict.Race {
		t.Errorf("race: %s, %v: %s", v.Class, err, messages(v))
	}
}
