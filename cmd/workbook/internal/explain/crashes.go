package explain

import (
	"fmt"
	"go/ast"
	"go/types"
	"regexp"
	"slices"
	"strings"
)

// crashRules are the runtime's texts, the more particular ones first.
var crashRules = []crashRule{
	{rx(`^concurrent map (writes|read and map write|iteration and map write|clone and map write)`), sayMap,
		"Guard the map with a mutex, reads and range loops too. Different keys do not help: a map is one variable.", secMaps, ""},
	{rx(`unlock of unlocked mutex|Unlock of unlocked RWMutex|RUnlock of unlocked RWMutex`), sayUnlock,
		"Every Unlock needs its own Lock before it, on the same mutex, on every path; RUnlock belongs to RLock. A copy of a locked struct is another mutex.", secUnlock, ""},
	{rx(`negative WaitGroup counter`), sayDone,
		"Count: every Add(1) allows one Done. Start the goroutine with wg.Go, which does both.", secWaiting, ""},
	{rx(`WaitGroup misuse|WaitGroup is reused`), sayMisuse,
		"Call Add before the go statement and in the goroutine that calls Wait; start a new round only after Wait has returned.", secWaiting, ""},
	{rx(`^send on closed channel`), saySend,
		"Let only the sender close, after its last send; with several senders wait for all of them first, then close once.", secClosing, ""},
	{rx(`^close of closed channel`), sayClose,
		"Close a channel in one place only. Where several goroutines may want to, use sync.Once: a check before the close is two steps, and two goroutines can pass it.", secClosing, ""},
	{rx(`^close of nil channel`), sayNilClose,
		"Make the channel with make before it is used; a struct's zero value has a nil channel.", secNil, ""},
	{rx(`sync\.Cond is copied`), sayCond,
		"Keep the sync.Cond behind a pointer (sync.NewCond returns one) and never copy the struct that holds it.", secCopies, ""},
	{rx(`^stack overflow|stack exceeds`), sayOverflow,
		"Look at the condition that ends the recursion: is it reached on every path?", secStacks, ""},
	{rx(`^assignment to entry in nil map`), sayNilMap,
		"Make the map before the first write: in the constructor, or where it is first needed, in the same step that finds it missing.", secPanics, ""},
	{rx(`nil pointer dereference|^nil dereference`), sayNil,
		"Find where the pointer should have been set, and whether another goroutine may come before that.", secPanics,
		"Find where the pointer should have been set: on this way to the line nothing has done so."},
	{rx(`index out of range \[(-?\d+)\](?: with length (\d+))?`), sayIndex,
		"Look at the values of the index and of the length at that moment; another goroutine may have changed either since you checked.", secPanics,
		"Look at the values of the index and of the length at that moment, and check the one against the other before you use them."},
	{rx(`slice bounds out of range`), nil,
		"Check the bounds against the slice's length and capacity at that moment.", secPanics, ""},
	{rx(`^interface conversion: (.*)`), sayConversion,
		"Use the form v, ok := x.(T), and handle the case where ok is false.", secPanics, ""},
	{rx(`integer divide by zero`), nil, "Handle the case where the divisor is 0, for example an empty input.", secPanics, ""},
	{rx(`test executed panic\(nil\) or runtime\.Goexit`), sayGoexit,
		"Goexit ends the goroutine that calls it, here the test's own: call what may do so in a goroutine of its own, and return where you mean to return.", secPanics, ""},
	{rx(`^panic called with nil argument`), sayNilPanic,
		"A value from recover is to be passed on only where it is not nil. Note in a variable, after the call, that the function has returned: where recover gives nil and that is not set, Goexit has ended the goroutine.", secPanics, ""},
	{rx(`Log in goroutine after \S+ has completed`), sayLate,
		"Wait for every goroutine that you start before the function returns.", secWaiting, ""},
	{rx(`unexpected call to os\.Exit\((\d+)\)`), sayExit, "Return an error instead; a library function never ends the program.", secPanics, ""},
	{rx(`^all goroutines are asleep`), func(*crashSite) string {
		return "Deadlock: every goroutine waits, and none is left that could wake another."
	},
		"Ask of every waiting goroutine: who was to wake it, and what does that one wait for?", secDeadlock, ""},
}

func rx(s string) *regexp.Regexp { return regexp.MustCompile(s) }

func sayMap(x *crashSite) string {
	return fmt.Sprintf("%s uses %s while another goroutine uses it too, and at least one of them writes.",
		x.who(), x.named(isMap, "a map", "the map "))
}

// named is the one expression on the line whose type fits, after prefix, or other.
func (x *crashSite) named(fits func(types.Type) bool, other, prefix string) string {
	name := ""
	for _, n := range x.lineNodes() {
		e, ok := n.(ast.Expr)
		if !ok || !fits(x.typeOf(e)) {
			continue
		}
		switch e.(type) {
		case *ast.Ident, *ast.SelectorExpr:
		default:
			continue
		}
		if text := types.ExprString(e); name == "" || strings.HasSuffix(name, "."+text) {
			if name == "" {
				name = text
			}
		} else if name != text && !strings.HasPrefix(name, text) {
			return other
		}
	}
	if name == "" {
		return other
	}
	return prefix + name
}

