package schedule

import (
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const submission = `package counter

import "sync"

// Counter may be locked by its user.
type Counter struct {
	sync.Mutex
	Done *sync.WaitGroup
	N    int
}

var Step = 1

var Made []*Counter

func init() { Made = append(Made, New()) }

func New() *Counter { return &Counter{Done: new(sync.WaitGroup)} }

func (c *Counter) Add() { c.N += Step }

func Guard(l sync.Locker, mu *sync.Mutex, f func()) { l.Lock(); defer l.Unlock(); f() }

func Each(cs []*Counter, f func(*Counter)) func(*sync.Once) {
	return func(o *sync.Once) { o.Do(func() { f(cs[0]) }) }
}
`

const hidden = `package counter_test

import (
	"sync"
	"testing"

	. "lab/counter"
)

var runs int

type wrapped struct {
	*Counter
	once sync.Once
}

func Scenario(t *testing.T) {
	if runs++; runs != 1 || Step != 1 || len(Made) != 1 {
		t.Fatalf("package state is left over: %d runs, step %d, %d made", runs, Step, len(Made))
	}
	w := wrapped{Counter: New()}
	Made = append(Made, w.Counter)
	var mu sync.Mutex
	Step = 2
	for range 2 {
		w.Done.Add(1)
		go func() {
			defer w.Done.Done()
			w.Lock()
			w.Add()
			w.Unlock()
			Guard(w, &mu, w.Add)
		}()
	}
	w.Done.Wait()
	Each(Made, func(c *Counter) { c.N++ })(&w.once)
	if w.N != 8 || Made[0].N != 1 {
		t.Errorf("N is %d and %d", w.N, Made[0].N)
	}
}
`

const externalMain = `
func TestCounter(t *testing.T) {
	if os.Getenv("WORKBOOK_SCHEDULE") == "" {
		Scenario(t)
		return
	}
	r := sched.Run(t, "counter", sched.Job{Mode: sched.Explore, Seed: 1, Millis: 20000}, Scenario)
	if r.Found || r.Exhausted < 2 || r.Nondet > 0 {
		t.Errorf("found %t %s %q, exhausted %d, %d not as planned, cannot %q, stopped %q\n%s", r.Found, r.Class, r.Message, r.Exhausted, r.Nondet, r.Cannot, r.Stopped, r.Failures)
	}
}
`

// TestExternalTest rewrites a package and its external test package one after the other: types of package
// sync in the API fit, and the state of both is fresh in every schedule.
func TestExternalTest(t *testing.T) {
	m := newModule(t)
	first := m.add(t, "counter", map[string][]byte{"counter.go": []byte(submission)}, nil)

	in, err := m.w.check("lab/counter_test", map[string][]byte{"counter_test.go": []byte(hidden)})
	if err != nil {
		t.Fatal(err)
	}
	if out, err := Rewrite(in); err != nil || len(out.Refused) == 0 {
		t.Errorf("Rewrite took types of a package that is not rewritten: %v, %v", out.Refused, err)
	}
	in.Test, in.First = true, first
	in.Rewritten = func(path string) bool { return path == "lab/counter" }
	in.Shown = func(name string) string { return "shown/" + name }
	out, err := Rewrite(in)
	if err != nil || len(out.Refused) > 0 {
		t.Fatalf("Rewrite: %v, %v", err, out.Refused)
	}
	names := slices.Sorted(maps.Keys(out.Extra))
	if want := []string{"zz_wbreset_test.go", "zz_wbsites_test.go"}; !slices.Equal(names, want) {
		t.Errorf("generated %q, want %q", names, want)
	}
	if s := out.Sites[0]; s.File != "shown/counter_test.go" {
		t.Errorf("the first site is in %s", s.File)
	}
	for name, text := range out.Extra {
		m.write(t, "counter/"+name, text)
	}
	text := strings.Replace(string(out.Files["counter_test.go"]), "import (", "import (\n\t\"lab/sched\"\n\t\"os\"", 1)
	m.write(t, "counter/counter_test.go", fmt.Appendf(nil, "%s%s", text, externalMain))
	m.build(t, "test", "-race", "-vet=off", "-c", "-o", m.binary("counter.test"), "./counter")
	for _, env := range []string{"WORKBOOK_SCHEDULE=", exploring} {
		cmd := m.command(m.binary("counter.test"))
		cmd.Env = append(cmd.Env, env)
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Errorf("%q: %v\n%s", env, err, out)
		}
	}
}

const initialised = `package p

var table = map[string]func() int{
	"a": func() int { return hits },
	"b": func() int {
		hits++
		panic("b")
	},
}

var hits int
`

// TestLineDirective checks that the copy of an initialiser knows its lines.
func TestLineDirective(t *testing.T) {
	w := newWorld(t)
	w.runtime(t)
	in, err := w.check("lab/p", map[string][]byte{"p.go": []byte(initialised)})
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	in.Path = func(name string) string { return filepath.Join(dir, name) }
	out, err := Rewrite(in)
	if err != nil {
		t.Fatal(err)
	}
	if text := string(out.Files["p.go"]); !strings.Contains(text, "\n//line "+filepath.Join(dir, "p.go")+":3\nfunc wbAssign") {
		t.Errorf("no line directive in\n%s", text)
	}
}

// BenchmarkRewrite rewrites the largest of the programs that are also run; an exercise is much smaller.
func BenchmarkRewrite(b *testing.B) {
	w := newWorld(b)
	for _, pattern := range []string{"testdata/pairs/reusednode/*.go", "testdata/diff/sharing.go"} {
		b.Run(filepath.Base(filepath.Dir(pattern)), func(b *testing.B) {
			sources := sourceFiles(b, pattern)
			if strings.Contains(pattern, "pairs") {
				maps.Copy(sources, sourceFiles(b, "testdata/pairs/reusednode/right/*.go"))
			} else {
				maps.Copy(sources, sourceFiles(b, "testdata/diff/*.go"))
			}
			in, err := w.check("lab/"+filepath.Base(filepath.Dir(pattern)), sources)
			if err != nil {
				b.Fatal(err)
			}
			for b.Loop() {
				if out, err := Rewrite(in); err != nil || len(out.Sites) == 0 {
					b.Fatal(err)
				}
			}
		})
	}
}
