package cell

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"go/ast"
	"go/scanner"
	"go/token"
	"os"
	"os/exec"
	"slices"
	"strings"
	"time"

	"workbook/cmd/workbook/internal/course"
	"workbook/cmd/workbook/internal/schedule"
	"workbook/cmd/workbook/internal/schedule/sched"
)

const workerAddress = 4 << 30 // bytes of address space

const stuckNote = "the interpreter got stuck, not the program: it cannot run a deferred call that has to wait while goroutines of " +
	"the same function go on; call it at the function's end, or let another function defer it"

// explore has a worker process run the program under every schedule.
func (r *Runner) explore(ctx context.Context, p *Program) (Result, error) {
	checked, found, err := r.gate(ctx, p)
	if err != nil {
		return Result{}, fmt.Errorf("%s:%d: %w", p.Cell.File, p.Cell.Line, err)
	}
	if checked.File == nil { // not even Go: the compiler's own words are better than ours
		b, err := r.build(ctx, p.compiled(course.EngineBuild))
		if err != nil {
			return Result{}, err
		}
		defer b.remove()
		return Result{Class: ClassCompile, Exit: 1, Output: b.text}, nil
	}
	if len(found) == 0 {
		found = deny(checked)
	}
	if len(found) > 0 {
		return Result{Class: ClassCompile, Exit: 1, Output: strings.Join(found, "\n") + "\n"}, nil
	}
	imports := importsOf(checked.File)
	source, sites, err := rewrite(checked)
	if err != nil {
		return Result{}, fmt.Errorf("%s:%d: %w", p.Cell.File, p.Cell.Line, err)
	}
	limit := limitOf(p.Cell)
	e, err := r.work(ctx, limit, job{Source: string(source), Imports: imports, Limits: sched.DefaultLimits,
		CPU: 4 * int(limit/time.Second+5), Address: workerAddress})
	if err != nil {
		return Result{}, fmt.Errorf("%s:%d: %w", p.Cell.File, p.Cell.Line, err)
	}
	if e.class != "" {
		return Result{Class: e.class, Note: e.note, Exit: e.exit, Elapsed: e.elapsed}, nil
	}
	return p.explored(e, sites)
}

// rewrite makes a program one for the interpreter, under the scheduler.
func rewrite(p typedProgram) ([]byte, []schedule.Site, error) {
	name := p.Fset.File(p.File.FileStart).Name()
	out, err := schedule.Rewrite(schedule.Input{Fset: p.Fset, Files: []*ast.File{p.File}, Sources: map[string][]byte{name: withoutLines(p.Source)},
		Info: p.Info, Pkg: p.Pkg, Import: schedImport, Interpreted: &schedule.Interpreted{Entries: p.Entries}})
	return out.Files[name], out.Sites, err
}

// withoutLines is the source with no line directives: the interpreter takes what they name for another file, with imports of
// its own.
func withoutLines(source []byte) []byte {
	source = bytes.Clone(source)
	var s scanner.Scanner
	file := token.NewFileSet().AddFile("", -1, len(source))
	s.Init(file, source, nil, scanner.ScanComments)
	for {
		pos, tok, text := s.Scan()
		if tok == token.EOF {
			return source
		}
		if at := file.Offset(pos); tok == token.COMMENT && strings.HasPrefix(text, "//line ") {
			copy(source[at:], "//    ")
		}
	}
}

// siteOf is the site of a place in the scheduler's report; sites are numbered from 1.
func siteOf(sites []schedule.Site, at sched.Place) schedule.Site {
	if n := int(at.Site); n > 0 && n <= len(sites) {
		return sites[n-1]
	}
	return schedule.Site{}
}

// work runs a job in a worker process.
func (r *Runner) work(ctx context.Context, limit time.Duration, j job) (ended, error) {
	if len(r.Worker) == 0 {
		return ended{}, errors.New("engine=explore needs a worker process, and none is configured")
	}
	input, err := json.Marshal(j)
	if err != nil {
		return ended{}, fmt.Errorf("preparing the worker's job: %w", err)
	}
	dir, err := os.MkdirTemp("", "workbook-run-")
	if err != nil {
		return ended{}, fmt.Errorf("making a folder to run in: %w", err)
	}
	defer os.RemoveAll(dir)
	cmd := exec.Command(r.Worker[0], r.Worker[1:]...)
	cmd.Dir, cmd.Env = dir, r.cellEnv(dir, 0)
	return (&process{cmd: cmd, limit: limit, stdin: input, reply: true}).wait(ctx)
}

