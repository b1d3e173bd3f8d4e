package cell

import (
	"strings"
	"testing"
)

// What the interpreter gets wrong is refused at the lesson's line.
func TestDeny(t *testing.T) {
	t.Parallel()
	r := runner(t)
	tests := []struct{ name, code, want string }{
		{"os", "os.Exit(1)", "lessons/01-x.md:4:1: engine=explore: package os cannot be used: the interpreter does not have it"},
		{"loop variable", "for i := 0; i < 6; i++ {\n\tfunc() { i++ }()\n}", "5:11: engine=explore: the interpreter gets a loop's variable wrong"},
		{"its address", "for i := 0; i < 6; i++ {\n\tp := &i\n\t*p++\n}", "5:7: engine=explore: the interpreter gets a loop's variable wrong"},
		{"clock", "<-time.After(1)", "4:3: engine=explore: there is no clock: every order of steps is tried, however long they take; time.After has no meaning"},
		{"timeout", "_, _ = context.WithTimeout(context.Background(), 1)", "context.WithTimeout has no meaning"},
		{"chance", "fmt.Println(rand.IntN(2))", "rand.IntN leaves the outcome to chance; use a source with a seed"},
		{"map", "for k := range map[int]int{} {\n\t_ = k\n}", "the order of a map's elements is left to chance"},
		{"func", "for i := range func(func(int) bool) {} {\n\t_ = i\n}", "the interpreter cannot range over a function"},
		{"min", "_ = min(1, 2)", "does not know the builtin min"},
		{"println", "println(1)", "print with package fmt"},
		{"method expression", "type T struct{}\nfunc (T) M() {}\nT.M(T{})", "6:1: engine=explore: the interpreter cannot use a method expression"},
		{"variadic", "func merge(cs ...<-chan int) {}\nmerge()", "cannot pass channels as ..."},
		{"defer", "type T struct{}\nfunc (T) M() {}\nfor _, x := range []T{{}} {\n\tdefer x.M()\n}", "a deferred method of a value in a loop"},
		{"type switch", "var x any\nswitch x.(type) {\ncase error:\n}", "case error in a type switch"},
		{"verb", "fmt.Printf(\"%T\", 1)", "the interpreter gets %T wrong"},
		{"once value", "_ = sync.OnceValue(func() int { return 1 })", "the interpreter does not have sync.OnceValue"},
		{"pointer", "var p atomic.Pointer[int]\n_ = p.Load()", "the interpreter does not have atomic.Pointer"},
		{"pool", "var p sync.Pool\n_ = p.Get()", "what a sync.Pool returns is left to chance"},
		{"locker", "type L struct{ sync.Mutex }\n_ = sync.NewCond(&L{})", "pass the mutex itself"},
		{"inferred", "func Map[T any](f func(T) T) {}\nMap(func(int) int { return 1 })", "cannot infer the type arguments of Map"},
		{"as", "var e *strconv.NumError\n_ = errors.As(nil, &e)", "gets errors.As wrong"},
		{"unused", "x := 1", "lessons/01-x.md:4:1: declared and not used: x"},
		{"syntax", "x := (1", "lessons/01-x.md:4:8: syntax error: "},
		{"undefined", "fmt.Printl(1)", "lessons/01-x.md:4:5: undefined: fmt.Printl"},
		{"import", "import \"no/such\"\n_ = such.X", "lessons/01-x.md:4:8: "},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			l, c := one(t, "engine=explore", test.code)
			res, err := r.Run(t.Context(), l, c)
			if err != nil {
				t.Fatal(err)
			}
			if res.Class != ClassCompile || !strings.Contains(res.Output, test.want) {
				t.Errorf("Run = %s %q, want %q in it", res.Class, res.Output, test.want)
			}
		})
	}
}

// The gate words faults as go build does.
func TestGateAgreesWithBuild(t *testing.T) {
	t.Parallel()
	r := runner(t)
	for _, code := range []string{
		"x := 1", "var s string = 1", "return 1", "import \"os\"", "ch := make(chan<- int)\n<-ch", "for {\n}\nfunc f() int {}",
		"undefined()", "fmt.Printl()", "var wg sync.WaitGroup\nwg.Foo()", "a, b := 1\n_, _ = a, b", "break", "L:\nfor {\n}",
	} {
		l, c := one(t, "engine=build", code)
		p, err := Assemble(l, c)
		if err != nil {
			t.Fatal(err)
		}
		_, found, err := r.gate(t.Context(), p)
		if err != nil {
			t.Fatal(err)
		}
		res, err := r.Run(t.Context(), l, c)
		if err != nil {
			t.Fatal(err)
		}
		if got := strings.Join(found, "\n") + "\n"; got != res.Output {
			t.Errorf("%q: gate says\n%sgo build says\n%s", code, got, res.Output)
		}
	}
}
