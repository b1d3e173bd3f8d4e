package schedule

import (
	"go/ast"
	"strings"
)

// site makes a scheduling point for the statement s, of which ops are what follows the point.
func (w *walker) site(s ast.Node, kind, on string, ops []op) int32 {
	name := w.name
	if w.Shown != nil {
		name = w.Shown(name)
	}
	calm := quiet(ops) && !loud[kind]
	switch kind {
	case "func", "own", "std":
		kind = "call"
	}
	w.out.Sites = append(w.out.Sites, Site{
		File: name, Line: int32(w.line(s.Pos())), Op: kind,
		Text: w.excerpt(s), Var: compact(on), Guard: strings.Join(w.held, " "), Quiet: calm,
	})
	return w.First + int32(len(w.out.Sites)) - 1
}

// excerpt returns the first line of the statement's source, without the block that it heads.
func (f *file) excerpt(n ast.Node) string {
	end := n.End()
	switch n := n.(type) {
	case *ast.IfStmt:
		end = n.Body.Lbrace
	case *ast.ForStmt:
		end = n.Body.Lbrace
	case *ast.RangeStmt:
		end = n.Body.Lbrace
	case *ast.SwitchStmt:
		end = n.Body.Lbrace
	case *ast.TypeSwitchStmt:
		end = n.Body.Lbrace
	case *ast.SelectStmt:
		end = n.Body.Lbrace
	}
	return oneLine(string(f.src[f.offset(n.Pos()):f.offset(end)]))
}

// compact returns the text without the line breaks and the space around them.
func compact(text string) string {
	return oneLine(strings.ReplaceAll(strings.Join(strings.Fields(text), " "), ". ", "."))
}

// oneLine returns the first line of text, at most 100 runes long.
func oneLine(text string) string {
	text, _, _ = strings.Cut(text, "\n")
	r := []rune(strings.TrimSpace(text))
	if len(r) > 100 {
		r = append(r[:99], '…')
	}
	return string(r)
}
