package grader

import (
	"bytes"
	"encoding/json"
	"maps"
	"os"
	"path"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"golang.org/x/tools/txtar"

	"workbook/cmd/workbook/internal/box"
	"workbook/cmd/workbook/internal/course"
	"workbook/cmd/workbook/internal/policy"
	"workbook/cmd/workbook/internal/run"
	"workbook/cmd/workbook/internal/verdict"
)

// attack is a submission that is out to pass, or to do harm, and what must become of it.
type attack struct {
	name, want, says string
	free             bool // no schedules are explored
	boxed            bool // it would do harm without a sandbox
	files            map[string][]byte
}

var (
	attackForm  = regexp.MustCompile(`(?m)^([0-9]{2}-[a-z0-9-]+): ([a-z]+)(, free)?(, boxed)?: (.*)$`)
	attackStubs = strings.NewReplacer("// WRONG\n", stub("", "-1"), "// RACY\n", stub("c.n++", "c.n"))
	doubling    = regexp.MustCompile(`(?m)^// DOUBLE ([0-9]+): (.*)$`)
)

// stub is a Counter.
func stub(inc, value string) string {
	return "type Counter struct{ n int }\n\nfunc New() *Counter { return &Counter{} }\n\nfunc (c *Counter) Inc() { " + inc + " }\n\nfunc (c *Counter) Value() int { return " + value + " }\n"
}

// doubled writes out a line that stands for many, each of which names itself as % and the one before as #.
func doubled(text string) string {
	return doubling.ReplaceAllStringFunc(text, func(line string) string {
		m := doubling.FindStringSubmatch(line)
		n, _ := strconv.Atoi(m[1])
		var b strings.Builder
		for i := range n {
			b.WriteString(strings.NewReplacer("#", strconv.Itoa(i), "%", strconv.Itoa(i+1)).Replace(m[2]) + "\n")
		}
		return b.String()
	})
}

// attacks reads the programs of an archive in testdata.
func attacks(t *testing.T, ex *course.Exercise, name string) []attack {
	t.Helper()
	archive, err := txtar.ParseFile("testdata/" + name)
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
		files[dir][path.Join(ex.Dir, base)] = []byte(doubled(attackStubs.Replace(string(f.Data))))
	}
	var all []attack
	for _, m := range attackForm.FindAllSubmatch(archive.Comment, -1) {
		a := attack{string(m[1]), string(m[2]), string(m[5]), len(m[3]) > 0, len(m[4]) > 0, files[string(m[1])]}
		if a.files == nil {
			t.Errorf("%s has no files", a.name)
		}
		all = append(all, a)
		delete(files, a.name)
	}
	if len(files) > 0 {
		t.Fatalf("%v have no expectation", slices.Collect(maps.Keys(files)))
	}
	return all
}

// fortress is the exercise that the attacks are against, with a grader for each tier that is to be had.
// They share a cache: what one has built the next only runs.
type fortress struct {
	ex      *course.Exercise
	graders map[box.Tier]*Grader
	strict  map[box.Tier]*Grader // that give a program bombTime to be compiled
	lack    map[box.Tier]string  // why others are not to be had
}

func newFortress(t *testing.T) *fortress {
	t.Helper()
	c, err := course.Load(os.DirFS("testdata/attacks"))
	if err != nil {
		t.Fatal(err)
	}
	f := &fortress{c.Exercise("counter"), map[box.Tier]*Grader{}, map[box.Tier]*Grader{}, map[box.Tier]string{}}
	report := box.Probe(t.Context(), nil)
	cache := t.TempDir()
	for tier := box.Open; tier <= box.Apart; tier++ {
		if tier > report.Own {
			f.lack[tier] = report.Line()
			continue
		}
		f.graders[tier] = f.grader(t, Config{Course: c, Cache: cache, Box: box.Report{Tier: tier, Own: tier}})
		f.strict[tier] = f.grader(t, Config{Course: c, Cache: cache, Box: box.Report{Tier: tier, Own: tier}, Wall: bombTime})
	}
	return f
}

