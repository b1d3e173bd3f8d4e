package cell

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"regexp"
	"slices"
	"strings"
	"time"

	"workbook/cmd/workbook/internal/course"
	"workbook/cmd/workbook/internal/schedule/sched"
)

// ErrNothing is Enter's error for a text without code.
var ErrNothing = errors.New("nothing to run")

const (
	playLimit = 10 * time.Second
	playBadge = "interpreted, one order of steps"
)

// Enter runs the scratch with a text entered and returns what that adds: what it prints, or how it
// fails. A text that fails is not kept. The interpreter runs one order of the goroutines' steps, which
// the scratch's seed draws; what happened before the text happens again just so.
func (r *Runner) Enter(ctx context.Context, s *Scratch, text string) (Result, error) {
	next := s.with(text)
	if len(next.items) == 0 || next.items[len(next.items)-1].entry != next.last {
		return Result{}, ErrNothing
	}
	if why := next.misplaced(); why != "" {
		return Result{Class: ClassCompile, Exit: 1, Output: why + "\n"}, nil
	}
	j, res, err := r.prepare(ctx, next)
	if err != nil || res.Class != "" {
		return res, err
	}
	res, err = r.play(ctx, next, j)
	if err == nil && res.Class == ClassOK {
		*s = *next
	}
	return res, err
}

// misplaced says what of the latest entry has no place in a main function that grows.
func (s *Scratch) misplaced() string {
	for _, it := range s.items {
		if it.entry != s.last {
			continue
		}
		if slices.Contains(it.names, "main") {
			return "the scratch is func main already: enter its statements"
		}
		for _, st := range it.statements() {
			if _, ok := st.(*ast.DeferStmt); ok {
				return "main has no end yet, at which a deferred call would run: defer it in a function"
			}
			if returns(st) {
				return "main goes on with the next entry: a return has no place here"
			}
		}
	}
	return ""
}

// returns reports whether a statement of main returns from it.
func returns(st ast.Stmt) bool {
	found := false
	ast.Inspect(st, func(n ast.Node) bool {
		switch n.(type) {
		case *ast.FuncLit:
			return false
		case *ast.ReturnStmt:
			found = true
		}
		return !found
	})
	return found
}

// statements parses an item of main; of what does not parse there is none.
func (it *item) statements() []ast.Stmt {
	if it.kind != statementPart {
		return nil
	}
	f, err := parser.ParseFile(token.NewFileSet(), "", "package p\nfunc _() {\n"+it.code+"\n}", parser.SkipObjectResolution)
	if err != nil || len(f.Decls) != 1 {
		return nil
	}
	return f.Decls[0].(*ast.FuncDecl).Body.List
}

// RunScratch runs the whole scratch as one program with an engine of lessons' cells.
func (r *Runner) RunScratch(ctx context.Context, s *Scratch, engine course.Engine) (Result, error) {
	if len(s.items) == 0 {
		return Result{}, ErrNothing
	}
	checked, res, err := r.checkScratch(ctx, s, engine)
	if err != nil || res.Class != "" {
		return res, err
	}
	return r.run(ctx, checked.program)
}

// A checkedScratch is a scratch that compiles.
type checkedScratch struct {
	typedProgram
	program *Program
}

var unusedName = regexp.MustCompile(`: declared and not used: (\w+)$`)

// checkScratch assembles and type-checks a scratch. Names of main that are not used yet are no fault.
func (r *Runner) checkScratch(ctx context.Context, s *Scratch, engine course.Engine) (checkedScratch, Result, error) {
	var unused []string
	for {
		p, entries, err := s.program(engine, unused)
		if err != nil {
			return checkedScratch{}, Result{}, err
		}
		checked, found, err := r.gate(ctx, p)
		if err != nil {
			return checkedScratch{}, Result{}, err
		}
		more := false
		for _, line := range found {
			if m := unusedName.FindStringSubmatch(line); m != nil && !slices.Contains(unused, m[1]) && s.mains(m[1]) {
				unused, more = append(unused, m[1]), true
			}
		}
		switch {
		case more:
			continue
		case len(found) > 0:
			return checkedScratch{}, Result{Class: ClassCompile, Exit: 1, Output: strings.Join(found, "\n") + "\n" + s.advice(found)}, nil
		}
		checked.Entries = entries
		return checkedScratch{checked, p}, Result{}, nil
	}
}

// mains reports whether a statement of main itself, not one in a block, declares the name.
func (s *Scratch) mains(name string) bool {
	return slices.ContainsFunc(s.items, func(it item) bool {
		return slices.ContainsFunc(it.statements(), func(st ast.Stmt) bool { return defines(st, name) })
	})
}

