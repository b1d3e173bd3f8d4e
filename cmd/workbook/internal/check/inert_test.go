package check

import (
	"fmt"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"strings"
	"testing"
)

// TestInert: whatever could run, or be noticed, beside another program keeps a package alone.
func TestInert(t *testing.T) {
	standard := importer.ForCompiler(token.NewFileSet(), "source", nil)
	for _, tt := range []struct {
		name, source string
		want         bool
	}{
		{"functions", `import ("fmt"; "sync"); type T struct{ mu sync.Mutex }; func (t *T) M() { fmt.Println() }; func init2() {}`, true},
		{"zero variables", `import "sync"; var mu sync.Mutex; var m map[string]int; var c chan int; var f func()`, true},
		{"constants", `const a = 1 << 70 >> 60; var x, y = a, "s" + "t"; var z = -1.5; var n *int = nil`, true},
		{"conversion", `var b = []byte("x")`, false},
		{"conversion of nil", `type I interface{ M() }; type T struct{}; func (*T) M() {}; var _ I = (*T)(nil); var b = []byte(nil)`, true},
		{"a function of nil", `func f(*int) int { return 1 }; var _ = f(nil)`, false},
		{"errors.New", `import "errors"; var ErrA = errors.New("a" + "b")`, true},
		{"function values", `import "strings"; var f = func() int { return g() }; var h = g; var u = strings.ToUpper; func g() int { return 1 }`, true},
		{"literals", `type p struct{ a, b int; next *p }; var list = []p{{1, 2, nil}, 5: {a: 3}}; var q = &p{next: &p{}}; var a = [...]string{"x", "y"}`, true},
		{"init", `func init() { println() }`, false},
		{"a method called init", `type T struct{}; func (T) init() {}`, true},
		{"call", `var x = f(); func f() int { return 1 }`, false},
		{"call in a literal", `var x = []int{1, f()}; func f() int { return 1 }`, false},
		{"call of a literal", `var x = func() int { return 1 }()`, false},
		{"blank call", `var _ = f(); func f() int { return 1 }`, false},
		{"conversion with code", `import "strings"; var x = string(strings.Repeat("x", 3))`, false},
		{"receive", `var c chan int; var x = <-c`, false},
		{"variable", `var a = 1; var b = a`, false},
		{"division", `var a int; var b = 1 / a`, false},
		{"index", `var a []int; var b = a[3]`, false},
		{"field of nil", `var p *struct{ x int }; var b = p.x`, false},
		{"dereference", `var p *int; var b = *p`, false},
		{"assertion", `var a any; var b = a.(int)`, false},
		{"make", `var m = make(chan int)`, false},
		{"make much", `var m = make([]byte, 1<<40)`, false},
		{"new", `var m = new(int)`, false},
		{"map literal", `var m = map[any]int{nil: 1}`, false},
		{"errors.New of a call", `import "errors"; var e = errors.New(f()); func f() string { return "" }`, false},
		{"another New", `var e = errors.New("x"); var errors news; type news struct{}; func (news) New(string) error { panic(1) }`, false},
		{"large variable", `var x [1 << 33]byte`, false},
		{"large in a struct", `var x struct{ a [1 << 10][1 << 10]int }`, false},
		{"large literal", `var x = []byte{1 << 30: 1}`, false},
		{"large elements", `var x = [][1 << 20]byte{0: {}}`, false},
		{"many", manyVars(10000), false},
		{"many large literals", "var x = [][]byte{" + strings.Repeat("{1 << 10: 1},", 70) + "}", false},
		{"long strings", "const a = `" + strings.Repeat("x", inertBytes) + "`; var x = a", false},
		{"shadowed constant", `var x = true; func iota2() {}`, true},
		{"generic function value", `func g[T any]() {}; var f = g[int]`, false},
		{"method value", `type T struct{}; func (*T) M() {}; var t T; var f = t.M`, false},
		{"method expression", `type T struct{}; func (T) M() {}; var f = T.M`, false},
		{"other imports", `import "encoding/hex"; var f = hex.Dump`, false},
		{"blank import", `import _ "embed"`, false},
		{"dot import", `import . "strings"; var x = ToUpper`, false},
		{"caller", `import "runtime"; func f() { runtime.Caller(0) }`, false},
		{"stack", `import "runtime/debug"; func f() []byte { return debug.Stack() }`, false},
		{"processors", `import "runtime"; func f() int { return runtime.NumCPU() }`, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			fset := token.NewFileSet()
			f, err := parser.ParseFile(fset, "p.go", "package p; "+tt.source, 0)
			if err != nil {
				t.Fatal(err)
			}
			p := &Package{Fset: fset, Files: []*ast.File{f}, Info: &types.Info{
				Types: map[ast.Expr]types.TypeAndValue{}, Defs: map[*ast.Ident]types.Object{}, Uses: map[*ast.Ident]types.Object{},
			}}
			conf := types.Config{Importer: standard, Error: func(error) {}}
			p.Types, _ = conf.Check("p", fset, p.Files, p.Info)
			if got := p.Inert(); got != tt.want {
				t.Errorf("Inert of %q = %v, want %v", tt.source, got, tt.want)
			}
		})
	}
	if (&Package{}).Inert() {
		t.Error("a package of which nothing is known is inert")
	}
}

func manyVars(n int) string {
	text := "var x"
	for i := range n {
		text += fmt.Sprintf(", x%d", i)
	}
	return text + " int"
}
