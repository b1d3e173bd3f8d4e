package explain

import (
	"fmt"
	"go/ast"
	"go/types"
	"strings"
)

// use is what becomes of a value that an atomic operation has read, until another one writes the variable.
type use int

const (
	unused   use = iota
	computes     // with it, what is written
	decides      // what is done
)

// atomicHint says which one operation does what two atomic ones were to do: that depends on what becomes of the value
// that the first one has read.
func (s *source) atomicHint(t *torn, from, to string) string {
	op, use := s.atomicCall(t.last), s.useOf(t)
	switch {
	case strings.Contains(op, "CompareAndSwap"):
		return fmt.Sprintf("The CompareAndSwap at %s compares with a newer value than the one you decided by at %s: compare with that one, and when it returns false go back to %s and decide anew.", to, from, from)
	case strings.Contains(op, "Store") && use == computes && s.sums(t.last):
		return "Two atomic operations are two steps: one Add does both, and returns the new value."
	case strings.Contains(op, "Store") && use == unused:
		return fmt.Sprintf("Two atomic operations are two steps: one Swap at %s returns the old value while it stores the new one.", from)
	}
	return fmt.Sprintf("Two atomic operations are two steps. Make them one: try CompareAndSwap with the value read at %s, and go back there and decide anew whenever it returns false.", from)
}

// atomicCall is the name of the atomic operation of a step, "" where it is not told.
func (s *source) atomicCall(m *move) string {
	text := m.statement()
	for _, n := range s.nodes(m.name, m.Line) {
		call, ok := n.(*ast.CallExpr)
		if !ok || m.Var == "" {
			continue
		}
		if sel, ok := call.Fun.(*ast.SelectorExpr); ok && sameExpr(types.ExprString(sel.X), m.Var) && methodMode("."+sel.Sel.Name+"(")&writes != 0 {
			return sel.Sel.Name
		}
	}
	return text
}

// sums reports whether a step stores a sum of what is read on the same line.
func (s *source) sums(m *move) bool {
	found := false
	for _, n := range s.nodes(m.name, m.Line) {
		if b, ok := n.(*ast.BinaryExpr); ok && (b.Op.String() == "+" || b.Op.String() == "-") {
			found = true
		}
	}
	return found && strings.Contains(s.atomicCall(m), "Store")
}

// useOf is what becomes of the value that the first step has read, until the last one.
func (s *source) useOf(t *torn) use {
	if s.spot0(t.first) == s.spot0(t.last) {
		return computes
	}
	var held types.Object
	for _, n := range s.nodes(t.first.name, t.first.Line) {
		if as, ok := n.(*ast.AssignStmt); ok && len(as.Lhs) > 0 {
			if id, ok := as.Lhs[0].(*ast.Ident); ok {
				held = s.variable(id)
			}
		}
	}
	if held == nil || t.first.fn == nil || t.first.fn != t.last.fn {
		return decides
	}
	found := unused
	ast.Inspect(t.first.fn.body(), func(n ast.Node) bool {
		var condition ast.Expr
		switch n := n.(type) {
		case *ast.IfStmt:
			condition = n.Cond
		case *ast.ForStmt:
			condition = n.Cond
		case *ast.SwitchStmt:
			condition = n.Tag
		}
		if condition != nil && s.usedBetween(condition, held, t) {
			found = decides
		}
		if id, ok := n.(*ast.Ident); ok && found == unused && s.usedBetween(id, held, t) {
			found = computes
		}
		return true
	})
	return found
}

// usedBetween reports whether an expression uses a variable in the lines from the first step to the last.
func (s *source) usedBetween(e ast.Expr, v types.Object, t *torn) bool {
	used := false
	ast.Inspect(e, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok && s.variable(id) == v && s.info.Defs[id] == nil {
			line := s.line(id.Pos())
			used = used || line >= t.first.Line && line <= t.last.Line
		}
		return !used
	})
	return used
}