func (f *fortress) grader(t *testing.T, c Config) *Grader {
	t.Helper()
	c.Limits = run.Limits{Startup: 5 * time.Second, Deadline: 2500 * time.Millisecond, Settle: time.Second}
	g, err := New(c)
	if err != nil {
		t.Fatal(err)
	}
	if err := g.Warm(t.Context(), func(int, int) {}); err != nil {
		t.Fatal(err)
	}
	return g
}

// each calls test for every tier. One that the machine does not give is skipped with a word; where CI
// promises it, that fails.
func (f *fortress) each(t *testing.T, test func(t *testing.T, g *Grader, tier box.Tier)) {
	promised, _ := box.ParseTier(os.Getenv("WORKBOOK_REQUIRE_TIER"))
	for tier := box.Open; tier <= box.Apart; tier++ {
		t.Run(tier.String(), func(t *testing.T) {
			switch g := f.graders[tier]; {
			case g != nil:
				test(t, g, tier)
			case tier <= promised:
				t.Errorf("WORKBOOK_REQUIRE_TIER=%d, and the machine gives less: %s", promised, f.lack[tier])
			default:
				t.Skipf("NO ATTACK WAS TRIED IN %v: this machine gives less: %s", tier, f.lack[tier])
			}
		})
	}
}

// TestAttacks: in no tier does an attack pass, each is answered in words about what it does, and most are
// never built. The controls get what they deserve.
func TestAttacks(t *testing.T) {
	f := newFortress(t)
	known, own := attacks(t, f.ex, "attacks.txtar"), attacks(t, f.ex, "own.txtar")
	if len(known) < 57 || len(own) < 40 {
		t.Fatalf("%d attacks that are known, %d of our own", len(known), len(own))
	}
	built := 0
	for _, a := range known {
		if a.want != string(verdict.Policy) {
			built++
		}
	}
	if built > 9 {
		t.Errorf("%d of the known attacks get past the policy", built)
	}
	f.each(t, func(t *testing.T, g *Grader, tier box.Tier) {
		for _, a := range slices.Concat(known, own, controls(f.ex)) {
			g := g
			switch {
			case a.boxed && a.want == string(verdict.Build) && (tier > box.Open || runtime.GOOS == "linux"):
				// Builds have bounds without a box too.
				if !strings.Contains(a.says, "too much") {
					g = f.strict[tier]
				}
			case a.boxed && tier == box.Open:
				continue
			}
			t.Run(a.name, func(t *testing.T) { a.judge(t, g, f.ex) })
		}
	})
}

// controls are programs that attack nothing, right and wrong ones.
func controls(ex *course.Exercise) []attack {
	alone := func(source []byte) map[string][]byte { return map[string][]byte{ex.File: source} }
	// What is no part of most binaries is compiled by the go command, whose cache a box does not let it write.
	rare := bytes.Replace(ex.Solution, []byte(`import "sync"`), []byte("import (\n\t\"sync\"\n\t\"weak\"\n)\n\nvar _ weak.Pointer[int]"), 1)
	return []attack{
		{name: "00-good", want: "pass", files: alone(ex.Solution)},
		{name: "00-rare", want: "pass", files: alone(rare)},
		{name: "00-atomic", want: "pass", files: alone(ex.Alts[0].Source)},
		{name: "00-racy", want: "race", says: "data race", files: alone(ex.Wrongs[0].Source)},
	}
}

// bombTime is what a program gets to be compiled that is meant to keep the compiler busy.
const bombTime = 3 * time.Second

func (a attack) judge(t *testing.T, g *Grader, ex *course.Exercise) {
	found := policy.Check(ex, a.files)
	if refused := len(found) > 0; refused != (a.want == string(verdict.Policy)) {
		t.Fatalf("the policy says %+v, and the class must be %s", found, a.want)
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
	if v.Class == verdict.Policy && time.Since(start) > 20*time.Second {
		t.Errorf("refused only after %v", time.Since(start))
	}
}
