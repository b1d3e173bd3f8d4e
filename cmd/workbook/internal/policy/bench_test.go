package policy

import (
	"fmt"
	"go/token"
	"sort"
	"strings"
	"testing"

	"workbook/cmd/workbook/internal/course"
)

// BenchmarkCheck checks programs of usual size, and some as large as are taken.
func BenchmarkCheck(b *testing.B) {
	for _, kib := range []int{2, 20} {
		b.Run(fmt.Sprintf("%dKiB", kib), func(b *testing.B) {
			src := ordinary(kib << 10)
			if found := Check(counter, map[string][]byte{counter.File: src}); len(found) > 0 {
				b.Fatal(found)
			}
			benchmarkCheck(b, counter, src)
		})
	}
}

func benchmarkCheck(b *testing.B, ex *course.Exercise, src []byte) {
	files := map[string][]byte{ex.File: src}
	for b.Loop() {
		Check(ex, files)
	}
}

func ordinary(size int) []byte {
	var src strings.Builder
	src.WriteString("package counter\n\nimport (\n\t\"runtime\"\n\t\"sync\"\n)\n\nvar mu sync.Mutex\n")
	for i := 0; src.Len() < size-200; i++ {
		fmt.Fprintf(&src, "\n// f%[1]d counts.\nfunc f%[1]d(n []int) (sum int) {\n\tfor i := range n {\n\t\tmu.Lock()\n\t\tsum += n[i] * %[1]d\n\t\tmu.Unlock()\n\t\truntime.Gosched()\n\t}\n\treturn sum\n}\n", i)
	}
	return []byte(src.String())
}

// shape is a program of one thing, over and over.
type shape struct{ name, head, part, middle, closing, tail string }

var shapes = []shape{
	{"comments", "", "//\n", "", "", ""},
	{"block comments", "", "/**/", "", "", ""},
	{"directives", "", "//go:x\n", "", "", ""},
	{"constraints", "", "//+build x\n", "", "", ""},
	{"imports", "", "import\"a\";", "", "", ""},
	{"refused imports", "", "import _\"os\";", "", "", ""},
	{"selectors", "var _=0", "+runtime.NumCPU", "", "", ""},
	{"short selectors", "var _=0", "+r.GC", "", "", ""},
	{"sum", "var _=0", "+a", "", "", ""},
	{"list", "var _=[]int{", "1,", "}", "", ""},
	{"names", "var _=[]int{", "a,", "}", "", ""},
	{"parentheses", "var _=", "(", "0", ")", ""},
	{"calls", "var _=", "a(", "0", ")", ""},
	{"index", "var _=", "a[", "0", "]", ""},
	{"unary", "var _=", "*", "a", "", ""},
	{"receive", "var _=", "<-", "a", "", ""},
	{"slices", "type a ", "[]", "a", "", ""},
	{"channels", "type a ", "chan ", "a", "", ""},
	{"structs", "type a ", "struct{a ", "a", "}", ""},
	{"blocks", "func f(){", "{", "", "}", "}"},
	{"literals", "var _=", "func(){", "", "}()", ""},
	{"composite", "var _=a", "{", "", "}", ""},
	{"else", "func f(){", "if a{}else ", "{}", "", "}"},
	{"labels", "func f(){", "a:", "", "", "}"},
	{"semicolons", "func f(){", ";", "", "", "}"},
	{"empty lines", "", "\n", "", "", ""},
	{"assignments", "func f(){", "a=a;", "", "", "}"},
	{"declarations", "func f(){", "a:=a;", "", "", "}"},
	{"foreign", "func f(){", "r.A=0;", "", "", "}"},
	{"indirections", "func f(){", "r.b.", "c=0", "", "}"},
	{"chain", "var _=a", ".a", "", "", ""},
	{"globals", "", "var a a;", "", "", ""},
	{"functions", "", "func a(){};", "", "", ""},
	{"bodyless", "", "func a();", "", "", ""},
	{"predeclared", "", "type int a;", "", "", ""},
	{"reserved", "var _=0", "+workbook", "", "", ""},
	{"long name", "var ", "a", " int", "", ""},
	{"wide name", "var ", "ä", " int", "", ""},
	{"candidates", "//", "\u202f", "\n", "", ""},
	{"arabic", "//", "\u0627", "\n", "", ""},
	{"string", "var _=\"", "a", "\"", "", ""},
	{"escapes", "var _=\"", "\\n", "\"", "", ""},
	{"raw", "var _=`", "\r", "`", "", ""},
	{"number", "var _=", "1", "", "", ""},
	{"floats", "var _=0", "+.1", "", "", ""},
	{"parameters", "func f(", "a,", "a int", "", "){}"},
	{"type parameters", "func f[", "a,", "a any", "", "](){}"},
	{"early calls", "func f(){f()}\nfunc init(){", "f();", "", "", "}"},
	{"early chain", "func init(){f()}\n", "func f(){f()}\n", "", "", ""},
	{"cases", "func f(){switch{", "case a:", "", "", "}}"},
	{"broken", "", "}", "", "", ""},
	{"no UTF-8", "//", "\xff", "", "", ""},
	{"no UTF-8 at the end", "", "//\n", "\xff", "", ""},
}

// program is the shape with n parts.
func (s shape) program(n int) []byte {
	return []byte("package counter\nimport \"runtime\"\nimport r \"io\"\n" + s.head + strings.Repeat(s.part, n) + s.middle + strings.Repeat(s.closing, n) + s.tail)
}

// largest is the largest program of the shape that no bound stops.
func (s shape) largest() []byte {
	n := sort.Search(MaxBytes, func(n int) bool {
		src := source{name: counter.File, ex: counter, text: s.program(n), fset: token.NewFileSet()}
		return len(size(src))+len(length(src)) > 0
	})
	return s.program(n - 1)
}

// BenchmarkHostile checks, of each shape, the largest program that is taken, with every rule awake.
func BenchmarkHostile(b *testing.B) {
	ex := *counter
	ex.Lazy = 7
	ex.Imports = course.Imports{Line: 7, Any: true, Without: map[string][]string{"sync": {"Once"}}}
	for _, s := range shapes {
		b.Run(strings.ReplaceAll(s.name, " ", "-"), func(b *testing.B) { benchmarkCheck(b, &ex, s.largest()) })
	}
}
