package policy

import (
	"fmt"
	"go/ast"
)

// early wants nothing worked out while the program starts, where the task says so: no loop and no recursion
// that an init function or the initial value of a variable leads to. Functions that are only handed on, as in
// sync.OnceFunc(build), are not called yet; what is handed to a method Do is.
func early(s source) []violation {
	if s.ex.Lazy == 0 {
		return nil
	}
	e := earlier{source: s, bodies: map[string][]*ast.BlockStmt{}, state: map[string]state{}}
	for _, d := range s.ast.Decls {
		if f, ok := d.(*ast.FuncDecl); ok && f.Body != nil && f.Name.Name != "init" {
			e.bodies[f.Name.Name] = append(e.bodies[f.Name.Name], f.Body)
		}
	}
	for _, d := range s.ast.Decls {
		switch d := d.(type) {
		case *ast.FuncDecl:
			if d.Recv == nil && d.Name.Name == "init" && d.Body != nil {
				e.from = fmt.Sprintf("the init function at line %d", s.line(d.Pos()))
				e.walk(d.Body)
			}
		case *ast.GenDecl:
			for _, spec := range d.Specs {
				if v, ok := spec.(*ast.ValueSpec); ok && len(v.Names) > 0 {
					e.from = fmt.Sprintf("the initial value of %s at line %d", v.Names[0].Name, s.line(v.Pos()))
					for _, x := range v.Values {
						e.walk(x)
					}
				}
			}
		}
	}
	return e.found
}

// state is how far the walk is with a function.
type state int

const (
	inside state = iota + 1 // a call that leads there again is a recursion
	done
)

// earlier follows what runs while the program starts.
type earlier struct {
	source
	bodies map[string][]*ast.BlockStmt // of the file's functions and methods, by name
	state  map[string]state
	from   string // where the walk began
	found  []violation
}

func (e *earlier) add(n ast.Node, what string) {
	if !enough(e.found) {
		e.found = append(e.found, violation{e.line(n.Pos()), fmt.Sprintf("%s here runs before main begins, as %s leads to it, and this exercise is to work nothing out before the first call", what, e.from),
			"move the work into a function that runs when the first call needs it, and only then"})
	}
}

// walk follows the calls in what is run. A function literal runs where it is called.
func (e *earlier) walk(n ast.Node) {
	ast.Inspect(n, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			return false
		case *ast.ForStmt, *ast.RangeStmt:
			e.add(n, "the loop")
		case *ast.CallExpr:
			e.called(n, n.Fun)
			if sel, ok := n.Fun.(*ast.SelectorExpr); ok && sel.Sel.Name == "Do" {
				for _, x := range n.Args {
					e.called(n, x)
				}
			}
		}
		return true
	})
}

// called follows what an expression calls, where that is to be seen: every method of the name that is called.
func (e *earlier) called(call ast.Node, f ast.Expr) {
	name := ""
	switch f := f.(type) {
	case *ast.ParenExpr:
		e.called(call, f.X)
	case *ast.IndexExpr:
		e.called(call, f.X)
	case *ast.FuncLit:
		e.walk(f.Body)
	case *ast.Ident:
		name = f.Name
	case *ast.SelectorExpr:
		if pkg, _ := e.member(f); pkg == "" {
			name = f.Sel.Name
		}
	}
	switch e.state[name] {
	case inside:
		e.add(call, "the recursion")
	case 0:
		e.state[name] = inside
		for _, b := range e.bodies[name] {
			e.walk(b)
		}
		e.state[name] = done
	}
}
