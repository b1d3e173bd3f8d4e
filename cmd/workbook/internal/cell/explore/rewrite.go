package explore

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/format"
	"go/token"
	"go/types"
	"strconv"

	"workbook/cmd/workbook/internal/schedule/sched"
)

// rewriter holds a rewrite in progress.
type rewriter struct {
	*facts
	imports map[string]string // import path to the name the file gives it
	temps   int
	seen    map[ast.Node]bool // literals and calls that literalsIn has been to
	inMain  bool              // in the body of main itself, not in a literal
}

// Rewrite returns the program's source with the scheduler's calls in it, and the sites that they name, from number 1.
// The file's tree is used up.
func Rewrite(p Program) ([]byte, []sched.Site, error) {
	r := &rewriter{facts: collect(p), imports: map[string]string{}, seen: map[ast.Node]bool{}}
	for id, o := range p.Info.Implicits {
		if pkg, ok := o.(*types.PkgName); ok {
			if _, ok := id.(*ast.ImportSpec); ok {
				r.imports[pkg.Imported().Path()] = pkg.Name()
			}
		}
	}
	for _, o := range p.Info.Defs {
		if pkg, ok := o.(*types.PkgName); ok {
			r.imports[pkg.Imported().Path()] = pkg.Name()
		}
	}
	reset := r.reset()
	inits := 0
	for _, d := range p.File.Decls {
		switch d := d.(type) {
		case *ast.FuncDecl:
			r.function(d, &inits)
		case *ast.GenDecl:
			r.literalsIn(d)
		}
	}
	for i := range inits {
		reset = append(reset, &ast.ExprStmt{X: &ast.CallExpr{Fun: ast.NewIdent(initName(i))}})
	}
	p.File.Decls = append([]ast.Decl{importDecl()}, p.File.Decls...)
	p.File.Decls = append(p.File.Decls, &ast.FuncDecl{Name: ast.NewIdent(ResetName),
		Type: &ast.FuncType{Params: &ast.FieldList{}}, Body: &ast.BlockStmt{List: reset}})
	var b bytes.Buffer
	if err := format.Node(&b, token.NewFileSet(), p.File); err != nil {
		return nil, nil, fmt.Errorf("printing the rewritten program: %w", err)
	}
	return b.Bytes(), r.sites, nil
}

func initName(i int) string { return "init" + strconv.Itoa(i) + "__" }

func importDecl() ast.Decl {
	return &ast.GenDecl{Tok: token.IMPORT, Specs: []ast.Spec{
		&ast.ImportSpec{Name: ast.NewIdent(pkgName), Path: &ast.BasicLit{Kind: token.STRING, Value: strconv.Quote(ImportPath)}}}}
}

func (r *rewriter) function(d *ast.FuncDecl, inits *int) {
	if d.Body == nil {
		return
	}
	if d.Recv == nil && d.Name.Name == "main" {
		r.inMain = true
		d.Name = ast.NewIdent(MainName)
	}
	if d.Recv == nil && d.Name.Name == "init" {
		d.Name = ast.NewIdent(initName(*inits))
		*inits++
	}
	if r.inMain && r.Entries != nil {
		d.Body.List = r.entries(d.Body.List)
	} else {
		r.block(d.Body)
	}
	r.inMain = false
}

// entries rewrites main's statements, with a call before each entry and at the end.
func (r *rewriter) entries(stmts []ast.Stmt) (out []ast.Stmt) {
	rest := r.Entries
	for _, s := range stmts {
		for len(rest) > 0 && r.line(s.Pos()) >= rest[0] {
			out = append(out, r.do("Entry", rest[0]))
			rest = rest[1:]
		}
		out = append(out, r.statement(s, nil)...)
	}
	for _, line := range rest {
		out = append(out, r.do("Entry", line))
	}
	return append(out, bare("Settle"))
}

