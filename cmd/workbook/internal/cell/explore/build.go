package explore

import (
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"strconv"

	"workbook/cmd/workbook/internal/schedule/sched"
)

// The names that Rewrite brings into a program.
const (
	ImportPath = "workbook/explore" // of the package that holds the calls
	MainName   = "Main__"           // the program's main function
	ResetName  = "Reset__"          // sets the package's variables as at the start

	pkgName = "explore__"
)

func number(n int) ast.Expr  { return &ast.BasicLit{Kind: token.INT, Value: strconv.Itoa(n)} }
func text(s string) ast.Expr { return &ast.BasicLit{Kind: token.STRING, Value: strconv.Quote(s)} }

// Notes of a point: the two halves of a statement that reads and writes.
const (
	noteNone  = ""
	noteRead  = "read"
	noteWrite = "write"
)

// site makes a site of the scheduler's and returns its number.
func (f *facts) site(line int, note string) ast.Expr {
	f.sites = append(f.sites, sched.Site{Line: int32(line), Op: note})
	return number(len(f.sites))
}

// call is explore__.name(site, args...).
func (f *facts) call(name string, line int, args ...ast.Expr) ast.Expr {
	note := noteNone
	if name == "B" {
		note = noteRead
	}
	return &ast.CallExpr{Fun: selector(name), Args: append([]ast.Expr{f.site(line, note)}, args...)}
}

func selector(name string) ast.Expr {
	return &ast.SelectorExpr{X: ast.NewIdent(pkgName), Sel: ast.NewIdent(name)}
}

func (r *rewriter) do(name string, line int, args ...ast.Expr) ast.Stmt {
	return &ast.ExprStmt{X: r.call(name, line, args...)}
}

func (r *rewriter) point(line int, note string) ast.Stmt {
	return &ast.ExprStmt{X: &ast.CallExpr{Fun: selector("P"), Args: []ast.Expr{r.site(line, note)}}}
}

func bare(name string) ast.Stmt {
	return &ast.ExprStmt{X: &ast.CallExpr{Fun: selector(name)}}
}

func yield() ast.Stmt { return bare("Yield") }

func define(name string, e ast.Expr) ast.Stmt {
	return &ast.AssignStmt{Lhs: []ast.Expr{ast.NewIdent(name)}, Tok: token.DEFINE, Rhs: []ast.Expr{e}}
}

func assign(to, e ast.Expr) ast.Stmt {
	return &ast.AssignStmt{Lhs: []ast.Expr{to}, Tok: token.ASSIGN, Rhs: []ast.Expr{e}}
}

func recv(ch ast.Expr) ast.Expr { return &ast.UnaryExpr{Op: token.ARROW, X: ch} }

// literal is func() result { body }.
func literal(result ast.Expr, body ...ast.Stmt) *ast.FuncLit {
	t := &ast.FuncType{Params: &ast.FieldList{}}
	if result != nil {
		t.Results = &ast.FieldList{List: []*ast.Field{{Type: result}}}
	}
	return &ast.FuncLit{Type: t, Body: &ast.BlockStmt{List: body}}
}

// temp returns a name that the program does not use.
func (r *rewriter) temp() string {
	r.temps++
	return "t" + strconv.Itoa(r.temps) + "__"
}

// typeExpr writes a type as the program would.
func (r *rewriter) typeExpr(t types.Type) ast.Expr {
	name := types.TypeString(t, func(p *types.Package) string {
		if p == r.Pkg {
			return ""
		}
		return r.imports[p.Path()]
	})
	e, err := parser.ParseExpr(name)
	if err != nil {
		return ast.NewIdent("any")
	}
	return e
}

// simple reports whether evaluating e twice is the same as once.
func simple(e ast.Expr) bool {
	switch e := ast.Unparen(e).(type) {
	case *ast.Ident:
		return true
	case *ast.SelectorExpr:
		return simple(e.X)
	case *ast.StarExpr:
		return simple(e.X)
	case *ast.BasicLit:
		return true
	case *ast.IndexExpr:
		return simple(e.X) && simple(e.Index)
	}
	return false
}
