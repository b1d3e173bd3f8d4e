package cell

import (
	"fmt"
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"regexp"
	"slices"
	"strings"

	"workbook/cmd/workbook/internal/cell/symbols"
)

// A denial finds what an explored cell must not contain: what the interpreter gets wrong or does
// not know, and what would leave the outcome to anything but the order of steps.
type denial struct {
	typedProgram
	found []string
}

// deny returns a line for each such thing in the program.
func deny(p typedProgram) []string {
	d := &denial{typedProgram: p}
	ast.PreorderStack(p.File, nil, func(n ast.Node, stack []ast.Node) bool {
		d.visit(n, stack)
		return true
	})
	return firstErrors(d.found)
}

func (d *denial) say(at token.Pos, format string, args ...any) {
	line := position(d.Fset.Position(at)) + "engine=explore: " + fmt.Sprintf(format, args...)
	if !slices.Contains(d.found, line) {
		d.found = append(d.found, line)
	}
}

func (d *denial) visit(n ast.Node, stack []ast.Node) {
	switch n := n.(type) {
	case *ast.ForStmt:
		d.forStmt(n)
	case *ast.RangeStmt:
		d.rangeStmt(n)
	case *ast.SelectorExpr:
		d.selector(n)
	case *ast.CallExpr:
		d.call(n)
	case *ast.Ident:
		d.builtin(n)
	case *ast.FuncType:
		d.variadic(n)
	case *ast.DeferStmt:
		d.deferStmt(n, stack)
	case *ast.TypeSwitchStmt:
		d.typeSwitch(n)
	}
}

// forStmt finds a loop's own variable that is changed other than by the loop or in its body's own lines:
// the interpreter does not let the next round see that.
func (d *denial) forStmt(n *ast.ForStmt) {
	init, ok := n.Init.(*ast.AssignStmt)
	if !ok || init.Tok != token.DEFINE {
		return
	}
	own := func(e ast.Expr) bool {
		id, ok := ast.Unparen(e).(*ast.Ident)
		return ok && d.Info.Uses[id] != nil && slices.ContainsFunc(init.Lhs, func(l ast.Expr) bool {
			def, ok := l.(*ast.Ident)
			return ok && d.Info.Defs[def] == d.Info.Uses[id]
		})
	}
	ast.PreorderStack(n.Body, nil, func(in ast.Node, stack []ast.Node) bool {
		inside := slices.ContainsFunc(stack, func(up ast.Node) bool { _, ok := up.(*ast.FuncLit); return ok })
		changed := false
		switch in := in.(type) {
		case *ast.AssignStmt:
			changed = inside && slices.ContainsFunc(in.Lhs, own)
		case *ast.IncDecStmt:
			changed = inside && own(in.X)
		case *ast.UnaryExpr:
			changed = in.Op == token.AND && own(in.X)
		}
		if changed {
			d.say(in.Pos(), "the interpreter gets a loop's variable wrong that is changed by a function literal or through its address; change a copy")
		}
		return true
	})
}

func (d *denial) rangeStmt(n *ast.RangeStmt) {
	t := d.Info.TypeOf(n.X)
	if t == nil {
		return
	}
	switch t.Underlying().(type) {
	case *types.Signature:
		d.say(n.Pos(), "the interpreter cannot range over a function")
	case *types.Map:
		d.say(n.Pos(), "the order of a map's elements is left to chance; range over a slice")
	}
}

func (d *denial) builtin(n *ast.Ident) {
	if _, ok := d.Info.Uses[n].(*types.Builtin); !ok {
		return
	}
	switch n.Name {
	case "min", "max", "clear":
		d.say(n.Pos(), "the interpreter does not know the builtin %s", n.Name)
	case "print", "println":
		d.say(n.Pos(), "print with package fmt: the builtin %s is no part of the outcome", n.Name)
	}
}

// clock are the names that measure time.
var clock = []string{"Now", "Since", "Until", "After", "AfterFunc", "NewTimer", "NewTicker", "Tick", "Timer", "Ticker"}

func (d *denial) selector(n *ast.SelectorExpr) {
	if s := d.Info.Selections[n]; s != nil {
		if s.Kind() == types.MethodExpr {
			d.say(n.Pos(), "the interpreter cannot use a method expression; write a function literal")
		}
		return
	}
	o := d.Info.Uses[n.Sel]
	if o == nil || o.Pkg() == nil || o.Pkg() == d.Pkg {
		return
	}
	path, name := o.Pkg().Path(), o.Name()
	switch {
	case !slices.Contains(symbols.Packages(), path):
		d.say(n.Pos(), "package %s cannot be used: the interpreter does not have it", path)
	case path == "time" && slices.Contains(clock, name),
		path == "context" && (strings.HasPrefix(name, "WithTimeout") || strings.HasPrefix(name, "WithDeadline")):
		d.say(n.Pos(), "there is no clock: every order of steps is tried, however long they take; %s.%s has no meaning", o.Pkg().Name(), name)
	case strings.HasPrefix(path, "math/rand") && chance(o):
		d.say(n.Pos(), "%s.%s leaves the outcome to chance; use a source with a seed", o.Pkg().Name(), name)
	case path == "sync" && name == "Pool":
		d.say(n.Pos(), "what a sync.Pool returns is left to chance")
	case path == "runtime" && (name == "GOMAXPROCS" || name == "NumCPU"):
		d.say(n.Pos(), "one goroutine runs at a time: runtime.%s has no meaning", name)
	case path == "context" && (name == "AfterFunc" || name == "WithValue"), path == "errors" && name == "As":
		d.say(n.Pos(), "the interpreter gets %s.%s wrong", o.Pkg().Name(), name)
	default:
		if _, table := symbols.Table(path); table != nil && !hasSymbol(path, name, table) {
			d.say(n.Pos(), "the interpreter does not have %s.%s", o.Pkg().Name(), name)
		}
	}
}

