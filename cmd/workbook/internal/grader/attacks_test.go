package grader

import (
	"bytes"
	"encoding/json"
	"maps"
	"os"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/tools/txtar"

	"workbook/cmd/workbook/internal/course"
	"workbook/cmd/workbook/internal/policy"
	"workbook/cmd/workbook/internal/run"
	"workbook/cmd/workbook/internal/verdict"
)

// attack is a submission that is out to pass, or to do harm, and what must become of it.
type attack struct {
	name, want, says string
	free             bool // no schedules are explored
	files            map[string][]byte
}

// sandboxed is what stands in the place of the class of an attack that may not be run without limits.
const sandboxed = "sandbox"

var (
	attackForm  = regexp.MustCompile(`(?m)^([0-9]{2}-[a-z0-9-]+): ([a-z]+)(, free)?: (.*)$`)
	attackStubs = strings.NewReplacer("// WRONG\n", stub("", "-1"), "// RACY\n", stub("c.n++", "c.n"))
)

// stub is a Counter.
func stub(inc, value string) string {
	return "type Counter struct{ n int }\n\nfunc New() *Counter { return &Counter{} }\n\nfunc (c *Counter) Inc() { " + inc + " }\n\nfunc (c *Counter) Value() int { return " + value + " }\n"
}

// attacks reads testdata/attacks.txtar.
func attacks(t *testing.T, ex *course.Exercise) []attack {
	t.Helper()
	archive, err := txtar.ParseFile("testdata/attacks.txtar")
	if err != nil {
		t.Fatal(err)
	}
	files := map[string]map[string][]byte{}
	for _, f := range archive.Files {
		dir, base := path.Split(f.Name)
		dir = strings.TrimSuffix(dir, "/")
		if files[dir] == nil {
			files[dir] = map[string][]byte{}
		}
		files[dir][path.Join(ex.Dir, base)] = []byte(attackStubs.Replace(string(f.Data)))
	}
	var all []attack
	for _, m := range attackForm.FindAllSubmatch(archive.Comment, -1) {
		a := attack{string(m[1]), string(m[2]), string(m[4]), len(m[3]) > 0, files[string(m[1])]}
		if a.files == nil {
			t.Errorf("%s has no files", a.name)
		}
		all = append(all, a)
		delete(files, a.name)
	}
	if len(all) < 57 || len(files) > 0 {
		t.Fatalf("%d attacks have an expectation, %v have none", len(all), slices.Collect(maps.Keys(files)))
	}
	return all
}

// attacked is the exercise that the attacks are against, and a grader for it.
func attacked(t *testing.T) (*course.Exercise, *Grader) {
	t.Helper()
	c, err := course.Load(os.DirFS("testdata/attacks"))
	if err != nil {
		t.Fatal(err)
	}
	g, err := New(Config{Course: c, Cache: t.TempDir(), Limits: run.Limits{Startup: 5 * time.Second, Deadline: 2500 * time.Millisecond, Settle: time.Second}})
	if err != nil {
		t.Fatal(err)
	}
	if err := g.Warm(t.Context(), func(int, int) {}); err != nil {
		t.Fatal(err)
	}
	return c.Exercise("counter"), g
}

// TestAttacks: without a sandbox no attack passes, each is answered in words about what it does, and
// most are never built. The controls get what they deserve.
func TestAttacks(t *testing.T) {
	ex, g := attacked(t)
	built := 0
	for _, a := range append(attacks(t, ex), controls(ex)...) {
		if a.want != string(verdict.Policy) {
			built++
		}
		t.Run(a.name, func(t *testing.T) { a.judge(t, g, ex) })
	}
	if built > 12 {
		t.Errorf("%d attacks get past the policy", built)
	}
}

// controls are programs that attack nothing, right and wrong ones.
func controls(ex *course.Exercise) []attack {
	alone := func(source []byte) map[string][]byte { return map[string][]byte{ex.File: source} }
	return []attack{
		{"00-good", "pass", "", false, alone(ex.Solution)},
		{"00-atomic", "pass", "", false, alone(ex.Alts[0].Source)},
		{"00-racy", "race", "data race", false, alone(ex.Wrongs[0].Source)},
	}
}

func (a attack) judge(t *testing.T, g *Grader, ex *course.Exercise) {
	found := policy.Check(ex, a.files)
	if refused := len(found) > 0; refused != (a.want == string(verdict.Policy)) {
		t.Fatalf("the policy says %+v, and the class must be %s", found, a.want)
	}
	if a.want == sandboxed {
		t.Skipf("needs a sandbox, so it is not run here: %s", a.says)
	}
	trial := *g
	trial.c.NoSchedules = a.free
	start := time.Now()
	v, err := trial.Grade(t.Context(), Submission{ex, a.files})
	if err != nil {
		t.Fatal(err)
	}
	text, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	if string(v.Class) != a.want || v.Passed != (a.want == "pass") || !strings.Contains(messages(v), a.says) {
		t.Errorf("class %s, passed %v, want %s and the text %q\n%s", v.Class, v.Passed, a.want, a.says, text)
	}
	if bytes.Contains(text, []byte("hiddenTest")) || bytes.Contains(text, []byte(os.TempDir())) {
		t.Errorf("the verdict tells of the grader's own:\n%s", text)
	}
	if v.Class == verdict.Policy && time.Since(start) > time.Second {
		t.Errorf("refused only after %v", time.Since(start))
	}
}
