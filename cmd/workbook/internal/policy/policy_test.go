package policy

import (
	"strconv"
	"strings"
	"testing"

	"workbook/cmd/workbook/internal/course"
	"workbook/cmd/workbook/internal/verdict"
)

var counter = &course.Exercise{Name: "counter", Lesson: "atomicity", Dir: "exercises/atomicity/counter", File: "exercises/atomicity/counter/counter.go"}

// row is a program with what must be said about it.
type row struct {
	name, source string
	says         string // "" where nothing is wrong
	line         int
}

var textRows = []row{
	{"plain", "package counter\n\nimport \"sync\"\n\nvar mu sync.Mutex\n", "", 0},
	{"wide characters", "package counter\n\n// Zähler 计数器\n", "", 0},
	{"byte order mark", "\ufeffpackage counter\n", "", 0},
	{"carriage returns", "package counter\r\n\r\n// x\r\n", "", 0},
	{"syntax is the compiler's", "package counter\n\nfunc {\n", "", 0},
	{"empty is the compiler's", "", "", 0},
	{"size", "package counter\n" + strings.Repeat("//\n", 30000), "has more than 64 KiB", 0},
	{"binary", "package counter\n\n\x7fELF\x00\x00", "not UTF-8 text", 3},
	{"latin 1", "package counter\n// Z\xe4hler\n", "not UTF-8 text", 2},
	{"as many words as are taken", "package counter\n" + strings.Repeat("/**/", maxTokens-3), "", 0},
	{"too many words", "package counter\n" + strings.Repeat("//\n", maxTokens-3) + "/**//**/", "goes on after 8000 words and signs", maxTokens - 1},
	{"too many lines", "package counter\n" + strings.Repeat("\n", maxTokens), "has 8001 lines, and at most 8000 are taken", 0},
	{"as many brackets as are taken", "package counter\n\nvar x = " + strings.Repeat("([{", 33) + "(\n", "", 0},
	{"too many brackets", "package counter\n\nvar x =\n" + strings.Repeat("([{", 33) + "((", "more than 100 brackets are open here", 4},
	{"closed brackets do not count", "package counter\n\nvar x = a" + strings.Repeat("(0)[0]", 200) + "\n", "", 0},
	{"brackets that close nothing do not count", "package counter\n)))\n" + strings.Repeat("(", 101), "more than 100 brackets", 3},
	{"turned around", "package counter\n\nvar x = 1 /* \u202e } if admin { \u2066 */\n", "U+202E turns the direction", 3},
	{"turned in a string", "package counter\n\nvar x = \"\u2067\"\n", "U+2067 turns the direction", 3},
	{"other package", "// a\n\npackage other\n", "the package is called other", 3},
	{"test package", "package counter_test\n", "the package is called counter_test", 1},
}

var importRows = []row{
	{"cgo", "package counter\n\nimport \"sync\"\nimport \"C\"\n", `import "C" is not allowed: the race detector sees no C`, 4},
	{"unsafe by another name", "package counter\n\nimport p \"unsafe\"\n", `import "unsafe" is not allowed`, 3},
	{"blank unsafe", "package counter\n\nimport _ \"unsafe\"\n", `import "unsafe" is not allowed`, 3},
	{"raw string", "package counter\n\nimport `os/exec`\n", `import "os/exec" is not allowed`, 3},
	{"escapes", "package counter\n\nimport \"\\x6fs\"\n", `import "os" is not allowed`, 3},
	{"reflect", "package counter\n\nimport \"reflect\"\n", `import "reflect" is not allowed: by reflection`, 3},
	{"net/http", "package counter\n\nimport (\n\t\"net/http\"\n)\n", `import "net/http" is not allowed: the tests run without a network`, 4},
	{"flag", "package counter\n\nimport \"flag\"\n", `import "flag" is not allowed`, 3},
	{"testing", "package counter\n\nimport \"testing/synctest\"\n", `import "testing/synctest" is not allowed`, 3},
	{"solution", "package counter\n\nimport \"workbook/solutions/atomicity/counter\"\n", "a solution stands on its own", 3},
	{"harness", "package counter\n\nimport \"workbook/harness\"\n", "a solution stands on its own", 3},
	{"module", "package counter\n\nimport \"golang.org/x/sync/errgroup\"\n", "not among the packages that exercises are solved with", 3},
	{"dot", "package counter\n\nimport . \"sync\"\n", `the dot import of "sync" is not allowed`, 3},
	{"blank", "package counter\n\nimport _ \"sync\"\n", `the blank import of "sync" is not allowed`, 3},
}