// explored makes a result of a worker's reply.
func (p *Program) explored(e ended, sites []schedule.Site) (Result, error) {
	var answer reply
	if err := json.NewDecoder(bytes.NewReader(e.stdout.head)).Decode(&answer); err != nil {
		return died(e), nil
	}
	if answer.Error != "" {
		return Result{Class: ClassCompile, Exit: 1, Elapsed: e.elapsed,
			Output: fmt.Sprintf("%s:%d: engine=explore: %s\n", p.Cell.File, p.Cell.Line, answer.Error)}, nil
	}
	r := Result{Class: ClassOK, Elapsed: e.elapsed, Explored: extent(answer.Report), Badge: "interpreted, " + extent(answer.Report)}
	for _, o := range answer.Report.Outcomes {
		out := Outcome{Class: o.Class, Text: o.Text, Count: o.Count}
		for _, s := range o.Steps {
			site, note := siteOf(sites, s.Place), ""
			switch {
			case s.Ends:
				note = "returns"
			case site.Half && !s.Inside:
				note = site.Op
			}
			out.Steps = append(out.Steps, p.step(s.G, site.Line, note))
		}
		for _, w := range o.Waits {
			out.Steps = append(out.Steps, p.step(w.G, siteOf(sites, w.Place).Line, "waits"))
		}
		r.Outcomes = append(r.Outcomes, out)
	}
	sortOutcomes(r.Outcomes)
	r.Class = exploredClass(p.Cell.Expect, r.Outcomes)
	r.Output = table(r.Outcomes)
	return r, nil
}

// step is a step of the scheduler's, whose goroutines count from 1.
func (p *Program) step(g, line int32, note string) Step {
	return Step{G: int(g) - 1, Line: int(line), Text: p.LineText(int(line)), Note: note}
}

// exploredClass is the expected class if an outcome has it, else that of the first outcome not ok.
func exploredClass(expect string, list []Outcome) string {
	class := ClassOK
	for _, o := range list {
		if o.Class == expect {
			return expect
		}
		if class == ClassOK {
			class = o.Class
		}
	}
	return class
}

// died words the end of a worker that did not reply.
func died(e ended) Result {
	r := Result{Class: ClassFatal, Exit: e.exit, Elapsed: e.elapsed, Stderr: text(e.stderr)}
	switch {
	case strings.Contains(r.Stderr, "stack exceeds"):
		r.Note = fmt.Sprintf("stopped: the interpreter's stack grew beyond %d MiB; a function calls itself without end", workerStack>>20)
	case memLine.MatchString(r.Stderr):
		r.Class, r.Note = ClassMemory, fmt.Sprintf("stopped: it used more than %d MiB of memory", workerAddress>>20)
	case strings.Contains(r.Stderr, "all goroutines are asleep"): // it keeps a function's frame locked while deferred calls run
		r.Stderr = ""
		r.Note = stuckNote
	default:
		r.Note = fmt.Sprintf("the interpreter ended (%v) before it had explored the cell", e.state)
	}
	r.Stderr, _, _ = strings.Cut(r.Stderr, "\ngoroutine ")
	return r
}

// extent words how far a search went.
func extent(r sched.Enumeration) string {
	n := fmt.Sprintf("%d schedules", r.Schedules)
	if r.Schedules == 1 {
		n = "1 schedule"
	}
	with := fmt.Sprintf("at most %d preemptions", r.Bound)
	switch r.Bound {
	case 0:
		with = "no preemption"
	case 1:
		with = "at most 1 preemption"
	}
	switch {
	case r.All && r.Schedules == 1:
		return "the only schedule"
	case r.All:
		return "all " + n
	case r.Cut:
		return "the first " + n + " with " + with
	}
	return "all " + n + " with " + with
}

// table shows outcomes with their share of the schedules.
func table(list []Outcome) string {
	total := 0
	for _, o := range list {
		total += o.Count
	}
	width := len(fmt.Sprint(total))
	var b strings.Builder
	for _, o := range list {
		for i, line := range strings.Split(o.Text, "\n") {
			if i == 0 {
				fmt.Fprintf(&b, "%*d of %d  %s\n", width, o.Count, total, line)
			} else {
				fmt.Fprintf(&b, "%*s  %s\n", 2*width+4, "", line)
			}
		}
	}
	return b.String()
}

// Differ reports whether the outcomes are more than one.
func (r Result) Differ() bool { return len(r.Outcomes) > 1 }

// Texts returns the outcomes' texts, sorted.
func (r Result) Texts() []string {
	var list []string
	for _, o := range r.Outcomes {
		list = append(list, o.Text)
	}
	slices.Sort(list)
	return slices.Compact(list)
}