func (x *crashSite) lineNodes() []ast.Node {
	if !x.known {
		return nil
	}
	return x.nodes(x.relative(x.frame.file), x.frame.line)
}

// opHere is the operation with one of the verbs on the crash's line.
func (x *crashSite) opHere(verbs ...string) (op, bool) {
	if !x.known {
		return op{}, false
	}
	if o, ok := x.opAt(x.frame, verbs...); ok {
		return o, true
	}
	for _, o := range x.ops { // a deferred call runs at the closing brace
		if x.fn != nil && o.fn == x.fn && x.frame.line == x.fn.last && slices.Contains(verbs, o.verb) && x.deferred(o) {
			x.at = addPlace(x.at, x.source.at(o.file, o.line, "deferred"))
			return o, true
		}
	}
	return op{}, false
}

// deferred reports whether an operation is the call of a defer statement.
func (s *source) deferred(o op) bool {
	found := false
	ast.Inspect(o.fn.body(), func(n ast.Node) bool {
		if d, ok := n.(*ast.DeferStmt); ok && d.Call == o.node {
			found = true
		}
		return !found
	})
	return found
}

// opAt is the operation with one of the verbs on a frame's line.
func (s *source) opAt(f frame, verbs ...string) (op, bool) {
	name := s.relative(f.file)
	for _, v := range verbs {
		for _, o := range s.ops {
			if o.file == name && o.line == f.line && o.verb == v {
				return o, true
			}
		}
	}
	return op{}, false
}

// opLines are the lines of operations in words: "lines 12 and 20".
func (s *source) opLines(ops []op) string {
	var words []string
	var lines []int
	for _, o := range ops {
		if w := s.lineName(o.file, o.line); !slices.Contains(words, w) {
			words, lines = append(words, w), append(lines, o.line)
		}
	}
	if len(s.files) > 1 {
		return and(words)
	}
	return lineList(lines)
}

func sayUnlock(x *crashSite) string {
	if o, ok := x.opHere("Do"); ok {
		if n, ok := x.renewed(o.obj); ok {
			x.hint = n.hint(x.source)
			x.at = addPlace(x.at, x.source.at(n.file, n.line, "replaces"))
			return fmt.Sprintf("%s puts a new %s in the place of %s while its Do is under way, which then unlocks what nobody has locked.",
				capital(x.lineName(n.file, n.line)), n.kind, types.ExprString(o.expr))
		}
	}
	o, ok := x.opHere("Unlock", "RUnlock")
	if !ok {
		return fmt.Sprintf("%s unlocks a mutex that is not locked.", x.who())
	}
	name := types.ExprString(o.expr)
	s := fmt.Sprintf("%s calls %s.%s, but %s is not locked that way at that moment.", x.who(), name, o.verb, name)
	if n, ok := x.renewed(o.obj); ok {
		x.hint = n.hint(x.source)
		x.at = addPlace(x.at, x.source.at(n.file, n.line, "replaces"))
		return s + fmt.Sprintf(" %s puts a new %s in its place.", capital(x.lineName(n.file, n.line)), n.kind)
	}
	var others []op
	for _, u := range x.opsOn(o.obj, o.verb) {
		if u.fn == o.fn && u.line != o.line {
			others = append(others, u)
			x.at = addPlace(x.at, x.source.at(u.file, u.line, "unlocks"))
		}
	}
	if len(others) > 0 {
		s += fmt.Sprintf(" %s unlocks it as well.", capital(x.opLines(others)))
		if len(others) > 1 {
			s = strings.Replace(s, " unlocks it as well.", " unlock it as well.", 1)
		}
	}
	lock := strings.Replace(o.verb, "Unlock", "Lock", 1)
	if locks := x.opsOn(o.obj, lock); len(locks) == 0 {
		s += fmt.Sprintf(" Your code never calls %s on it.", lock)
	}
	return s
}

func sayDone(x *crashSite) string {
	o, ok := x.opHere("Done", "Add")
	if !ok {
		return fmt.Sprintf("%s counts a WaitGroup below zero: more Done than Add.", x.who())
	}
	s := fmt.Sprintf("%s counts %s below zero: Done was called more often than Add allows.", x.who(), types.ExprString(o.expr))
	if adds := x.opsOn(o.obj, "Add"); len(adds) == 0 {
		return s + " Your code never calls Add on it."
	} else {
		return s + " Add is called at " + x.opLines(adds) + "."
	}
}

func sayMisuse(x *crashSite) string {
	return fmt.Sprintf("%s calls a WaitGroup's methods in an order that it forbids: Add ran at the same time as Wait.", x.who())
}

