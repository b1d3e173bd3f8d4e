// Package schedule rewrites Go source so that its goroutines can be scheduled one step at a time.
//
// Rewrite inserts calls of a runtime (sched, whose source Runtime hands out) by bytes: an insertion
// never holds a newline, so every line keeps its number, in race reports and in panics too. What it
// decides, it decides from go/types; what it cannot rewrite, it says.
//
// There are two executors of what it writes. A package to be compiled keeps its channels and go statements, and the
// runtime finds out in a bubble who can go on. A program to be interpreted (interpreted.go) asks the runtime
// before everything that may block, and makes each access of a statement a step: so a reader of a lesson sees every outcome.
// Which operations are points is the same table for both (ops.go, calls.go, facts.go).
//
// Non-goals: columns move; the output is not gofmt'ed; accesses inside packages that were not
// rewritten are invisible to the scheduler.
package schedule

import (
	"cmp"
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"
)

// Input is one type-checked package. Info needs Types, Defs, Uses, Selections, Implicits, Instances
// and InitOrder.
type Input struct {
	Fset    *token.FileSet
	Files   []*ast.File       // parsed with comments
	Sources map[string][]byte // by the file's name in Fset
	Info    *types.Info
	Pkg     *types.Package
	Import  string // import path of the runtime
	Test    bool   // there are _test.go files among Files, so generated files end in _test.go
	First   int32  // number of the first site, at least 1; packages of one binary need ranges of their own

	// Rewritten reports whether the package with that path is rewritten too; nil means that none is.
	Rewritten func(path string) bool
	// Path is the name under which the compiler knows a file, and Shown the one that people know, in
	// Sites; nil means the name in Fset.
	Path, Shown func(name string) string

	Interpreted *Interpreted // a program for an interpreter, of one file; nil for a package to be compiled
}

// Output is the rewritten package. Where Refused is not empty the package has to stay as it was,
// Files and Extra are empty then.
type Output struct {
	Files   map[string][]byte // by the same names as Input.Sources
	Extra   map[string][]byte // generated files by base name: the table of sites, the reset of package state
	Sites   []Site            // the first one has the number Input.First
	Refused []Reason          // why the package cannot be scheduled
	Notes   []Reason          // what was left as it is: still right, less controlled
}

// Site is one scheduling point. A point stands before the operation that it describes.
type Site struct {
	File  string
	Line  int32
	Op    string // "read", "write", "lock", "send", …
	Text  string // the statement's source, one line
	Var   string // what is operated on: "a.balance", "mu"
	Part  string // of a statement that goes on: the expression that was computed last
	Guard string // locks held at the statement as far as its function shows, space-separated
	Half  bool   // in an interpreted program: the read or the write is one of a statement's several steps
	Quiet bool   // up to the goroutine's next point nothing happens that could wake or start another one, but for locks and the like
}

// Reason says what the rewriter left alone, and why.
type Reason struct {
	File string
	Line int
	Text string
}

func (r Reason) String() string { return fmt.Sprintf("%s:%d: %s", r.File, r.Line, r.Text) }

// Rewrite makes the package schedulable. The error is for input that does not fit together; source
// that cannot be rewritten is reported in Output.Refused.
func Rewrite(in Input) (Output, error) {
	r, err := newRewriter(in)
	if err != nil {
		return Output{}, err
	}
	if in.Interpreted == nil {
		r.refuse()
	}
	if len(r.out.Refused) == 0 {
		r.rewrite()
	}
	r.sortReasons()
	return r.out, nil
}

// rewrite fills in the output.
func (r *rewriter) rewrite() {
	r.facts = gather(r.Input)
	r.findIdle()
	r.findLate()
	for _, f := range r.files {
		if r.Interpreted == nil {
			f.replaceSync()
		}
		f.points()
		if r.Interpreted != nil {
			f.communications()
		}
	}
	r.reset()
	r.out.Files = map[string][]byte{}
	for _, f := range r.files {
		f.imports()
		r.out.Files[f.name] = append(f.render(), f.tail...)
	}
	if r.Interpreted == nil {
		r.table()
	}
}

