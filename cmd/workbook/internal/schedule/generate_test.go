package schedule

import (
	"fmt"
	"math/rand/v2"
	"strings"
)

// generator writes programs that are right and deterministic: goroutines are waited for, what they share
// is guarded, and what they do to it commutes.
type generator struct {
	rng   *rand.Rand
	b     strings.Builder
	depth int
	names int
}

// generated returns a file of package diff with n functions Generated000, Generated001, ….
func generated(seed uint64, n int) []byte {
	g := &generator{rng: rand.New(rand.NewPCG(seed, 7))}
	g.b.WriteString("package diff\n\nimport (\n\t\"sync\"\n\t\"sync/atomic\"\n)\n\nvar _ sync.Locker\nvar _ atomic.Int64\n")
	g.b.WriteString(generatedTypes)
	for i := range n {
		fmt.Fprintf(&g.b, "\nfunc Generated%03d(p printer) {\n\ts := newState()\n\tx, y := %d, %d\n\tq := &y\n", i, g.rng.IntN(9), g.rng.IntN(9))
		for range 3 + g.rng.IntN(5) {
			g.stmt()
		}
		g.b.WriteString("\tp(x, y, *q, s.a, s.b, s.arr, s.xs, len(s.m), s.n.Load(), s.text)\n}\n")
	}
	return []byte(g.b.String())
}

const generatedTypes = `
type state struct {
	mu   sync.Mutex
	rw   sync.RWMutex
	once sync.Once
	n    atomic.Int64
	a, b int
	arr  [4]int
	xs   []int
	m    map[int]int
	text string
	next *state
}

func newState() *state {
	return &state{a: 1, b: 2, xs: []int{5, 6, 7, 8}, m: map[int]int{1: 1}, next: &state{m: map[int]int{}, xs: make([]int, 4)}}
}

func (s *state) bump(d int) int { s.a += d; return s.a & 15 }

func (s state) peek(i int) int { return s.arr[i&3] + s.b }

func (s *state) seq(n int) func(func(int) bool) {
	return func(yield func(int) bool) {
		for i := 0; i < n; i++ {
			s.b++
			if !yield(i) {
				return
			}
		}
	}
}

func ident[T any](x T) T { return x }

func total[T ~int | ~int64](xs ...T) (t T) {
	for _, x := range xs {
		t += x
	}
	return t
}
`

func (g *generator) pick(l ...string) string { return l[g.rng.IntN(len(l))] }

// location returns something that can be assigned to.
func (g *generator) location() string {
	switch g.rng.IntN(6) {
	case 0:
		return g.pick("x", "y", "*q")
	case 1:
		return "s.arr[" + g.index() + "]"
	case 2:
		return "s.xs[" + g.index() + "]"
	case 3:
		return "s.m[" + g.index() + "]"
	}
	return g.pick("s.a", "s.b", "s.next.a", "s.next.b", "s.next.arr[2]")
}

func (g *generator) index() string {
	if g.rng.IntN(3) == 0 {
		return "(" + g.expr(1) + ")&3"
	}
	return fmt.Sprint(g.rng.IntN(4))
}

// expr returns an expression of type int. Deeper ones have operators, calls and literals.
func (g *generator) expr(depth int) string {
	if depth <= 0 {
		return g.pick(g.location(), "x", fmt.Sprint(g.rng.IntN(20)), "len(s.xs)", "int(s.n.Load())")
	}
	switch g.rng.IntN(9) {
	case 0:
		return "s.bump(" + g.expr(depth-1) + ")"
	case 1:
		return "s.peek(" + g.expr(depth-1) + ")"
	case 2:
		return "ident(" + g.expr(depth-1) + ")"
	case 3:
		return "total(" + g.expr(depth-1) + ", " + g.expr(0) + ")"
	case 4:
		return "func() int { s.b++; return " + g.expr(depth-1) + " }()"
	case 5:
		return "int(s.n.Add(int64(" + g.expr(depth-1) + ")&7))"
	case 6:
		return "-(" + g.expr(depth-1) + ")"
	}
	return "(" + g.expr(depth-1) + g.pick(" + ", " - ", " * ", " & ", " | ", " ^ ", " &^ ") + g.expr(depth-1) + ")&1023"
}

func (g *generator) cond() string {
	c := g.expr(1) + g.pick(" < ", " == ", " >= ", " != ") + g.expr(0)
	switch g.rng.IntN(4) {
	case 0:
		return "(" + c + ")" + g.pick(" && ", " || ") + g.expr(0) + " > 3"
	case 1:
		return "!(" + c + ")"
	}
	return c
}

func (g *generator) name(base string) string {
	g.names++
	return fmt.Sprintf("%s%d", base, g.names)
}

func (g *generator) line(format string, args ...any) {
	g.b.WriteString("\t")
	fmt.Fprintf(&g.b, format, args...)
	g.b.WriteString("\n")
}

func (g *generator) block() {
	g.depth++
	for range 1 + g.rng.IntN(2) {
		g.stmt()
	}
	g.depth--
}