func saySend(x *crashSite) string {
	o, ok := x.opHere("send")
	if !ok {
		return fmt.Sprintf("%s sends on a closed channel.", x.who())
	}
	s := fmt.Sprintf("%s sends on %s, which is closed already.", x.who(), types.ExprString(o.expr))
	if closes := x.opsOn(o.obj, "close"); len(closes) > 0 {
		s += " It is closed at " + x.opLines(closes) + "."
		for _, c := range closes {
			x.at = addPlace(x.at, x.source.at(c.file, c.line, "closes"))
		}
	}
	return s
}

func sayClose(x *crashSite) string {
	o, ok := x.opHere("close")
	if !ok {
		return fmt.Sprintf("%s closes a channel a second time.", x.who())
	}
	name := types.ExprString(o.expr)
	s := fmt.Sprintf("%s closes %s, which is closed already.", x.who(), name)
	closes := x.opsOn(o.obj, "close")
	if len(closes) < 2 {
		x.hint = x.first(fmt.Sprintf("A channel is closed once and for ever. Where it is to be closed by whoever comes first, do it in a sync.Once; where it is to open again, make a new %s for each round.", name),
			fmt.Sprintf("A channel is closed once and for ever: where it is to open again, make a new %s for each round.", name))
		return s + " The line runs more than once."
	}
	for _, c := range closes {
		x.at = addPlace(x.at, x.source.at(c.file, c.line, "closes"))
	}
	if closes[0].fn.decl() == closes[1].fn.decl() {
		x.hint = fmt.Sprintf("Close %s on one of the two ways only: a deferred close is made on every way out, so there must be no other.", name)
	}
	return s + " It is closed at " + x.opLines(closes) + "."
}

func sayNilClose(x *crashSite) string {
	return fmt.Sprintf("%s closes %s.", x.who(), x.nilChannel("close"))
}

func (x *crashSite) nilChannel(verb string) string {
	if o, ok := x.opHere(verb); ok {
		return types.ExprString(o.expr) + ", which is nil: no channel was ever made for it"
	}
	return "a channel that is nil: none was ever made"
}

func sayCond(x *crashSite) string {
	return fmt.Sprintf("%s uses a copy of a sync.Cond; waiters of the original would never hear of it.", x.who())
}

func sayOverflow(x *crashSite) string {
	return fmt.Sprintf("%s calls itself without end: the goroutine's stack grew beyond its limit.", x.who())
}

func sayNilMap(x *crashSite) string {
	return fmt.Sprintf("%s writes to %s, which is nil at that moment: a nil map can be read, but not written to.", x.who(), x.named(isMap, "a map", ""))
}

func sayNil(x *crashSite) string {
	p := x.named(func(t types.Type) bool { _, ok := under(t).(*types.Pointer); return ok }, "", "")
	if p == "" {
		return fmt.Sprintf("%s follows a pointer that is nil.", x.who())
	}
	return fmt.Sprintf("%s uses %s, which is nil there.", x.who(), p)
}

func sayIndex(x *crashSite) string {
	if x.match[2] == "" {
		return fmt.Sprintf("%s uses the index %s, which does not exist.", x.who(), x.match[1])
	}
	for _, n := range x.lineNodes() {
		if e, ok := n.(*ast.IndexExpr); ok {
			return fmt.Sprintf("%s uses %s with index %s, but %s has %s elements.",
				x.who(), types.ExprString(e), x.match[1], types.ExprString(e.X), x.match[2])
		}
	}
	return fmt.Sprintf("%s uses index %s of something with %s elements.", x.who(), x.match[1], x.match[2])
}

func sayConversion(x *crashSite) string {
	return fmt.Sprintf("%s asserts a type that the value does not have.", x.who())
}

func sayGoexit(x *crashSite) string {
	return x.where("the test's own goroutine was ended") + "."
}

func sayNilPanic(x *crashSite) string {
	text := x.who() + " calls panic with a value that is nil."
	if x.fn != nil && x.recovers(x.fn) {
		text += " recover returns nil where nothing has panicked: the function had returned, or Goexit had ended its goroutine."
	}
	return text
}

// recovers reports whether a function calls recover.
func (s *source) recovers(fn *function) bool {
	found := false
	ast.Inspect(fn.body(), func(n ast.Node) bool {
		if call, ok := n.(*ast.CallExpr); ok {
			id, ok := call.Fun.(*ast.Ident)
			found = found || ok && id.Name == "recover"
		}
		return !found
	})
	return found
}

// sayGiven tells of a panic in a function of the test that the learner's code calls.
func sayGiven(x *crashSite) string {
	if x.fatal || !x.given {
		return ""
	}
	x.hint = fmt.Sprintf("A panic ends the whole program unless a function deferred in the same goroutine recovers it: defer one before %s, or make the call in a goroutine whose caller is to have the panic.", x.place0())
	return fmt.Sprintf("The function that %s calls at %s panicked with that, and nothing in its goroutine recovers it.", x.fn.label(), x.place0())
}

func sayLate(x *crashSite) string {
	return "A goroutine was still running when the test had ended, and then used what the test had given it."
}

func sayExit(x *crashSite) string {
	return x.where("The program ended itself with os.Exit("+x.match[1]+")") + ", so the test could not finish."
}
