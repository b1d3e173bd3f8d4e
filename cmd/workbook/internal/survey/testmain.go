package survey

import (
	"go/ast"
	"slices"
)

// ownMain is what a package's own TestMain is called in the binary, where a generated one calls it.
const ownMain = "workbookTestMain"

// renamed is a file with the package's own TestMain under another name.
func (t *target) renamed(name string, src []byte) []byte {
	if t.testMain == nil || name != t.mainFile {
		return src
	}
	at := t.fset.PositionFor(t.testMain.Name.Pos(), false).Offset
	return slices.Concat(src[:at], []byte(ownMain), src[at+len("TestMain"):])
}

// runsOnly reports whether a TestMain does nothing but run the tests, and perhaps count what they leave.
// Anything else is done once for a process, and not before each schedule.
func runsOnly(fn *ast.FuncDecl) bool {
	if fn == nil {
		return true
	}
	if fn.Body == nil {
		return false
	}
	for _, s := range fn.Body.List {
		switch s := s.(type) {
		case *ast.ExprStmt:
			if !runs(s.X) {
				return false
			}
		case *ast.AssignStmt: // code := m.Run()
			if len(s.Rhs) != 1 || !runs(s.Rhs[0]) {
				return false
			}
		default:
			return false
		}
	}
	return true
}

// runs reports whether an expression is one of m.Run(), os.Exit(code), os.Exit(m.Run()), flag.Parse() and
// goleak.VerifyTestMain(m).
func runs(e ast.Expr) bool {
	call, ok := e.(*ast.CallExpr)
	if !ok {
		return false
	}
	sel, ok := call.Fun.(*ast.SelectorExpr)
	if !ok {
		return false
	}
	of, _ := sel.X.(*ast.Ident)
	switch {
	case of == nil:
		return false
	case sel.Sel.Name == "Run" && len(call.Args) == 0, sel.Sel.Name == "VerifyTestMain", of.Name == "flag" && sel.Sel.Name == "Parse":
		return true
	case of.Name == "os" && sel.Sel.Name == "Exit" && len(call.Args) == 1:
		if _, ok := call.Args[0].(*ast.Ident); ok {
			return true
		}
		return runs(call.Args[0])
	}
	return false
}