func (g *generator) stmt() {
	if g.depth < 2 && g.rng.IntN(2) == 0 {
		g.compound()
		return
	}
	switch g.rng.IntN(7) {
	case 0:
		g.line("%s++", g.location())
	case 1, 2:
		g.line("%s %s= %s", g.location(), g.pick("+", "-", "*", "|", "^", "&^"), g.expr(2))
	case 3:
		l := g.location()
		g.line("%s = %s %s (%s)", l, l, g.pick("+", "-", "|"), g.expr(1))
	case 4:
		g.line("s.a, s.b = %s, %s", g.expr(0), g.expr(0))
	case 5:
		g.line("p(%s)", g.expr(2))
	default:
		g.line("%s = %s", g.location(), g.expr(2))
	}
}

func (g *generator) compound() {
	[]func(){g.ifs, g.loop, g.switches, g.recovers, g.together, g.passes, g.selects, g.overFunc, g.onces}[g.rng.IntN(9)]()
}

func (g *generator) ifs() {
	g.line("if %s {", g.cond())
	g.block()
	g.line("} else if s.a++; %s {", g.cond())
	g.block()
	if g.rng.IntN(2) == 0 {
		g.line("} else {")
		g.block()
	}
	g.line("}")
}

func (g *generator) loop() {
	l, i := g.name("loop"), g.name("i")
	g.line("%s:", l)
	g.line("for %s := 0; %s < %d && s.a < 1<<20; %s++ {", i, i, 1+g.rng.IntN(3), i)
	g.block()
	g.line("if %s { continue %s }", g.cond(), l)
	g.line("if %s { break %s }", g.cond(), l)
	g.block()
	g.line("}")
}

func (g *generator) switches() {
	g.line("switch v := %s; {", g.expr(2))
	g.line("case v < s.b, v > %s:", g.expr(0))
	g.block()
	if g.rng.IntN(2) == 0 {
		g.line("fallthrough")
	}
	g.line("case s.bump(v) > 5:")
	g.block()
	g.line("default:")
	g.block()
	g.line("}")
}

func (g *generator) recovers() {
	g.line("func() {")
	g.line("defer func() { if r := recover(); r != nil { p(\"recovered\", r); %s++ } }()", g.location())
	g.line("defer func(n int) { s.text += \"d\"; s.b += n }(%s)", g.expr(1))
	g.block()
	g.line("if %s { panic(%q) }", g.cond(), g.name("panic"))
	g.block()
	g.line("}()")
}

// together starts goroutines whose work commutes.
func (g *generator) together() {
	wg, n := g.name("wg"), g.name("n")
	d := g.name("d")
	g.line("var %s sync.WaitGroup", wg)
	g.line("%s, %s := 0, [2]int{%s, %s}", n, d, g.expr(1), g.expr(1))
	for i := range 2 {
		g.line("%s.Add(1)", wg)
		g.line("go func(d int) { defer %s.Done(); s.mu.Lock(); defer s.mu.Unlock(); s.next.a += d; %s += d; s.n.Add(int64(d)) }(%s[%d])", wg, n, d, i)
		g.line("%s.Go(func() { s.rw.RLock(); v := %s; s.rw.RUnlock(); s.mu.Lock(); %s += v; s.mu.Unlock() })", wg, g.pick("s.a", "s.b", "x"), n)
	}
	g.line("%s.Wait()", wg)
	g.line("p(%s, s.next.a)", n)
}

// passes sends through channels, with a goroutine of its own in between.
func (g *generator) passes() {
	in, out, r := g.name("in"), g.name("out"), g.name("r")
	g.line("%s, %s := make(chan int%s), make(chan chan int, 1)", in, out, g.pick("", ", 1", ", 3"))
	g.line("go func() { defer close(%s); for i := range %d { %s <- i * 3 } }()", in, 1+g.rng.IntN(4), in)
	g.line("go func() { %s := make(chan int, 9); t := 0; for v := range %s { t += v }; %s <- t; %s <- %s; close(%s) }()", r, in, r, out, r, out)
	g.line("%s += <-<-%s", g.location(), out)
	g.block()
}

func (g *generator) selects() {
	c, none := g.name("c"), g.name("none")
	g.line("%s, %s := make(chan int, 1), make(chan int)", c, none)
	g.line("select { case %s <- %s: s.text += \"s\"; case v := <-%s: p(v) }", c, g.expr(1), none)
	g.line("select {")
	g.line("case v, ok := <-%s:", c)
	g.line("p(v, ok)")
	g.block()
	g.line("case %s <- %s:", none, g.expr(1))
	g.line("p(\"never\")")
	g.line("}")
	g.line("select { case v := <-%s: p(v); case %s <- 1: p(1); default: %s++ }", c, none, g.location())
}

func (g *generator) overFunc() {
	i := g.name("i")
	g.line("for %s := range s.seq(%d) {", i, 1+g.rng.IntN(3))
	g.line("x += %s", i)
	g.block()
	g.line("if %s { break }", g.cond())
	g.line("}")
}

func (g *generator) onces() {
	f := g.name("f")
	g.line("%s := sync.OnceValue(func() int { return %s })", f, g.expr(1))
	g.line("s.once.Do(func() { s.text += \"o\" })")
	g.line("%s = %s() - %s()", g.location(), f, f)
	g.line("for s.n.Load() > 100 && !s.n.CompareAndSwap(s.n.Load(), 3) {}")
}