var directiveRows = []row{
	{"norace", "package counter\n\n//go:norace\nfunc F() {}\n", "the directive //go:norace is not allowed: it hides", 3},
	{"norace inside", "package counter\n\nfunc F() {\n\t//go:nosplit\n}\n", "the directive //go:nosplit is not allowed", 4},
	{"linkname", "package counter\n\n//go:linkname f testing.(*common).Fail\nfunc f() {}\n", "the directive //go:linkname f testing.(*common).Fail is not allowed", 3},
	{"build constraint", "//go:build race\n\npackage counter\n", "the directive //go:build race is not allowed", 1},
	{"old build constraint", "// +build race\n\npackage counter\n", "the directive // +build race is not allowed", 1},
	{"oddly spaced", "//  \t+build race\n\npackage counter\n", "+build race is not allowed", 1},
	{"cgo flags", "package counter\n\n//go:cgo_ldflag \"-Wl,-e,evil\"\n", "the directive //go:cgo_ldflag", 3},
	{"line", "package counter\n\n//line x.go:1000\nimport \"C\"\n", "the directive //line x.go:1000 is not allowed", 3},
	{"line in a block", "package counter\n\nvar x = /*line x.go:9*/ 1\n", "the directive /*line x.go:9*/ is not allowed", 3},
	{"line over lines", "package counter\n\n/*line x\n:9*/\n", "the directive /*line x is not allowed", 3},
	{"export", "package counter\n\n//export F\nfunc F() {}\n", "the directive //export F is not allowed", 3},
	{"a comment that is no directive", "package counter\n\n// go:norace is not allowed\n", "", 0},
	{"prose that begins like one", "package counter\n\n//line up the goroutines\n//export the result later\n//going to wait\n//extern code is no concern of ours\n// a +build\n", "", 0},
	{"a directive's text in a string", "package counter\n\nconst s = \"//go:norace\"\n\nconst t = `\n//go:build race\n//line x.go:1\n`\n", "", 0},
	{"a directive inside a comment", "package counter\n\n/*\n//go:norace\n//line x.go:1\n*/\n", "", 0},
	{"no body", "package counter\n\nfunc inc(p *int64)\n", "inc has no body", 3},
	{"method without a body", "package counter\n\ntype T int\n\nfunc (T) F() int\n", "F has no body", 5},
}

var runtimeRows = []row{
	{"race detector", "package counter\n\nimport \"runtime\"\n\nfunc F() { runtime.RaceDisable() }\n", "runtime.RaceDisable is not allowed: it tells the race detector", 5},
	{"another name", "package counter\n\nimport rt \"runtime\"\n\nvar f = rt.RaceDisable\n", "runtime.RaceDisable is not allowed", 5},
	{"in parentheses", "package counter\n\nimport \"runtime\"\n\nvar f = (runtime.Callers)\n", "runtime.Callers is not allowed: a function works the same", 5},
	{"shadowed later", "package counter\n\nimport \"runtime\"\n\nfunc F() {\n\truntime := runtime.Callers\n\t_ = runtime\n}\n", "runtime.Callers is not allowed", 6},
	{"processors", "package counter\n\nimport \"runtime\"\n\nfunc init() { runtime.GOMAXPROCS(1) }\n", "runtime.GOMAXPROCS is not allowed: it changes how many", 5},
	{"processors by value", "package counter\n\nimport \"runtime\"\n\nvar f = runtime.GOMAXPROCS\n", "runtime.GOMAXPROCS is not allowed", 5},
	{"processors by a variable", "package counter\n\nimport \"runtime\"\n\nfunc F(n int) { runtime.GOMAXPROCS(n) }\n", "runtime.GOMAXPROCS is not allowed", 5},
	{"stack limit", "package counter\n\nimport \"runtime/debug\"\n\nfunc F() { debug.SetMaxStack(1) }\n", "debug.SetMaxStack is not allowed: it changes or reveals", 5},
	{"stack", "package counter\n\nimport \"runtime/debug\"\n\nfunc F() string { return string(debug.Stack()) }\n", "debug.Stack is not allowed: what it prints is for people", 5},
	{"what is allowed", "package counter\n\nimport \"runtime\"\n\nfunc F() int {\n\truntime.Gosched()\n\tdefer runtime.Goexit()\n\treturn runtime.GOMAXPROCS(0) + runtime.NumCPU()\n}\n", "", 0},
	{"a variable called runtime", "package counter\n\nimport \"runtime\"\n\ntype clock struct{ Callers int }\n\nfunc F(runtime clock) int { runtime.Callers = 3; return runtime.Callers }\n\nvar _ = runtime.GOOS\n", "", 0},
}