func defines(st ast.Stmt, name string) bool {
	switch st := st.(type) {
	case *ast.AssignStmt:
		return st.Tok == token.DEFINE && slices.ContainsFunc(st.Lhs, func(e ast.Expr) bool {
			id, ok := e.(*ast.Ident)
			return ok && id.Name == name
		})
	case *ast.DeclStmt:
		g, ok := st.Decl.(*ast.GenDecl)
		return ok && g.Tok == token.VAR && slices.Contains(declared(g), name)
	}
	return false
}

var undefinedName = regexp.MustCompile(`: undefined: (\w+)$`)

// advice explains what is special about a scratch.
func (s *Scratch) advice(found []string) string {
	for _, line := range found {
		if m := undefinedName.FindStringSubmatch(line); m != nil && s.mains(m[1]) {
			return fmt.Sprintf("%s belongs to main, which a func does not see: declare it with var, or make the function a variable\n", m[1])
		}
		if strings.HasSuffix(line, "no new variables on left side of :=") {
			return "the name is declared already: assign with =, or take the scratch back with :undo\n"
		}
	}
	return ""
}

// prepare makes what the interpreter runs: an expression alone is to be printed, and what the
// interpreter gets wrong is refused. A class in the result says that the scratch is faulty.
func (r *Runner) prepare(ctx context.Context, s *Scratch) (job, Result, error) {
	if err := r.wrap(ctx, s); err != nil {
		return job{}, Result{}, err
	}
	checked, res, err := r.checkScratch(ctx, s, course.EngineExplore)
	if err != nil || res.Class != "" {
		return job{}, res, err
	}
	if found := deny(checked.typedProgram); len(found) > 0 {
		text := strings.ReplaceAll(strings.Join(found, "\n"), "engine=explore: ", "")
		return job{}, Result{Class: ClassCompile, Exit: 1, Output: text + "\n"}, nil
	}
	imports := importsOf(checked.File)
	source, sites, err := rewrite(checked.typedProgram)
	if err != nil {
		return job{}, res, err
	}
	return job{Source: string(source), sites: sites, Imports: imports, Once: true, Seed: s.Seed,
		CPU: 4 * int(playLimit/time.Second+5), Address: workerAddress}, res, nil
}

// wrap marks an entry as one to be printed if it is a single expression that has a value. What fmt
// prints itself is not.
func (r *Runner) wrap(ctx context.Context, s *Scratch) error {
	n := len(s.items)
	it := &s.items[n-1]
	if it.kind != statementPart || n > 1 && s.items[n-2].entry == it.entry {
		return nil
	}
	e, err := parser.ParseExpr(it.code)
	if err != nil {
		return nil
	}
	call, ok := ast.Unparen(e).(*ast.CallExpr)
	if !ok {
		it.wrap = true
		return nil
	}
	if sel, ok := call.Fun.(*ast.SelectorExpr); ok && strings.HasPrefix(sel.Sel.Name, "Print") || ok && strings.HasPrefix(sel.Sel.Name, "Fprint") {
		return nil
	}
	it.wrap = true
	_, res, err := r.checkScratch(ctx, s, course.EngineExplore)
	if err != nil {
		return err
	}
	it.wrap = !slices.ContainsFunc(strings.Split(res.Output, "\n"), func(line string) bool {
		return strings.HasSuffix(line, "(no value) used as value")
	})
	return nil
}

// play runs one order of a program's steps in the worker.
func (r *Runner) play(ctx context.Context, s *Scratch, j job) (Result, error) {
	e, err := r.work(ctx, playLimit, j)
	if err != nil {
		return Result{}, err
	}
	if e.class != "" {
		return Result{Class: e.class, Note: e.note, Exit: e.exit, Elapsed: e.elapsed, Badge: playBadge}, nil
	}
	var answer reply
	if err := json.NewDecoder(bytes.NewReader(e.stdout.head)).Decode(&answer); err != nil {
		return died(e), nil
	}
	if answer.Error != "" {
		return Result{Class: ClassFatal, Exit: 1, Note: "stopped: " + answer.Error, Elapsed: e.elapsed, Badge: playBadge}, nil
	}
	one := answer.Single
	res := Result{Class: one.Class, Output: one.Output, Elapsed: e.elapsed, Badge: playBadge}
	if one.Class != ClassOK {
		res.Exit, res.Note = 1, sched.Ending(one.Class, one.Text)
		for _, w := range one.Waits {
			line := int(siteOf(j.sites, w.Place).Line)
			res.Note += fmt.Sprintf("\n  %s waits for ever at %s:%d: %s", GoroutineName(int(w.G)-1), ScratchFile, line, s.lineText(line))
		}
	}
	return res, nil
}

func (s *Scratch) lineText(line int) string {
	rows := strings.Split(s.Code(), "\n")
	if line < 1 || line > len(rows) {
		return ""
	}
	return strings.TrimSpace(rows[line-1])
}
