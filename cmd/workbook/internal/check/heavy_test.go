package check

import (
	"io/fs"
	"os"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"
)

// double writes a line n times, with the number of each line for % and of the one before it for #.
func double(n int, line string) string {
	var b strings.Builder
	for i := 1; i <= n; i++ {
		b.WriteString(strings.NewReplacer("%", strconv.Itoa(i), "#", strconv.Itoa(i-1)).Replace(line) + "\n")
	}
	return b.String()
}

const pair = "type P[A, B any] struct { a A; b B }\n"

// doubling are programs that double n times.
var doubling = map[string]func(n int) string{
	"structs": func(n int) string {
		return "type A0 struct{ a int }\n" + double(n, "type A% struct{ a, b A# }\ntype B% struct{ b A%; c A% }")
	},
	"arguments": func(n int) string { return pair + "type A0 = P[int, int]\n" + double(n, "type A% = P[A#, A#]") },
	"the library's": func(n int) string {
		return "import \"iter\"\ntype A0 = iter.Seq2[int, int]\n" + double(n, "type A% = iter.Seq2[A#, A#]")
	},
	"embedded": func(n int) string {
		return "type A0 struct{ x int }\n" + double(n, "type B% struct{ A# }\ntype C% struct{ A# }\ntype A% struct{ B%; C% }")
	},
	"unions": func(n int) string {
		return "type A0 interface{ ~int|~string }\n" + double(n, "type A% interface{ A#|A# }")
	},
	"constants":     func(n int) string { return "const S0 = \"x\"\n" + double(n, "const S% = S# + S#") },
	"in a function": func(n int) string { return "func f() {\nconst S0 = \"x\"\n" + double(n, "const S% = S# + S#") + "}\n" },
	"backwards": func(n int) string {
		return double(n, "type A# struct{ a, b A% }") + "type A" + strconv.Itoa(n) + " int\n"
	},
	"nested calls": func(n int) string {
		return pair + "func f[T any](x T) P[T, T] { panic(0) }\nvar _ = " + strings.Repeat("f(", n) + "1" + strings.Repeat(")", n) + "\n"
	},
	"calls in turn": func(n int) string {
		return pair + "func f[T any](x T) func() (T, T) { return nil }\nvar x0 = 1\n" + double(n, "var x% = f(x#)")
	},
	"methods": func(n int) string {
		return pair + "func (p P[T, U]) F() P[P[T, T], U] { panic(0) }\nvar _ = P[int, int]{}" + strings.Repeat(".F()", n) + "\n"
	},
	"generic alias": func(n int) string {
		return pair + "type Q[T any] = P[T, T]\nfunc f[T any](x T) Q[T] { panic(0) }\nvar _ = " + strings.Repeat("f(", n) + "1" + strings.Repeat(")", n) + "\n"
	},
	"types of types": func(n int) string {
		return pair + "type A0[T any] = P[T, T]\n" + double(n, "type A%[T any] = P[A#[T], A#[T]]")
	},
}

// TestHeavy: what doubles often is heavy, what doubles a little is not, and neither is what refers to itself.
func TestHeavy(t *testing.T) {
	heavy := func(src string) bool { return Heavy(map[string][]byte{"x.go": []byte("package x\n" + src)}) }
	for name, program := range doubling {
		if heavy(program(3)) || !heavy(program(24)) {
			t.Errorf("%s: doubled 3 and 24 times: %v, %v; want false, true", name, heavy(program(3)), heavy(program(24)))
		}
	}
	for name, src := range map[string]string{
		"a list":       "type node[T any] struct { next, before *node[T]; value T }\nfunc (n *node[T]) Next() *node[T] { return n.next }\nfunc f(n *node[int]) { _ = n" + strings.Repeat(".Next()", 50) + " }\n",
		"each other":   "type a struct { b *b; c *c }\ntype b struct { a *a; c *c }\ntype c struct { a *a; b *b }\n",
		"pairs":        pair + "func f[T, U any](x T, y U) P[T, U] { panic(0) }\nvar _, _, _ = f(1, 2), f(3, 4), f(f(1, 2), f(3, 4))\n",
		"functions":    "func a() int { return 1 }\nfunc b() int { return a() + a() }\nfunc c() int { return b() + b() }\n" + strings.Repeat("var _ = c() + c()\n", 20),
		"maps":         "func keys[K comparable, V any](m map[K]V) []K { return nil }\nvar _ = " + strings.Repeat("len(keys(m)) + ", 50) + "0\nvar m map[int]int\n",
		"broken":       "type A struct{",
		"many numbers": "const (\nfirst = iota\n" + strings.Repeat("second\n", 100) + ")\n",
	} {
		if heavy(src) {
			t.Errorf("%s is heavy", name)
		}
	}
}

// TestCourseIsLight: no program of the course is heavy: grading it would take longer.
func TestCourseIsLight(t *testing.T) {
	root, n := os.DirFS("../../../.."), 0
	light := func(name string, src []byte) {
		if n++; Heavy(map[string][]byte{name: src}) {
			t.Errorf("%s is heavy", name)
		}
	}
	for _, dir := range []string{"solutions", "exercises"} {
		err := fs.WalkDir(root, dir, func(name string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			data, err := fs.ReadFile(root, name)
			if strings.HasSuffix(name, ".txtar") {
				for _, f := range txtar.Parse(data).Files {
					light(name+": "+f.Name, f.Data)
				}
			} else if strings.HasSuffix(name, ".go") {
				light(name, data)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if n < 100 {
		t.Errorf("the course has %d programs", n)
	}
}

func BenchmarkHeavy(b *testing.B) {
	src, err := os.ReadFile("../../../../solutions/atomicity/counter/counter.go")
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		Heavy(map[string][]byte{"x.go": src})
	}
}
