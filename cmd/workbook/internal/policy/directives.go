package policy

import (
	"fmt"
	"go/ast"
	"go/build/constraint"
	"go/token"
	"strings"
)

// directive returns the words of a comment that the toolchain obeys, and what they would do; "" for
// a comment that is for people.
func directive(c *ast.Comment) (words, does string) {
	first, _, _ := strings.Cut(c.Text, "\n")
	first = strings.TrimSpace(first)
	switch {
	case constraint.IsGoBuild(first) || constraint.IsPlusBuild(first):
		return first, "it lets the file count in some builds only, and your code must be one and the same in all"
	case strings.HasPrefix(c.Text, "//go:norace"):
		return first, "it hides a function from the race detector"
	case strings.HasPrefix(c.Text, "//go:"):
		return first, "it changes what the compiler makes of the code, and so what is graded"
	case (strings.HasPrefix(c.Text, "//line ") || strings.HasPrefix(c.Text, "/*line ")) && strings.Contains(c.Text, ":"):
		// Without a colon the compiler takes it for a comment like any other.
		return first, "it says that the following lines stand in another file, and the findings would point there"
	case strings.HasPrefix(c.Text, "//export ") || strings.HasPrefix(c.Text, "//extern "):
		if len(strings.Fields(c.Text)) == 2 {
			return first, "it connects a function with C code, which the race detector does not see"
		}
	}
	return "", ""
}

func directives(s source) []violation {
	var found []violation
	for _, group := range s.ast.Comments {
		for _, c := range group.List {
			if enough(found) {
				return found
			}
			if words, does := directive(c); words != "" {
				found = append(found, violation{s.line(c.Pos()), fmt.Sprintf("the directive %s is not allowed: %s", words, does), "remove the line; a comment for people has a blank after the //"})
			}
		}
	}
	return found
}

// bodies wants every function to be written in Go.
func bodies(s source) []violation {
	var found []violation
	for _, d := range s.ast.Decls {
		if fn, ok := d.(*ast.FuncDecl); ok && fn.Body == nil && !enough(found) {
			found = append(found, violation{s.line(fn.Pos()), fmt.Sprintf("%s has no body: Go would look for it in assembly, which the race detector does not see", fn.Name.Name), "write the body: { … }"})
		}
	}
	return found
}

// packageName wants the package that the hidden tests import.
func packageName(s source) []violation {
	if s.ast.Name.Name == s.ex.Name {
		return nil
	}
	return []violation{{s.line(s.ast.Name.Pos()), fmt.Sprintf("the package is called %s, and the hidden tests import package %s", s.ast.Name.Name, s.ex.Name), "make the first line: package " + s.ex.Name}}
}

// foreign wants the variables of other packages left alone.
func foreign(s source) []violation {
	var found []violation
	target := func(at token.Pos, e ast.Expr, what string) {
		if pkg, name := s.root(e); pkg != "" {
			found = append(found, violation{s.line(at), fmt.Sprintf("%s %s is not allowed: the variable belongs to package %s, and everybody in the program shares it, the tests included", what, name, pkg), "keep the value in a variable of your own"})
		}
	}
	if len(s.packages) == 0 {
		return nil
	}
	ast.Inspect(s.ast, func(n ast.Node) bool {
		if enough(found) {
			return false
		}
		switch n := n.(type) {
		case *ast.AssignStmt:
			for _, e := range n.Lhs {
				target(n.Pos(), e, "assigning to")
			}
		case *ast.IncDecStmt:
			target(n.Pos(), n.X, "changing")
		case *ast.RangeStmt:
			target(n.Pos(), n.Key, "assigning to")
			target(n.Pos(), n.Value, "assigning to")
		case *ast.UnaryExpr:
			if n.Op == token.AND {
				target(n.Pos(), n.X, "taking the address of")
			}
		}
		return true
	})
	return found
}

// root returns the package and the name of the variable that an expression is a part of, "" where it
// is no other package's.
func (s source) root(e ast.Expr) (pkg, name string) {
	for {
		if pkg, _ = s.member(e); pkg != "" {
			return pkg, nameOf(e)
		}
		switch x := e.(type) {
		case *ast.ParenExpr:
			e = x.X
		case *ast.StarExpr:
			e = x.X
		case *ast.IndexExpr:
			e = x.X
		case *ast.SliceExpr:
			e = x.X
		case *ast.SelectorExpr:
			e = x.X
		default:
			return "", ""
		}
	}
}

// nameOf is a member of a package as the file writes it.
func nameOf(e ast.Expr) string {
	sel := e.(*ast.SelectorExpr)
	return sel.X.(*ast.Ident).Name + "." + sel.Sel.Name
}
