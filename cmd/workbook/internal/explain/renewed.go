package explain

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"

	"workbook/cmd/workbook/internal/verdict"
)

// renewal is an assignment that puts a new lock, Once or the like in the place of one that is in use.
type renewal struct {
	name string // of the variable, as written
	kind string // "Once"
	file string
	line int
}

// renewed finds an assignment to a field or package variable that is, or points to, a value of package sync.
func (s *source) renewed(o types.Object) (renewal, bool) {
	v, ok := o.(*types.Var)
	if !ok || !v.IsField() && (v.Pkg() == nil || v.Parent() != v.Pkg().Scope()) {
		return renewal{}, false
	}
	kind := syncType(v.Type())
	if kind == "" {
		return renewal{}, false
	}
	for _, name := range s.names {
		r := renewal{kind: kind, file: name}
		if s.files[name].tree == nil {
			continue
		}
		ast.Inspect(s.files[name].tree, func(n ast.Node) bool {
			as, ok := n.(*ast.AssignStmt)
			if !ok || as.Tok != token.ASSIGN || r.line > 0 {
				return true
			}
			for i, lhs := range as.Lhs {
				if s.object(lhs) == o && len(as.Rhs) == len(as.Lhs) && s.madeNew(as.Rhs[i]) {
					r.name, r.line = types.ExprString(lhs), s.line(lhs.Pos())
				}
			}
			return true
		})
		if r.line > 0 {
			return r, true
		}
	}
	return renewal{}, false
}

// syncType is the name of a type of package sync, "" for another one.
func syncType(t types.Type) string {
	if p, ok := t.(*types.Pointer); ok {
		t = p.Elem()
	}
	n, ok := t.(*types.Named)
	if !ok || n.Obj().Pkg() == nil || n.Obj().Pkg().Path() != "sync" {
		return ""
	}
	switch name := n.Obj().Name(); name {
	case "Once", "Mutex", "RWMutex", "WaitGroup":
		return name
	}
	return ""
}

// madeNew reports whether an expression makes a new value: sync.Once{}, &sync.Once{}, new(sync.Once).
func (s *source) madeNew(e ast.Expr) bool {
	switch e := ast.Unparen(e).(type) {
	case *ast.CompositeLit:
		return true
	case *ast.UnaryExpr:
		return e.Op == token.AND && s.madeNew(e.X)
	case *ast.CallExpr:
		id, ok := e.Fun.(*ast.Ident)
		return ok && id.Name == "new"
	}
	return false
}

// hint says what to do in its place.
func (n renewal) hint(s *source) string {
	if n.kind == "Once" {
		return s.first("A sync.Once cannot be used again, and remembers that the call was made, not that it succeeded. Where it is to be tried again, use a mutex and a field that is set after a success only.",
			"A Once cannot be used again, and remembers that the call was made, not that it succeeded.")
	}
	return fmt.Sprintf("Never assign to a %s that is in use: whoever has the old one is not kept apart from those who have the new one.", n.kind)
}

// renewedInUse explains a race on a lock, Once or the like that one of the two lines replaces.
func (r *race) renewedInUse() (cause, bool) {
	v := r.ref()
	if v == nil {
		return cause{}, false
	}
	n, ok := r.renewed(v.obj)
	if !ok {
		return cause{}, false
	}
	where := r.lineName(n.file, n.line)
	return cause{
		why:  fmt.Sprintf("%s puts a new %s in the place of one that another goroutine may be using: the two know nothing of each other.", capital(where), n.kind),
		hint: n.hint(r.source), lesson: map[bool]string{true: secOnce, false: secCopies}[n.kind == "Once"],
		at: []verdict.Place{r.at(n.file, n.line, "replaces")},
	}, true
}