// chance reports whether o is a function on the shared source of a math/rand package.
func chance(o types.Object) bool {
	f, ok := o.(*types.Func)
	return ok && !strings.HasPrefix(f.Name(), "New")
}

func hasSymbol[V any](path, name string, table map[string]V) bool {
	if path == "fmt" && (name == "Print" || name == "Printf" || name == "Println") {
		return true
	}
	_, ok := table[name]
	return ok
}

func (d *denial) variadic(n *ast.FuncType) {
	if n.Params == nil || len(n.Params.List) == 0 {
		return
	}
	last := n.Params.List[len(n.Params.List)-1]
	e, ok := last.Type.(*ast.Ellipsis)
	if !ok {
		return
	}
	if t := d.Info.TypeOf(e.Elt); t != nil {
		if _, ok := t.Underlying().(*types.Chan); ok {
			d.say(last.Pos(), "the interpreter cannot pass channels as ...; use a slice")
		}
	}
}

// deferStmt finds the deferred method on a copy, of which the interpreter makes one for all rounds.
func (d *denial) deferStmt(n *ast.DeferStmt, stack []ast.Node) {
	sel, ok := n.Call.Fun.(*ast.SelectorExpr)
	if !ok || d.Info.Selections[sel] == nil {
		return
	}
	f, ok := d.Info.Selections[sel].Obj().(*types.Func)
	if !ok || f.Signature().Recv() == nil {
		return
	}
	if _, ptr := f.Signature().Recv().Type().(*types.Pointer); ptr {
		return
	}
	for _, up := range slices.Backward(stack) {
		switch up.(type) {
		case *ast.ForStmt, *ast.RangeStmt:
			d.say(n.Pos(), "the interpreter gets a deferred method of a value in a loop wrong; defer a function literal")
			return
		case *ast.FuncLit:
			return
		}
	}
}

func (d *denial) typeSwitch(n *ast.TypeSwitchStmt) {
	for _, c := range n.Body.List {
		for _, e := range c.(*ast.CaseClause).List {
			if t := d.Info.TypeOf(e); t != nil && types.Identical(t, types.Universe.Lookup("error").Type()) {
				d.say(e.Pos(), "the interpreter gets case error in a type switch wrong")
			}
		}
	}
}

// badVerb finds verbs that show what the interpreter's values are made of.
var badVerb = regexp.MustCompile(`%[-0-9. ]*(\+v|#v|T|p)`)

func (d *denial) call(n *ast.CallExpr) {
	for _, arg := range n.Args {
		tv := d.Info.Types[arg]
		if tv.Value == nil || tv.Value.Kind() != constant.String || !d.isFmt(n) {
			continue
		}
		if m := badVerb.FindString(constant.StringVal(tv.Value)); m != "" {
			d.say(arg.Pos(), "the interpreter gets %s wrong", m)
		}
	}
	d.locker(n)
	d.inferred(n)
}

func (d *denial) isFmt(n *ast.CallExpr) bool {
	sel, ok := n.Fun.(*ast.SelectorExpr)
	if !ok {
		return false
	}
	o := d.Info.Uses[sel.Sel]
	return o != nil && o.Pkg() != nil && o.Pkg().Path() == "fmt"
}

// locker finds what is passed as a sync.Locker and is neither a Mutex nor an RWMutex itself.
func (d *denial) locker(n *ast.CallExpr) {
	sig, ok := d.Info.TypeOf(n.Fun).(*types.Signature)
	if !ok {
		return
	}
	for i := range min(sig.Params().Len(), len(n.Args)) {
		if sig.Params().At(i).Type().String() != "sync.Locker" {
			continue
		}
		switch t := d.Info.TypeOf(n.Args[i]); t.String() {
		case "*sync.Mutex", "*sync.RWMutex", "sync.Locker", "untyped nil":
		default:
			d.say(n.Args[i].Pos(), "the interpreter does not take a %s for a sync.Locker; pass the mutex itself", t)
		}
	}
}

// inferred finds generic calls whose type arguments come from a function or from several values.
func (d *denial) inferred(n *ast.CallExpr) {
	id, ok := ast.Unparen(n.Fun).(*ast.Ident)
	if !ok {
		return
	}
	f, ok := d.Info.Uses[id].(*types.Func)
	if !ok || f.Signature().TypeParams().Len() == 0 {
		return
	}
	bad := f.Signature().Variadic()
	for i := range f.Signature().Params().Len() {
		if _, fn := f.Signature().Params().At(i).Type().Underlying().(*types.Signature); fn {
			bad = true
		}
	}
	if bad {
		d.say(n.Pos(), "the interpreter cannot infer the type arguments of %s; write them", f.Name())
	}
}
