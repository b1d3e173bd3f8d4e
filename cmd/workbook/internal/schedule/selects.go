package schedule

import (
	"go/ast"
	"go/types"
	"strings"
)

// comm is a communication case with what it evaluates on entering the select.
type comm struct {
	channel ast.Expr
	value   ast.Expr // of a send, else nil
}

// selectStmt gives the choice among several cases to the scheduler: the operands move to variables
// before the statement, the runtime chooses, and the channels that the variables then give let the
// statement take the case chosen.
func (w *walker) selectStmt(s *ast.SelectStmt, outer ast.Stmt) {
	if w.Interpreted != nil {
		w.choose(s, outer)
		return
	}
	var comms []comm
	hasDefault := false
	r := &reader{file: w.file}
	for _, c := range s.Body.List {
		stmt := c.(*ast.CommClause).Comm
		if stmt == nil {
			hasDefault = true
			continue
		}
		c := operands(stmt)
		r.expr(c.channel)
		r.expr(c.value)
		comms = append(comms, c)
		w.literals(stmt)
	}
	on := joined(w.file, comms)
	why := w.fixed(comms, outer)
	if len(comms) >= 2 && why == "" {
		n := w.point(s, outer, r)
		w.wraps(r, n)
		w.hoist(comms, outer, w.site(s, "select", on, nil), hasDefault)
	} else {
		if len(comms) >= 2 {
			w.note(s.Pos(), "%s: the choice among ready cases stays with Go's runtime", why)
		}
		r.add(s, "select", on, true)
		w.point(s, outer, r)
		w.wraps(r, 0)
	}
	for _, c := range s.Body.List {
		w.list(c.(*ast.CommClause).Body)
	}
}

// operands returns the operands of a communication.
func operands(s ast.Stmt) comm {
	var e ast.Expr
	switch s := s.(type) {
	case *ast.SendStmt:
		return comm{s.Chan, s.Value}
	case *ast.ExprStmt:
		e = s.X
	case *ast.AssignStmt:
		e = s.Rhs[0]
	}
	return comm{ast.Unparen(e).(*ast.UnaryExpr).X, nil}
}

func joined(f *file, comms []comm) string {
	var l []string
	for _, c := range comms {
		l = append(l, oneLine(f.text(c.channel)))
	}
	return strings.Join(l, ", ")
}

// fixed says why the operands cannot move, or "".
func (w *walker) fixed(comms []comm, outer ast.Stmt) string {
	for _, c := range comms {
		if strings.Contains(w.text(c.channel), "\n") || c.value != nil && strings.Contains(w.text(c.value), "\n") {
			return "a select with an operand of several lines"
		}
		if _, ok := under(w.Info.TypeOf(c.channel)).(*types.Chan); !ok {
			return "a select on a channel of no single type"
		}
	}
	if l := label(outer); l != "" && w.jumps[l] {
		return "a select that a goto jumps to"
	}
	return ""
}

// hoist inserts the variables and the choice before the select, and closes their block behind it.
func (w *walker) hoist(comms []comm, outer ast.Stmt, n int32, hasDefault bool) {
	parts := []part{{text: "{"}}
	var cases []string
	for _, c := range comms {
		name := w.temp()
		cases = append(cases, name)
		head := w.call("Recv(")
		if c.value != nil {
			head = w.call("Send(")
		}
		parts = append(parts, part{text: name + " := " + head}, w.moved(c.channel), part{text: ")"})
		w.take(c.channel, name+".C()")
		if c.value != nil {
			parts = append(parts, part{text: ".Of("}, w.moved(c.value), part{text: ")"})
			w.take(c.value, name+".V")
		}
		parts = append(parts, part{text: "; "})
	}
	parts = append(parts, part{text: w.call("Select(%d, %s, %s); ", n, truth(hasDefault), strings.Join(cases, ", "))})
	w.edit(before, outer.Pos(), outer.End(), parts...)
	w.after(outer.Pos(), outer.End(), "}")
}

// truth spells a constant that no declaration can shadow.
func truth(b bool) string {
	if b {
		return "1 == 1"
	}
	return "1 == 0"
}

func (f *file) moved(e ast.Expr) part { return part{lo: f.offset(e.Pos()), hi: f.offset(e.End())} }

func (f *file) take(e ast.Expr, text string) { f.edit(move, e.Pos(), e.End(), part{text: text}) }
