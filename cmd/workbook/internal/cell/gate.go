package cell

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/scanner"
	"go/token"
	"go/types"
	"io"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// maxErrors is where go build stops as well.
const maxErrors = 10

// typedProgram is a type-checked program whose positions are those that its author knows.
type typedProgram struct {
	Fset   *token.FileSet
	File   *ast.File // nil for what does not parse
	Info   *types.Info
	Pkg    *types.Package
	Source []byte

	Entries []int // lines at which main is cut into entries; more may follow the last one
}

// gate type-checks a program. What is wrong with it is worded as go build words it, a line each.
func (r *Runner) gate(ctx context.Context, p *Program) (typedProgram, []string, error) {
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, "", p.Source, parser.SkipObjectResolution)
	if err != nil {
		return typedProgram{}, syntaxErrors(err), nil
	}
	tool, err := r.toolchain(ctx)
	if err != nil {
		return typedProgram{}, nil, err
	}
	exports, err := r.exports(ctx, tool, importsOf(file))
	if err != nil {
		return typedProgram{}, nil, err
	}
	var found []string
	conf := types.Config{
		Importer: importer.ForCompiler(fset, "gc", exports.open),
		Error: func(err error) {
			var e types.Error
			if errors.As(err, &e) {
				found = append(found, position(fset.Position(e.Pos))+worded(e.Msg))
			}
		},
	}
	info := &types.Info{
		Types: map[ast.Expr]types.TypeAndValue{}, Instances: map[*ast.Ident]types.Instance{},
		Defs: map[*ast.Ident]types.Object{}, Uses: map[*ast.Ident]types.Object{},
		Implicits: map[ast.Node]types.Object{}, Selections: map[*ast.SelectorExpr]*types.Selection{},
	}
	pkg, _ := conf.Check("main", fset, []*ast.File{file}, info) // found has its errors
	return typedProgram{Fset: fset, File: file, Info: info, Pkg: pkg, Source: p.Source}, firstErrors(found), nil
}

// worded gives the compiler's words for what it finds before it checks types.
func worded(msg string) string {
	switch msg {
	case "break not in for, switch, or select statement":
		return "break is not in a loop, switch, or select"
	case "continue not in for statement":
		return "continue is not in a loop"
	}
	if label, ok := strings.CutSuffix(msg, " declared and not used"); ok && strings.HasPrefix(label, "label ") {
		return label + " defined and not used"
	}
	return msg
}

func position(p token.Position) string {
	return fmt.Sprintf("%s:%d:%d: ", filepath.ToSlash(p.Filename), p.Line, p.Column)
}

func syntaxErrors(err error) []string {
	var list scanner.ErrorList
	if !errors.As(err, &list) {
		return []string{err.Error()}
	}
	var found []string
	for _, e := range list {
		found = append(found, position(e.Pos)+"syntax error: "+e.Msg)
	}
	return firstErrors(found)
}

func firstErrors(found []string) []string {
	if len(found) > maxErrors {
		return append(found[:maxErrors:maxErrors], "too many errors")
	}
	return found
}

func importsOf(f *ast.File) []string {
	set := map[string]bool{}
	for _, spec := range f.Imports {
		if path, err := strconv.Unquote(spec.Path.Value); err == nil {
			set[path] = true
		}
	}
	return slices.Sorted(maps.Keys(set))
}

// exports has the compiler's export files, by import path.
type exports map[string]string

func (e exports) open(path string) (io.ReadCloser, error) {
	if e[path] == "" {
		return nil, fmt.Errorf("package %s is not in std", path)
	}
	return os.Open(e[path])
}

// exports asks the go command for the export files of the packages and what they need. They are
// in the build cache, which may lose them: then it is asked again.
func (r *Runner) exports(ctx context.Context, tool toolchain, paths []string) (exports, error) {
	e := exports{}
	if len(paths) == 0 {
		return e, nil
	}
	file := r.cached("exports", key(append([]string{tool.Path, tool.Version, tool.Target}, paths...)...)+".json")
	if data, err := os.ReadFile(file); err == nil && json.Unmarshal(data, &e) == nil && e.exist() {
		return e, nil
	}
	e = exports{}
	cmd := exec.CommandContext(ctx, tool.Path, append([]string{"list", "-e", "-export", "-deps", "-f", "{{.ImportPath}}\t{{.Export}}", "--"}, paths...)...)
	cmd.Env, cmd.Dir = r.toolEnv(), os.TempDir()
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("asking %s for packages: %w", tool.Path, err)
	}
	for line := range strings.Lines(string(out)) {
		path, export, _ := strings.Cut(strings.TrimSpace(line), "\t")
		if export != "" {
			e[path] = export
		}
	}
	data, err := json.Marshal(e)
	if err != nil {
		return nil, fmt.Errorf("keeping the packages' files: %w", err)
	}
	r.keep(file, data)
	return e, nil
}

func (e exports) exist() bool {
	for _, file := range e {
		if _, err := os.Stat(file); err != nil {
			return false
		}
	}
	return true
}