var foreignRows = []row{
	{"assigned", "package counter\n\nimport \"io\"\n\nfunc init() { io.EOF = nil }\n", "assigning to io.EOF is not allowed: the variable belongs to package io", 5},
	{"among others", "package counter\n\nimport \"io\"\n\nfunc init() {\n\tvar x error\n\tx, (io.EOF) = nil, x\n}\n", "assigning to io.EOF", 7},
	{"element", "package counter\n\nimport \"unicode\"\n\nfunc init() { unicode.Scripts[\"x\"] = nil }\n", "assigning to unicode.Scripts", 5},
	{"behind a pointer", "package counter\n\nimport \"time\"\n\nfunc init() { *time.Local = *time.UTC }\n", "assigning to time.Local", 5},
	{"field", "package counter\n\nimport \"unicode\"\n\nfunc init() { unicode.Lu.R16[0].Lo++ }\n", "changing unicode.Lu", 5},
	{"range", "package counter\n\nimport t \"time\"\n\nfunc init() {\n\tfor _, t.Local = range []*t.Location{} {\n\t}\n}\n", "assigning to t.Local", 6},
	{"received", "package counter\n\nimport \"io\"\n\nfunc F(c chan error) {\n\tselect {\n\tcase io.EOF = <-c:\n\t}\n}\n", "assigning to io.EOF", 7},
	{"address", "package counter\n\nimport \"io\"\n\nvar p = &io.EOF\n", "taking the address of io.EOF", 5},
	{"what is allowed", "package counter\n\nimport (\n\t\"container/list\"\n\t\"io\"\n\t\"sync\"\n\t\"time\"\n)\n\nvar mu = &sync.Mutex{}\n\nfunc F(list struct{ n int }, at time.Time) error {\n\tlist.n = 3\n\tp := &list.n\n\t*p++\n\ttime := struct{ Local int }{}\n\ttime.Local = 4\n\treturn io.EOF\n}\n\nvar l = list.New()\n", "", 0},
}

var nameRows = []row{
	{"function", "package counter\n\nfunc recover() any { return nil }\n", "declaring recover for the whole package is not allowed", 3},
	{"type", "package counter\n\ntype (\n\tint struct{}\n)\n", "declaring int for the whole package", 4},
	{"constant", "package counter\n\nconst x, true = 1, false\n", "declaring true for the whole package", 3},
	{"import", "package counter\n\nimport len \"strings\"\n", "declaring len for the whole package", 3},
	{"what is allowed", "package counter\n\ntype T struct{ len, new int }\n\nfunc (T) copy() {}\n\nfunc max(a, b int) int { return a }\n\nfunc init() {}\n\nvar _ = 1\n\nfunc F(len int) (cap int) {\n\tnew, any := len, 2\n\treturn new + any\n}\n", "", 0},
	{"the grader's", "package counter\n\nfunc F() {\n\tworkbookharness := 1\n\t_ = workbookharness\n}\n", "the name workbookharness is not allowed", 4},
}

func TestCheck(t *testing.T) {
	for group, rows := range map[string][]row{"text": textRows, "imports": importRows, "directives": directiveRows, "runtime": runtimeRows, "foreign": foreignRows, "names": nameRows} {
		for _, tt := range rows {
			t.Run(group+"/"+tt.name, func(t *testing.T) { tt.checked(t, counter) })
		}
	}
}

