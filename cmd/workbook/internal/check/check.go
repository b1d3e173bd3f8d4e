// Package check type-checks a submission in the words of the Go compiler.
//
// It reads the export data of imported packages from copies in the cache folder, so that an answer
// takes milliseconds. It says nothing where it cannot know: the build has the last word.
package check

import (
	"context"
	"errors"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"sync"
)

// Config is what a Checker needs.
type Config struct {
	Go       string   // the go command
	Version  string   // its version: part of the cache's key
	Root     string   // GOROOT
	Tools    string   // the folder of compile
	Env      []string // of every go command
	Dir      string   // the module in which packages are looked up
	Cache    string   // where the export data is kept
	Flags    []string // of the go command that builds what is imported
	Packages []string // import paths to have at hand beside Common
}

// Common are the packages of the standard library that submissions import.
var Common = []string{
	"bufio", "bytes", "cmp", "container/heap", "container/list", "container/ring", "context", "errors", "fmt", "hash/fnv", "io",
	"iter", "log", "maps", "math", "math/bits", "math/rand", "math/rand/v2", "os", "reflect", "runtime", "slices", "sort",
	"strconv", "strings", "sync", "sync/atomic", "testing", "testing/synctest", "time", "unicode", "unicode/utf8", "unsafe",
}

// Checker type-checks packages. It may be used by several goroutines.
type Checker struct {
	c    Config
	base types.Importer // shares one set of packages among all its imports

	mu     sync.Mutex      // guards base, which is not safe for several goroutines, and wanted
	wanted map[string]bool // packages that were asked for and are not at hand
}

// New returns a Checker. It touches no file until the first use.
func New(c Config) *Checker {
	k := &Checker{c: c, wanted: map[string]bool{}}
	k.base = importer.ForCompiler(token.NewFileSet(), "gc", k.open)
	return k
}

// Package is a package without errors of syntax; what of its types is known.
type Package struct {
	Fset  *token.FileSet
	Files []*ast.File
	Types *types.Package
	Info  *types.Info
}

// Package type-checks the files, given by name, as the package with the import path. Packages in
// extra stand before those of the same path anywhere else. Both results are nil where nothing can
// be known, as before Warm has run once on this machine: that is for the build to find out.
func (c *Checker) Package(ctx context.Context, importPath string, files map[string][]byte, extra map[string]*types.Package) (*Package, []Diag) {
	p := &Package{Fset: token.NewFileSet(), Info: &types.Info{
		Types: map[ast.Expr]types.TypeAndValue{}, Defs: map[*ast.Ident]types.Object{}, Uses: map[*ast.Ident]types.Object{},
		Selections: map[*ast.SelectorExpr]*types.Selection{}, Implicits: map[ast.Node]types.Object{},
		Instances: map[*ast.Ident]types.Instance{}, Scopes: map[ast.Node]*types.Scope{}, InitOrder: nil,
	}}
	for _, name := range slices.Sorted(maps.Keys(files)) {
		f, err := parser.ParseFile(p.Fset, name, files[name], parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			return nil, c.syntax(ctx, name, files[name], err)
		}
		p.Files = append(p.Files, f)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	im := &imports{c: c, extra: extra}
	if diags, ok := im.resolve(p); !ok || len(diags) > 0 {
		return nil, diags
	}
	var found []types.Error
	conf := types.Config{Importer: im, GoVersion: goVersion(c.c.Version), Sizes: types.SizesFor("gc", goarch(c.c.Env)),
		Error: func(err error) {
			if e := (types.Error{}); errors.As(err, &e) {
				found = append(found, e)
			}
		}}
	p.Types, _ = conf.Check(importPath, p.Fset, p.Files, p.Info)
	if im.failed {
		return nil, nil
	}
	return p, diagnose(p.Fset, append(found, bodiless(p)...))
}

// bodiless returns the functions without a body, which go/types lets pass: they may be written in
// assembly, which no submission is.
func bodiless(p *Package) (found []types.Error) {
	for _, f := range p.Files {
		for _, d := range f.Decls {
			if fn, ok := d.(*ast.FuncDecl); ok && fn.Body == nil {
				found = append(found, types.Error{Fset: p.Fset, Pos: fn.Name.Pos(), Msg: "missing function body"})
			}
		}
	}
	return found
}

// syntax words a syntax error. The go command reads a file as far as its imports with go/parser, so
// those words are its own; after that it is the compiler that speaks, and the compiler is asked: it
// reads no import before it has parsed the file.
func (c *Checker) syntax(ctx context.Context, name string, src []byte, err error) []Diag {
	if _, early := parser.ParseFile(token.NewFileSet(), name, src, parser.ImportsOnly|parser.ParseComments); early != nil {
		return parserDiags(name, early, "")
	}
	if diags := c.compile(ctx, name, src); len(diags) > 0 {
		return diags
	}
	return parserDiags(name, err, "syntax error: ")
}

// goVersion returns the language version of a toolchain, "go1.26" of "go1.26.8".
func goVersion(v string) string {
	if parts := strings.SplitN(v, ".", 3); len(parts) >= 2 && strings.HasPrefix(v, "go1.") {
		return parts[0] + "." + leadingDigits(parts[1])
	}
	return ""
}

func leadingDigits(s string) string {
	if i := strings.IndexFunc(s, func(r rune) bool { return r < '0' || r > '9' }); i >= 0 {
		return s[:i]
	}
	return s
}

// goarch returns the GOARCH of an environment; "amd64" where it has none, whose sizes are those of
// every system that has a race detector.
func goarch(env []string) string {
	for _, kv := range slices.Backward(env) {
		if v, ok := strings.CutPrefix(kv, "GOARCH="); ok && v != "" {
			return v
		}
	}
	return "amd64"
}

// standard reports whether an import path is a package of the standard library.
func (c *Checker) standard(p string) bool {
	if p == "" || strings.HasPrefix(p, "/") || path.Clean(p) != p {
		return false
	}
	info, err := os.Stat(filepath.Join(c.c.Root, "src", filepath.FromSlash(p)))
	return p == "unsafe" || err == nil && info.IsDir()
}
