package grader

import (
	"encoding/json"
	"flag"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"
	"time"

	"workbook/cmd/workbook/internal/course"
	"workbook/cmd/workbook/internal/run"
	"workbook/cmd/workbook/internal/verdict"
)

// record keeps what the programs of testdata/lab leave behind, for the tests of verdict:
//
//	go test ./cmd/workbook/internal/grader -run TestLab -record ../verdict/testdata
var record = flag.String("record", "", "write the records of the lab's programs to `folder`")

// lab is an exercise of its own, with the course's test kit.
func lab(t testing.TB) *course.Exercise {
	t.Helper()
	read := func(name string) []byte {
		data, err := os.ReadFile(filepath.Join("testdata/lab", name))
		if err != nil {
			t.Fatal(err)
		}
		return data
	}
	return &course.Exercise{
		Name: "lab", Lesson: "first", Dir: "exercises/first/lab", File: "exercises/first/lab/lab.go",
		TestFile: "solutions/first/lab/lab_test.go", Solution: read("right.go.txt"), Tests: read("hidden_test.go.txt"),
		Names: []string{"TestStressCount", "TestBoth", "TestStop"}, Imports: labImports,
	}
}

// labImports let the lab's programs do what policy keeps from learners' programs, so that the rest of
// the grader has to deal with it.
var labImports = course.Imports{Line: 1, Any: true, Paths: []string{"os", "syscall", "testing", "runtime"}}

// labGrader grades with short limits.
func labGrader(t testing.TB) *Grader {
	t.Helper()
	g, err := New(Config{
		Course: &course.Course{FS: os.DirFS("../../../..")}, Cache: t.TempDir(),
		Limits: run.Limits{Startup: 5 * time.Second, Deadline: 2500 * time.Millisecond, Settle: time.Second},
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := g.Warm(t.Context(), func(int, int) {}); err != nil {
		t.Fatal(err)
	}
	return g
}

// program is a submission with what its first lines say of it.
type program struct {
	name, want, says string
	at               string // the source line of the first finding's first place
	source           []byte
}

var expectation = regexp.MustCompile(`(?m)^// (want|says|at): (.*)$`)

func programs(t testing.TB) []program {
	t.Helper()
	files, err := fs.Glob(os.DirFS("testdata/lab"), "*.go.txt")
	if err != nil || len(files) < 40 {
		t.Fatalf("the lab has %d programs (%v)", len(files), err)
	}
	var all []program
	for _, file := range files {
		name := strings.TrimSuffix(file, ".go.txt")
		if name == "hidden_test" {
			continue
		}
		data, err := os.ReadFile(filepath.Join("testdata/lab", file))
		if err != nil {
			t.Fatal(err)
		}
		p := program{name: name, source: data}
		for _, m := range expectation.FindAllSubmatch(data, -1) {
			*map[string]*string{"want": &p.want, "says": &p.says, "at": &p.at}[string(m[1])] = string(m[2])
		}
		all = append(all, p)
	}
	return all
}

func (p program) submission(ex *course.Exercise) Submission {
	return Submission{Exercise: ex, Files: map[string][]byte{ex.File: p.source}}
}

// TestLab grades right, wrong and hostile programs.
func TestLab(t *testing.T) {
	ex, g := lab(t), labGrader(t)
	for _, p := range programs(t) {
		t.Run(p.name, func(t *testing.T) {
			if p.name == "reexec" && runtime.GOOS == "windows" {
				t.Skip("a process cannot become another program here")
			}
			t.Parallel()
			s := p.submission(ex)
			v, err := g.Grade(t.Context(), s)
			if err != nil {
				t.Fatal(err)
			}
			if string(v.Class) != p.want || v.Passed != (p.want == "pass") {
				t.Errorf("class %s, passed %v, want %s", v.Class, v.Passed, p.want)
			}
			found, err := json.MarshalIndent(v, "", "  ")
			if err != nil {
				t.Fatal(err)
			}
			if !strings.Contains(messages(v), p.says) {
				t.Errorf("the messages do not say %q", p.says)
			}
			if early := g.Check(t.Context(), s); len(early) > 0 && p.want != "build" && p.want != "policy" {
				t.Errorf("Check says %v", early)
			}
			checkPlaces(t, ex, p, v)
			if t.Failed() {
				t.Logf("%s", found)
			}
			if *record != "" && len(v.Tests) > 0 {
				writeRecords(t, g, s)
			}
		})
	}
}

func messages(v verdict.Verdict) string {
	var all []string
	for _, f := range v.Findings {
		all = append(all, f.Message)
	}
	return strings.Join(all, "\n")
}

// checkPlaces makes sure that places are lines of the learner's file and that no text of the hidden
// tests and no path of the grader's is told.
func checkPlaces(t *testing.T, ex *course.Exercise, p program, v verdict.Verdict) {
	t.Helper()
	lines := strings.Count(string(p.source), "\n") + 1
	if p.at != "" && (len(v.Findings) == 0 || len(v.Findings[0].At) == 0 || v.Findings[0].At[0].Source != p.at) {
		t.Errorf("the first place is not the line %q", p.at)
	}
	for _, f := range v.Findings {
		if f.Class == verdict.Fault {
			t.Errorf("beside what the submission did wrong, the verdict speaks of a fault of ours: %s", f.Message)
		}
		if f.Class == verdict.Build && len(f.At) == 0 {
			t.Errorf("no place is told of %q", f.Message)
		}
		for _, at := range f.At {
			if at.File != ex.File || at.Line < 1 || at.Line > lines {
				t.Errorf("a finding is at %s:%d, which is no line of the submission", at.File, at.Line)
			}
		}
	}
	text := messages(v)
	for _, hidden := range []string{"lab_test.go", "hiddenTest", "harness", os.TempDir(), "zz_workbook", "lab.Both(meet"} {
		if strings.Contains(text, hidden) {
			t.Errorf("the messages tell %q:\n%s", hidden, text)
		}
	}
}

// writeRecords keeps the records of a submission.
func writeRecords(t *testing.T, g *Grader, s Submission) {
	t.Helper()
	bin, _, err := g.compile(t.Context(), s)
	if err != nil || bin == nil {
		t.Fatal(bin, err)
	}
	records, err := g.plan(s, bin, nil).Run(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	data, err := json.MarshalIndent(verdict.Input{Exercise: "lab", Lesson: "first", Tests: s.Exercise.Names, Records: records}, "", "\t")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(*record, filepath.Base(t.Name())+".json"), append(data, '\n'), 0o666); err != nil {
		t.Fatal(err)
	}
}