// checked checks the program as a submission for an exercise.
func (tt row) checked(t *testing.T, ex *course.Exercise) {
	t.Helper()
	found := Check(ex, map[string][]byte{ex.File: []byte(tt.source)})
	if tt.says == "" {
		if len(found) > 0 {
			t.Errorf("Check = %+v, want nothing", found)
		}
		return
	}
	said := false
	for _, f := range found {
		if f.Class != verdict.Policy || f.Message == "" || f.Hint == "" || strings.Contains(f.Message, "\n") {
			t.Errorf("finding %+v", f)
		}
		line := 0
		if len(f.At) > 0 {
			line = f.At[0].Line
		}
		said = said || strings.Contains(f.Message, tt.says) && line == tt.line
	}
	if !said {
		t.Errorf("Check = %+v, want %q at line %d", found, tt.says, tt.line)
	}
}

// TestAllowed: what a task says of imports is what holds.
func TestAllowed(t *testing.T) {
	list := course.Imports{Line: 7, Paths: []string{"sync/atomic", "time"}}
	any := course.Imports{Line: 7, Any: true, Paths: []string{"os"}}
	runtime := course.Imports{Line: 7, Paths: []string{"runtime", "unsafe"}}
	most := course.Imports{Line: 7, Paths: []string{"sync", "sync/atomic"}, Without: map[string][]string{"sync": {"Once", "OnceFunc"}}}
	dice := course.Imports{Line: 7, Paths: []string{"math/rand/v2"}, Without: map[string][]string{"math/rand/v2": {"IntN"}}}
	tests := []struct {
		imports course.Imports
		row
	}{
		{most, row{"without", "package counter\n\nimport \"sync\"\n\ntype T struct{ sync.Once }\n", "sync.Once is not allowed: this exercise is to be solved without it", 5}},
		{most, row{"without by another name", "package counter\n\nimport (\n\ts \"sync\"\n)\n\nvar f = (s.OnceFunc)(nil)\n", "sync.OnceFunc is not allowed", 7}},
		{dice, row{"without in a second version", "package counter\n\nimport \"math/rand/v2\"\n\nvar f = rand.IntN\n", "rand.IntN is not allowed", 5}},
		{most, row{"the rest", "package counter\n\nimport \"sync\"\n\nvar mu sync.Mutex\n\ntype Once struct{ Once int }\n\nfunc F(sync Once) int { return sync.Once }\n", "", 0}},
		{list, row{"listed", "package counter\n\nimport \"time\"\n", "", 0}},
		{list, row{"not listed", "package counter\n\nimport \"sync\"\n", `import "sync" is not allowed: this exercise is to be solved with sync/atomic and time alone`, 3}},
		{list, row{"cut short", "package counter\n\nimport \"atomic\"\n", `import "atomic" is not allowed`, 3}},
		{list, row{"careful", "package counter\n\nimport \"os\"\n", "the tests call functions", 3}},
		{course.Imports{Line: 7}, row{"none", "package counter\n\nimport \"fmt\"\n", "this exercise is to be solved without any import", 3}},
		{any, row{"any", "package counter\n\nimport \"encoding/json\"\n", "", 0}},
		{any, row{"any and os", "package counter\n\nimport \"os\"\n", "", 0}},
		{any, row{"any but net", "package counter\n\nimport \"net\"\n", "without a network", 3}},
		{any, row{"any but cgo", "package counter\n\nimport \"C\"\n", "sees no C", 3}},
		{any, row{"any is no leave", "package counter\n\nimport \"runtime\"\n\nvar f = runtime.GOMAXPROCS\n", "runtime.GOMAXPROCS is not allowed", 5}},
		{runtime, row{"by name", "package counter\n\nimport (\n\t\"runtime\"\n\t\"unsafe\"\n)\n\nvar f, p = runtime.GOMAXPROCS, unsafe.Pointer(nil)\n", "", 0}},
		{runtime, row{"not even by name", "package counter\n\nimport \"runtime\"\n\nvar f = runtime.RaceDisable\n", "runtime.RaceDisable is not allowed", 5}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			ex := *counter
			ex.Imports = tt.imports
			tt.checked(t, &ex)
		})
	}
}

