package similar

import (
	"fmt"
	"go/format"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"
)

// solutions are the course's own answers to an exercise, which different people could have found: the
// reference and the alternatives, and the starter.
func solutions(t *testing.T, exercise string) (sources []Source, starter []byte) {
	t.Helper()
	root := filepath.Join("..", "..", "..", "..")
	read := func(parts ...string) []byte {
		text, err := os.ReadFile(filepath.Join(append([]string{root}, parts...)...))
		if err != nil {
			t.Fatal(err)
		}
		return text
	}
	name := filepath.Base(exercise)
	sources = append(sources, Source{"reference", read("solutions", exercise, name+".go")})
	for _, f := range txtar.Parse(read("solutions", exercise, "alt.txtar")).Files {
		sources = append(sources, Source{f.Name, f.Data})
	}
	return sources, read("exercises", exercise, name+".go")
}

var names = regexp.MustCompile(`\b[a-z][A-Za-z]*\b`)

// disguised is a copy of a program with other names, other texts, other blanks, comments, and its functions
// in another order.
func disguised(t *testing.T, text []byte) []byte {
	t.Helper()
	keep := map[string]bool{}
	for _, word := range strings.Fields("package import func type struct interface map chan var const return if else for range go defer select switch case default break continue sync atomic errors fmt strings true false nil") {
		keep[word] = true
	}
	parts := strings.Split(string(text), "\nfunc ")
	out := parts[0]
	for i := len(parts) - 1; i > 0; i-- {
		out += "\n\n// What follows is all my own work.\nfunc " + names.ReplaceAllStringFunc(parts[i], func(name string) string {
			if keep[name] {
				return name
			}
			return "my" + name
		})
	}
	done, err := format.Source([]byte(strings.ReplaceAll(out, "\t", "  ")))
	if err != nil {
		t.Fatal(err)
	}
	return done
}

// TestCopies: a disguised copy comes first, far above programs that answer the same question.
func TestCopies(t *testing.T) {
	for _, exercise := range []string{"atomicity/tokens", "once/lazy", "races/account", "cpus-and-parallelism/parfor", "memory-synchronization/barrier", "gomaxprocs/limiter"} {
		t.Run(exercise, func(t *testing.T) {
			sources, starter := solutions(t, exercise)
			if len(sources) < 3 {
				t.Fatalf("%d solutions", len(sources))
			}
			honest := 0.0
			for _, p := range Compare(sources, starter) {
				honest = max(honest, p.Score)
			}
			for i, s := range sources {
				all := append([]Source{{"copy", disguised(t, s.Text)}}, sources...)
				pairs := Compare(all, starter)
				if len(pairs) == 0 || pairs[0].A != "copy" || pairs[0].B != s.Name || pairs[0].Score < 0.6 || pairs[0].Score < honest+0.1 {
					t.Errorf("a copy of %d, %s, is not found; honest programs have %.2f at most: %.300s", i, s.Name, honest, fmt.Sprintf("%+v", pairs))
				}
			}
		})
	}
}

// TestStarter: what the course gave is not what anybody copied.
func TestStarter(t *testing.T) {
	_, starter := solutions(t, "atomicity/counter")
	if pairs := Compare([]Source{{"a", starter}, {"b", starter}, {"c", append([]byte("// mine\n"), starter...)}}, starter); len(pairs) > 0 {
		t.Errorf("starters are a pair: %+v", pairs)
	}
	if pairs := Compare([]Source{{"a", starter}, {"b", starter}}, nil); len(pairs) != 1 || pairs[0].Score != 1 {
		t.Errorf("without a starter to subtract: %+v", pairs)
	}
}

// TestCommon: what everybody writes is not what anybody copied.
func TestCommon(t *testing.T) {
	sources, starter := solutions(t, "atomicity/tokens")
	var many []Source
	for i := range Common + 1 {
		many = append(many, Source{fmt.Sprint(i), sources[0].Text})
	}
	if pairs := Compare(many[:Common], starter); len(pairs) != Common*(Common-1)/2 {
		t.Errorf("%d pairs of %d equal programs", len(pairs), Common)
	}
	if pairs := Compare(many, starter); len(pairs) != 0 {
		t.Errorf("%d pairs of what %d wrote", len(pairs), len(many))
	}
}

// TestLines: the passages are where they are said to be.
func TestLines(t *testing.T) {
	const passage = "func f(a, b int) int {\n\tfor i := range a {\n\t\tif i > b {\n\t\t\treturn i + b\n\t\t}\n\t}\n\treturn a * b\n}\n"
	a := "package p\n\n" + passage + "\nvar x = 1\n"
	b := "package p\n\ntype T struct{}\n\ntype U interface{ M() }\n\n" + passage
	pairs := Compare([]Source{{"a", []byte(a)}, {"b", []byte(b)}}, nil)
	if len(pairs) != 1 || len(pairs[0].Matches) != 1 {
		t.Fatalf("%+v", pairs)
	}
	if m := pairs[0].Matches[0]; m.A.To-m.A.From < 7 || m.A.From > 3 || m.A.To < 10 || m.B.From > 7 || m.B.To < 14 {
		t.Errorf("lines %+v", m)
	}
}

func FuzzCompare(f *testing.F) {
	f.Add([]byte("package p\nfunc f() { go g() }\n"), []byte("\x00`"))
	f.Fuzz(func(t *testing.T, a, b []byte) {
		for _, p := range Compare([]Source{{"a", a}, {"b", b}, {"c", a}}, b) {
			if p.Score < 0 || p.Score > 1 || p.CoverA > 1 || p.CoverB > 1 {
				t.Errorf("%+v", p)
			}
		}
	})
}