// rewriter holds what the files of one package share.
type rewriter struct {
	Input
	facts *facts
	files []*file
	names map[string]bool // every identifier of the package
	alias string          // the runtime's name in the rewritten files
	fresh int
	own   map[string]string // names of the helpers of an interpreted program
	late  map[*ast.GoStmt]bool
	out   Output
}

// file is one file while it is rewritten.
type file struct {
	*rewriter
	tree  *ast.File
	name  string
	src   []byte
	pos   *token.File
	edits []edit
	tail  []byte // functions behind the last line
	used  bool   // the file refers to the runtime
}

func newRewriter(in Input) (*rewriter, error) {
	if in.Info == nil || in.Pkg == nil || in.Fset == nil || in.Import == "" {
		return nil, fmt.Errorf("rewriting: Fset, Info, Pkg and Import are required")
	}
	in.First = max(in.First, 1)
	r := &rewriter{Input: in, names: map[string]bool{}, own: map[string]string{}}
	for _, tree := range in.Files {
		pos := in.Fset.File(tree.FileStart)
		if pos == nil {
			return nil, fmt.Errorf("rewriting package %s: a file is not in the file set", in.Pkg.Path())
		}
		src, ok := in.Sources[pos.Name()]
		if !ok || len(src) != pos.Size() {
			return nil, fmt.Errorf("rewriting %s: its source is missing or another one", pos.Name())
		}
		r.files = append(r.files, &file{rewriter: r, tree: tree, name: pos.Name(), src: src, pos: pos})
		ast.Inspect(tree, func(n ast.Node) bool {
			if id, ok := n.(*ast.Ident); ok {
				r.names[id.Name] = true
			}
			return true
		})
	}
	slices.SortFunc(r.files, func(a, b *file) int { return cmp.Compare(a.name, b.name) })
	r.alias = r.free("wbsched")
	return r, nil
}

// free returns base, or base with a number, as an identifier that the package does not use.
func (r *rewriter) free(base string) string {
	name := base
	for i := 2; r.names[name]; i++ {
		name = fmt.Sprintf("%s%d", base, i)
	}
	r.names[name] = true
	return name
}

// temp returns the name of a new variable.
func (r *rewriter) temp() string {
	r.fresh++
	return r.free(fmt.Sprintf("wb%d", r.fresh))
}

func (r *rewriter) sortReasons() {
	for _, l := range [][]Reason{r.out.Refused, r.out.Notes} {
		slices.SortStableFunc(l, func(a, b Reason) int {
			return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Text, b.Text))
		})
	}
	r.out.Refused = slices.Compact(r.out.Refused)
	r.out.Notes = slices.Compact(r.out.Notes)
}

// rewritten reports whether calls into p meet points of their own.
func (in *Input) rewritten(p *types.Package) bool {
	return p != nil && (p == in.Pkg || p.Path() == in.Pkg.Path() || in.Rewritten != nil && in.Rewritten(p.Path()))
}

// closed reports whether no other package can name the variables of this one.
func (in *Input) closed() bool {
	return in.Pkg.Name() == "main" || strings.HasSuffix(in.Pkg.Name(), "_test")
}

func (f *file) offset(p token.Pos) int { return f.pos.Offset(p) }

// line is the line of the file or, of an interpreted program, the one that its author knows.
func (f *file) line(p token.Pos) int { return f.pos.PositionFor(p, f.Interpreted != nil).Line }

func (f *file) text(n ast.Node) string { return string(f.src[f.offset(n.Pos()):f.offset(n.End())]) }

func (f *file) refuse(at token.Pos, format string, args ...any) {
	f.out.Refused = append(f.out.Refused, Reason{f.name, f.line(at), fmt.Sprintf(format, args...)})
}

func (f *file) note(at token.Pos, format string, args ...any) {
	f.out.Notes = append(f.out.Notes, Reason{f.name, f.line(at), fmt.Sprintf(format, args...)})
}
