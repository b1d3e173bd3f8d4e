package explain

import (
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"testing"

	"workbook/cmd/workbook/internal/check"
)

// TestOutlines holds that the outlines of the standard library's packages type-check.
func TestOutlines(t *testing.T) {
	for name, text := range outlines {
		fset := token.NewFileSet()
		f, err := parser.ParseFile(fset, name+".go", text, 0)
		if err != nil {
			t.Fatal(err)
		}
		conf := types.Config{Importer: newImporter(nil), IgnoreFuncBodies: true}
		if _, err := conf.Check(name, fset, []*ast.File{f}, nil); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestKnownImports holds that imports come from the package that was type-checked, where there is one.
func TestKnownImports(t *testing.T) {
	fset := token.NewFileSet()
	compile := func(name, text string, imp types.Importer) *types.Package {
		f, err := parser.ParseFile(fset, name+".go", text, 0)
		if err != nil {
			t.Fatal(err)
		}
		conf := types.Config{Importer: imp}
		p, err := conf.Check(name, fset, []*ast.File{f}, nil)
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	lib := compile("ring", "package ring\ntype Ring struct{ n int }\nfunc New() *Ring { return nil }\n", nil)
	text := "package x\nimport \"ring\"\nvar r = ring.New()\n"
	known := compile("x", text, importer{"ring": lib})
	for _, tt := range []struct {
		pkg  *check.Package
		want string
	}{{&check.Package{Types: known}, "*ring.Ring, package variable"}, {nil, "package variable"}} {
		s := newSource(Input{Files: map[string][]byte{"x.go": []byte(text)}, Pkg: tt.pkg})
		if got := s.describe(s.refs[len(s.refs)-1].obj); got != tt.want {
			t.Errorf("r is %q, want %q", got, tt.want)
		}
	}
}