// reset returns statements that give the package's variables their first values, in the order of
// the language's rules.
func (r *rewriter) reset() []ast.Stmt {
	var list []ast.Stmt
	for _, d := range r.File.Decls {
		g, ok := d.(*ast.GenDecl)
		if !ok || g.Tok != token.VAR {
			continue
		}
		for _, spec := range g.Specs {
			v := spec.(*ast.ValueSpec)
			if len(v.Values) > 0 {
				continue
			}
			for _, name := range v.Names {
				list = append(list, zero(name, v.Type)...)
			}
		}
	}
	for _, init := range r.Info.InitOrder {
		to := make([]ast.Expr, len(init.Lhs))
		for i, v := range init.Lhs {
			to[i] = ast.NewIdent(v.Name())
		}
		list = append(list, &ast.AssignStmt{Lhs: to, Tok: token.ASSIGN, Rhs: []ast.Expr{init.Rhs}})
	}
	return list
}

func zero(name *ast.Ident, t ast.Expr) []ast.Stmt {
	if name.Name == "_" {
		return nil
	}
	z := ast.NewIdent("zero__")
	return []ast.Stmt{&ast.BlockStmt{List: []ast.Stmt{
		&ast.DeclStmt{Decl: &ast.GenDecl{Tok: token.VAR, Specs: []ast.Spec{&ast.ValueSpec{Names: []*ast.Ident{z}, Type: t}}}},
		assign(ast.NewIdent(name.Name), z)}}}
}

// literalsIn rewrites the function literals and channels made under n, but not n itself.
func (r *rewriter) literalsIn(n ast.Node) {
	if n == nil {
		return
	}
	ast.Inspect(n, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			if r.seen[n] {
				return false
			}
			r.seen[n] = true
			main := r.inMain
			r.inMain = false
			r.block(n.Body)
			r.inMain = main
			return false
		case *ast.CallExpr:
			r.channelCall(n)
		}
		return true
	})
}

// channelCall gives a channel that is made the room of one more, and has cap say what it was.
func (r *rewriter) channelCall(x *ast.CallExpr) {
	id, ok := x.Fun.(*ast.Ident)
	if !ok || len(x.Args) == 0 || r.seen[x] {
		return
	}
	r.seen[x] = true
	if _, ok := r.Info.Uses[id].(*types.Builtin); !ok {
		return
	}
	t := r.Info.TypeOf(x.Args[0])
	if t == nil {
		return
	}
	if _, ok := t.Underlying().(*types.Chan); !ok {
		return
	}
	switch {
	case id.Name == "make" && len(x.Args) == 1:
		x.Args = append(x.Args, number(1))
	case id.Name == "make":
		x.Args[1] = &ast.BinaryExpr{X: &ast.ParenExpr{X: x.Args[1]}, Op: token.ADD, Y: number(1)}
	case id.Name == "cap":
		x.Fun = selector("Cap")
	}
}

func (r *rewriter) block(b *ast.BlockStmt) {
	if b != nil {
		b.List = r.list(b.List)
	}
}

func (r *rewriter) list(stmts []ast.Stmt) []ast.Stmt {
	var out []ast.Stmt
	for _, s := range stmts {
		out = append(out, r.statement(s, nil)...)
	}
	return out
}

// statement returns what takes the place of s; label, if any, belongs on the loop or switch in it.
func (r *rewriter) statement(s ast.Stmt, label *ast.Ident) []ast.Stmt {
	labelled := func(s ast.Stmt) ast.Stmt {
		if label == nil {
			return s
		}
		return &ast.LabeledStmt{Label: label, Stmt: s}
	}
	switch s := s.(type) {
	case *ast.LabeledStmt:
		return r.statement(s.Stmt, s.Label)
	case *ast.BlockStmt:
		r.block(s)
		return []ast.Stmt{labelled(s)}
	case *ast.IfStmt:
		return r.ifStmt(s)
	case *ast.ForStmt:
		pre := r.forStmt(s)
		return append(pre, labelled(s))
	case *ast.RangeStmt:
		return r.rangeStmt(s, labelled)
	case *ast.SwitchStmt:
		return r.switchStmt(s, labelled)
	case *ast.TypeSwitchStmt:
		return r.typeSwitchStmt(s, labelled)
	case *ast.SelectStmt:
		return r.selectStmt(s, labelled)
	}
	return r.plain(s)
}

// clauses rewrites the bodies of a switch's cases.
func (r *rewriter) clauses(b *ast.BlockStmt) {
	for _, c := range b.List {
		if c, ok := c.(*ast.CaseClause); ok {
			c.Body = r.list(c.Body)
		}
	}
}
