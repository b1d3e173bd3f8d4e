package survey

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// listed is a package as `go list` describes it.
type listed struct {
	ImportPath, Name, Dir, ForTest, Export string
	GoFiles, CgoFiles                      []string
	TestGoFiles, XTestGoFiles              []string
	Deps                                   []string
	ImportMap                              map[string]string
	Standard                               bool
	Module                                 *module
	Error                                  *struct{ Pos, Err string }
	Match                                  []string
}

type module struct {
	Path, Dir, GoVersion string
	Main                 bool
}

// fields are what is asked of `go list`.
const fields = "ImportPath,Name,Dir,ForTest,Export,GoFiles,CgoFiles,TestGoFiles,XTestGoFiles,Deps,ImportMap,Standard,Module,Error,Match"

// list runs `go list`.
func (s *Survey) list(ctx context.Context, args ...string) ([]*listed, error) {
	out, err := s.goCommand(ctx, slices.Concat([]string{"list", "-e", "-json=" + fields}, s.flags, args)...)
	if err != nil {
		return nil, err
	}
	var all []*listed
	for d := json.NewDecoder(bytes.NewReader(out)); ; {
		p := new(listed)
		if err := d.Decode(p); errors.Is(err, io.EOF) {
			return all, nil
		} else if err != nil {
			return nil, fmt.Errorf("reading what go list says: %w", err)
		}
		all = append(all, p)
	}
}

// target is a package whose tests are to be explored.
type target struct {
	*listed
	tests    []string
	sources  map[string][]byte // its test files, by absolute name
	testMain *ast.FuncDecl     // nil where it has none
	mainFile string            // where that is
	fset     *token.FileSet
}

// targets are the packages of a request that have tests which it names.
func (s *Survey) targets(ctx context.Context, r Request) ([]*target, error) {
	patterns := r.Patterns
	if len(patterns) == 0 {
		patterns = []string{"./..."}
	}
	all, err := s.list(ctx, append([]string{"--"}, patterns...)...)
	if err != nil {
		return nil, err
	}
	var targets []*target
	for _, p := range all {
		switch {
		case p.Error != nil && len(p.TestGoFiles)+len(p.XTestGoFiles)+len(p.GoFiles) == 0:
			return nil, &ListError{Text: p.Error.Err}
		case p.Standard || p.Module == nil || !p.Module.Main:
			return nil, &ListError{Text: fmt.Sprintf("package %s is not of this module", p.ImportPath)}
		}
		t, err := newTarget(p, r.Run)
		if err != nil {
			return nil, err
		}
		if len(t.tests) > 0 {
			targets = append(targets, t)
		}
	}
	return targets, nil
}

// newTarget reads the names of a package's tests out of its files.
func newTarget(p *listed, run *regexp.Regexp) (*target, error) {
	t := &target{listed: p, sources: map[string][]byte{}, fset: token.NewFileSet()}
	for _, base := range slices.Concat(p.TestGoFiles, p.XTestGoFiles) {
		name := filepath.Join(p.Dir, base)
		src, err := os.ReadFile(name)
		if err != nil {
			return nil, fmt.Errorf("reading a test: %w", err)
		}
		t.sources[name] = src
		tree, _ := parser.ParseFile(t.fset, name, src, parser.SkipObjectResolution) // the compiler words its errors
		if tree == nil {
			continue
		}
		for _, d := range tree.Decls {
			switch fn, ok := d.(*ast.FuncDecl); {
			case !ok || fn.Recv != nil:
			case isTest(fn) && (run == nil || run.MatchString(fn.Name.Name)):
				t.tests = append(t.tests, fn.Name.Name)
			case fn.Name.Name == "TestMain":
				t.testMain, t.mainFile = fn, name
			}
		}
	}
	return t, nil
}

// isTest reports whether a function is `func TestX(t *testing.T)`.
func isTest(fn *ast.FuncDecl) bool {
	rest, ok := strings.CutPrefix(fn.Name.Name, "Test")
	if first, _ := utf8.DecodeRuneInString(rest); !ok || unicode.IsLower(first) || fn.Name.Name == "TestMain" && !takes(fn, "T") {
		return false
	}
	return takes(fn, "T") && fn.Type.Results == nil && fn.Type.TypeParams == nil
}

// takes reports whether a function's one parameter is a pointer to a type of that name.
func takes(fn *ast.FuncDecl, name string) bool {
	params := fn.Type.Params.List
	if len(params) != 1 || len(params[0].Names) > 1 {
		return false
	}
	star, ok := params[0].Type.(*ast.StarExpr)
	if !ok {
		return false
	}
	switch x := star.X.(type) {
	case *ast.SelectorExpr:
		return x.Sel.Name == name
	case *ast.Ident: // package testing may be imported with a dot
		return x.Name == name
	}
	return false
}