// TestEarly: where a task forbids work before the first call, a loop or a recursion that the start of the
// program leads to is found, and nothing that only a call leads to.
func TestEarly(t *testing.T) {
	const head = "package counter\n\nimport \"sync\"\n\nvar once sync.Once\nvar pc [256]byte\n\nfunc build() {\n\tfor i := range pc {\n\t\tpc[i] = 1\n\t}\n}\n\n" // build's loop is at line 9
	const loop, late = "the loop here runs before main begins, as ", ""
	lazy := *counter
	lazy.Lazy = 7
	for _, tt := range []row{
		{"init", head + "func init() { build() }\n", loop + "the init function at line 14 leads to it", 9},
		{"loop in init", head + "func init() {\n\tfor range 3 {\n\t}\n}\n", loop, 15},
		{"Do in init", head + "func init() { once.Do(build) }\n", loop, 9},
		{"two steps", head + "func start() bool { build(); return true }\n\nvar built = start()\n", loop + "the initial value of built at line 16", 9},
		{"literal", head + "var a, b = func() int {\n\tfor {\n\t}\n}(), 1\n", loop + "the initial value of a", 15},
		{"method", head + "type t struct{}\n\nfunc (t) fill() int { build(); return 1 }\n\nvar x = t{}.fill()\n", loop, 9},
		{"generic", head + "func g[T any]() int { build(); return 1 }\n\nvar x = (g[int])()\n", loop, 9},
		{"goroutine", head + "func init() { go build() }\n", loop, 9},
		{"recursion", head + "func f(n int) int {\n\treturn f(n - 1)\n}\n\nvar x = f(9)\n", "the recursion here runs before", 15},
		{"handed on", head + "var fill = sync.OnceFunc(build)\n\nfunc F() { fill() }\n", late, 0},
		{"literal handed on", head + "var fill = sync.OnceFunc(func() {\n\tfor {\n\t}\n})\n", late, 0},
		{"assigned in init", head + "var fill func()\n\nfunc init() { fill = func() { build() } }\n", late, 0},
		{"called later", head + "func F() { once.Do(build) }\n", late, 0},
		{"constructor", head + "type table struct{ pc *[256]byte }\n\nfunc empty() *table { return &table{pc: &pc} }\n\nvar t = empty()\n", late, 0},
		{"twice is no recursion", head + "func one() int { return 1 }\n\nvar x, y = one() + one(), one()\n", late, 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			tt.checked(t, &lazy)
			row{tt.name, tt.source, "", 0}.checked(t, counter)
		})
	}
}

// TestMany: a file full of violations is told of the first of them, whatever rules they break.
func TestMany(t *testing.T) {
	for _, line := range []string{"//go:norace", "import \"os\"", "import . \"sync\"", "func f()", "var _ = runtime.Stack", "var _ = &runtime.MemProfileRate", "var len = 0", "var workbook%d = 0"} {
		src := "package counter\nimport \"runtime\"\n"
		for i := range 500 {
			src += strings.ReplaceAll(line, "%d", strconv.Itoa(i)) + "\n"
		}
		found := Check(counter, map[string][]byte{counter.File: []byte(src)})
		if len(found) != maxFindings || found[0].At[0].Line != 3 {
			t.Errorf("%s: Check = %d findings, the first %+v", line, len(found), found[0])
		}
	}
}

func TestFiles(t *testing.T) {
	good := []byte("package counter\n")
	for name, files := range map[string]map[string][]byte{
		"none":           {},
		"a test":         {counter.File: good, "exercises/atomicity/counter/counter_test.go": good},
		"assembly":       {counter.File: good, "exercises/atomicity/counter/inc.s": nil},
		"another folder": {counter.File: good, "go.mod": nil},
		"only another":   {"exercises/atomicity/counter/other.go": good},
	} {
		if found := Check(counter, files); len(found) == 0 || found[0].Class != verdict.Policy {
			t.Errorf("%s: Check = %+v, want a finding", name, found)
		}
	}
}

func FuzzCheck(f *testing.F) {
	for _, rows := range [][]row{textRows, importRows, directiveRows, runtimeRows, foreignRows, nameRows} {
		for _, r := range rows {
			if len(r.source) < 1000 {
				f.Add([]byte(r.source))
			}
		}
	}
	f.Fuzz(func(t *testing.T, src []byte) {
		for _, x := range Check(counter, map[string][]byte{counter.File: src}) {
			for _, at := range x.At {
				if at.Line < 1 || at.Line > strings.Count(string(src), "\n")+1 || at.File != counter.File {
					t.Errorf("finding at %s:%d", at.File, at.Line)
				}
			}
		}
	})
}
