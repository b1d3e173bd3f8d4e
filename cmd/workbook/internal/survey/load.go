package survey

import (
	"context"
	"errors"
	"fmt"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// unit is one package of a test binary, of the learner's module, with its types.
type unit struct {
	*listed
	path    string            // as it is imported: without the test that it is compiled for
	sources map[string][]byte // by absolute name
	files   []*ast.File
	pkg     *types.Package
	info    *types.Info
	tests   bool // there are test files in it
}

// loader reads the packages of one test binary.
type loader struct {
	target *target
	fset   *token.FileSet
	listed map[string]*listed        // by import path, with the test that it is compiled for
	source map[string]*types.Package // of units
	export types.Importer            // of the others
	units  []*unit                   // dependencies first
}

// load lists what a package's test binary is made of, and type-checks what of it is in the learner's
// module. The package must have been built.
func (s *Survey) load(ctx context.Context, t *target) (*loader, error) {
	all, err := s.list(ctx, "-export", "-race", "-deps", "-test", "--", t.ImportPath)
	if err != nil {
		return nil, err
	}
	l := &loader{target: t, fset: token.NewFileSet(), listed: map[string]*listed{}, source: map[string]*types.Package{}}
	l.export = importer.ForCompiler(token.NewFileSet(), "gc", l.open)
	for _, p := range all {
		l.listed[p.ImportPath] = p
	}
	binary := l.listed[t.ImportPath+".test"]
	if binary == nil {
		return nil, fmt.Errorf("go list knows no test binary of %s", t.ImportPath)
	}
	for _, p := range all { // dependencies come first
		if p.Standard || p.Module == nil || !p.Module.Main || !slices.Contains(binary.Deps, p.ImportPath) {
			continue
		}
		if err := l.add(p, s.tool.Arch); err != nil {
			return nil, err
		}
	}
	return l, nil
}

// open is the lookup of the importer.
func (l *loader) open(path string) (io.ReadCloser, error) {
	p := l.listed[path]
	if p == nil || p.Export == "" {
		return nil, fmt.Errorf("no export data of %s", path)
	}
	return os.Open(p.Export)
}

// importing is the imports of one package.
type importing struct {
	*loader
	of *listed
}

// Import implements types.Importer.
func (im importing) Import(path string) (*types.Package, error) {
	if path == "unsafe" {
		return types.Unsafe, nil
	}
	if mapped := im.of.ImportMap[path]; mapped != "" {
		path = mapped
	}
	if p := im.source[path]; p != nil {
		return p, nil
	}
	return im.export.Import(path)
}

// plain is the import path of a package, without the test that it is compiled for.
func plain(importPath string) string {
	path, _, _ := strings.Cut(importPath, " [")
	return path
}

// add parses and type-checks a package.
func (l *loader) add(p *listed, arch string) error {
	u := &unit{listed: p, path: plain(p.ImportPath), sources: map[string][]byte{}, info: &types.Info{
		Types: map[ast.Expr]types.TypeAndValue{}, Defs: map[*ast.Ident]types.Object{}, Uses: map[*ast.Ident]types.Object{},
		Selections: map[*ast.SelectorExpr]*types.Selection{}, Implicits: map[ast.Node]types.Object{},
		Instances: map[*ast.Ident]types.Instance{}, Scopes: map[ast.Node]*types.Scope{},
	}}
	for _, base := range slices.Concat(p.GoFiles, p.CgoFiles) {
		name := base
		if !filepath.IsAbs(name) {
			name = filepath.Join(p.Dir, base)
		}
		src, err := os.ReadFile(name)
		if err != nil {
			return fmt.Errorf("reading %s: %w", p.ImportPath, err)
		}
		src = l.target.renamed(name, src)
		tree, err := parser.ParseFile(l.fset, name, src, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			return fmt.Errorf("reading %s: %w", p.ImportPath, err)
		}
		u.sources[name], u.files = src, append(u.files, tree)
		u.tests = u.tests || strings.HasSuffix(name, "_test.go")
	}
	var first error
	conf := types.Config{
		Importer: importing{l, p}, Sizes: types.SizesFor("gc", arch), GoVersion: goVersion(p.Module), FakeImportC: true,
		Error: func(err error) { first = errors.Join(first, err) },
	}
	u.pkg, _ = conf.Check(u.path, l.fset, u.files, u.info)
	if first != nil {
		text, _, _ := strings.Cut(first.Error(), "\n")
		return fmt.Errorf("the types of %s are not known: %s", u.path, text)
	}
	l.source[p.ImportPath] = u.pkg
	l.units = append(l.units, u)
	return nil
}

// goVersion is the language version of a module.
func goVersion(m *module) string {
	if m.GoVersion == "" {
		return "go1.16"
	}
	return "go" + m.GoVersion
}
