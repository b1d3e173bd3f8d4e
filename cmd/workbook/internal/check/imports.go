package check

import (
	"fmt"
	"go/types"
	"strconv"
	"strings"
)

// imports resolves the imports of one package. The Checker's lock is held throughout.
type imports struct {
	c      *Checker
	extra  map[string]*types.Package
	failed bool // the export data of some package could not be read
}

// resolve makes sure of every import. It returns what the go command says of the missing ones; ok
// is false where that cannot be known.
func (im *imports) resolve(p *Package) (diags []Diag, ok bool) {
	unknown := false
	for _, f := range p.Files {
		for _, spec := range f.Imports {
			name, _ := strconv.Unquote(spec.Path.Value)
			if im.extra[name] != nil || name == "unsafe" || name == "C" {
				continue
			}
			switch {
			case im.c.has(name):
			case im.c.standard(name):
				im.c.wanted[name], unknown = true, true
			default:
				at := p.Fset.PositionFor(spec.Path.Pos(), false)
				diags = append(diags, Diag{File: at.Filename, Line: at.Line, Col: at.Column, Text: im.c.missing(name)})
			}
		}
	}
	return diags, len(diags) > 0 || !unknown
}

// missing says that there is no such package, as the go command does.
func (c *Checker) missing(name string) string {
	first, _, _ := strings.Cut(name, "/")
	switch {
	case strings.HasPrefix(name, "workbook/"):
		return fmt.Sprintf("package %s is not in std (%s)", name, c.c.Root+"/src/"+name)
	case strings.Contains(first, "."):
		return fmt.Sprintf("no required module provides package %s; to add it:\n\tgo get %s", name, name)
	}
	return fmt.Sprintf("package %s is not in std (%s)", name, c.c.Root+"/src/"+name)
}

// Import implements types.Importer.
func (im *imports) Import(name string) (*types.Package, error) {
	if p := im.extra[name]; p != nil {
		return p, nil
	}
	if name == "unsafe" {
		return types.Unsafe, nil
	}
	p, err := im.c.base.Import(name)
	if err != nil {
		im.failed = true
		return nil, err
	}
	// go/types names a type by its package's path where two packages of one name are imported, even
	// if only by others: "sync".Mutex, because of internal/sync. The compiler does not.
	p.SetImports(nil)
	return p, nil
}
