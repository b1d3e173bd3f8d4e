package explore

import (
	"go/ast"
	"go/token"
	"go/types"
)

// assignStmt makes evaluating the right side one step and storing it another where both matter.
func (r *rewriter) assignStmt(s *ast.AssignStmt) []ast.Stmt {
	if op, ok := operators[s.Tok]; ok {
		return r.update(s, s.Lhs[0], op, s.Rhs[0])
	}
	line := r.line(s.Pos())
	stores := 0
	if s.Tok == token.ASSIGN {
		for _, l := range s.Lhs {
			if r.visible(l) {
				stores++
			}
		}
	}
	var n needs
	for i := range s.Rhs {
		r.look(&n, &s.Rhs[i])
	}
	if stores > 1 || stores == 1 && n.any() {
		return r.splitAssign(line, s)
	}
	if len(s.Rhs) == 1 {
		if ch, ok := direct(s.Rhs[0]); ok {
			return []ast.Stmt{r.do("ToReceive", line, ch), s}
		}
	}
	var list []*ast.Expr
	for i := range s.Rhs {
		list = append(list, &s.Rhs[i])
	}
	pre := r.before(line, noteNone, append(list, r.indexes(s.Lhs)...)...)
	if stores == 1 {
		pre = []ast.Stmt{r.point(line, noteNone)}
	}
	return append(pre, s)
}

// indexes returns the parts of the left sides that are read.
func (r *rewriter) indexes(lhs []ast.Expr) []*ast.Expr {
	var list []*ast.Expr
	for _, l := range lhs {
		switch l := ast.Unparen(l).(type) {
		case *ast.IndexExpr:
			list = append(list, &l.Index)
		case *ast.StarExpr:
			list = append(list, &l.X)
		}
	}
	return list
}

// splitAssign evaluates the right side into temporaries and stores them one step each.
func (r *rewriter) splitAssign(line int, s *ast.AssignStmt) []ast.Stmt {
	pre := r.before(line, noteRead, r.indexes(s.Lhs)...)
	if len(s.Rhs) == 1 && len(s.Lhs) > 1 {
		temps := make([]ast.Expr, len(s.Lhs))
		for i := range temps {
			temps[i] = ast.NewIdent(r.temp())
		}
		if ch, ok := direct(s.Rhs[0]); ok {
			pre = append(pre, r.do("ToReceive", line, ch))
		} else {
			pre = append(pre, r.before(line, noteRead, &s.Rhs[0])...)
		}
		pre = append(pre, &ast.AssignStmt{Lhs: temps, Tok: token.DEFINE, Rhs: s.Rhs})
		s.Rhs = temps
	} else {
		for i := range s.Rhs {
			pre = append(pre, r.value(line, &s.Rhs[i])...)
			r.keepUntilStored(&pre, &s.Rhs[i], len(s.Lhs) > 1)
		}
	}
	for i, l := range s.Lhs {
		if r.visible(l) {
			pre = append(pre, r.point(line, noteWrite))
		}
		pre = append(pre, assign(l, s.Rhs[i]))
	}
	return []ast.Stmt{&ast.BlockStmt{List: pre}}
}

// keepUntilStored evaluates *e before the first of several stores.
func (r *rewriter) keepUntilStored(pre *[]ast.Stmt, e *ast.Expr, several bool) {
	tv := r.Info.Types[*e]
	if id, ok := (*e).(*ast.Ident); !several || tv.Value != nil || tv.IsNil() || ok && isTemp(id.Name) {
		return
	}
	t := r.temp()
	*pre = append(*pre, define(t, *e))
	*e = ast.NewIdent(t)
}

var operators = map[token.Token]token.Token{
	token.ADD_ASSIGN: token.ADD, token.SUB_ASSIGN: token.SUB, token.MUL_ASSIGN: token.MUL,
	token.QUO_ASSIGN: token.QUO, token.REM_ASSIGN: token.REM, token.AND_ASSIGN: token.AND,
	token.OR_ASSIGN: token.OR, token.XOR_ASSIGN: token.XOR, token.SHL_ASSIGN: token.SHL,
	token.SHR_ASSIGN: token.SHR, token.AND_NOT_ASSIGN: token.AND_NOT,
}

// update rewrites x op= e, which reads x in one step and writes it in another.
func (r *rewriter) update(s ast.Stmt, x ast.Expr, op token.Token, e ast.Expr) []ast.Stmt {
	line := r.line(s.Pos())
	if !r.visible(x) || !simple(x) {
		pre := r.before(line, noteNone, r.operands(s)...)
		if r.visible(x) {
			pre = append(pre, r.point(line, noteNone))
		}
		return append(pre, s)
	}
	list := r.value(line, &e)
	t := r.temp()
	list = append(list, r.point(line, noteRead), define(t, r.typed(x, &ast.BinaryExpr{X: x, Op: op, Y: &ast.ParenExpr{X: e}})),
		r.point(line, noteWrite), assign(x, ast.NewIdent(t)))
	return []ast.Stmt{&ast.BlockStmt{List: list}}
}

// typed converts e to the type of x where that is not a basic type: the interpreter forgets names.
func (r *rewriter) typed(x, e ast.Expr) ast.Expr {
	t := r.Info.TypeOf(x)
	if _, ok := t.(*types.Basic); ok {
		return e
	}
	return &ast.CallExpr{Fun: &ast.ParenExpr{X: r.typeExpr(t)}, Args: []ast.Expr{e}}
}

func (r *rewriter) operands(s ast.Stmt) []*ast.Expr {
	switch s := s.(type) {
	case *ast.AssignStmt:
		return []*ast.Expr{&s.Rhs[0]}
	case *ast.IncDecStmt:
		return []*ast.Expr{&s.X}
	}
	return nil
}
