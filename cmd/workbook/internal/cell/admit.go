package cell

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"sync"
	"time"

	"workbook/cmd/workbook/internal/course"
)

// How often a cell is run before the course believes what it says of its output.
const (
	admitRuns    = 20
	admitAtOnce  = 4
	exploredRuns = 6
)

var admitProcs = []int{1, 2, 4}

// rules is part of the key under which a passed cell is remembered: change it with the rules.
const rules = "3"

// Check runs the cell, compares the result with what the lesson says, and admits it. A cell that
// passed once is not run again while its program, its expectation and the toolchain stay the same.
func (r *Runner) Check(ctx context.Context, l *course.Lesson, c *course.Cell) []course.Fault {
	p, err := Assemble(l, c)
	if err != nil {
		return faultsOf(c, err)
	}
	file := ""
	if tool, err := r.toolchain(ctx); err == nil {
		file = r.cached("passed", passKey(tool, p))
	}
	if _, err := os.Stat(file); err == nil {
		return nil
	}
	res, err := r.run(ctx, p)
	if err == nil {
		err = Compare(c, res)
	}
	if err != nil {
		return faultsOf(c, err)
	}
	if found := r.Admit(ctx, l, c, res); len(found) > 0 {
		return found
	}
	r.keep(file, nil)
	return nil
}

func passKey(tool toolchain, p *Program) string {
	c := p.Cell
	out := "none"
	if c.Output != nil {
		out = c.Output.Match + "\n" + c.Output.Text
	}
	return key(rules, tool.Path, tool.Version, tool.Target, string(c.Engine), c.Expect, fmt.Sprint(c.Runs, c.Procs, c.Limit), out, string(p.Source))
}

func faultsOf(c *course.Cell, err error) []course.Fault {
	var m *Mismatch
	var list course.Faults
	switch {
	case errors.As(err, &m):
		return []course.Fault{m.fault()}
	case errors.As(err, &list):
		return list
	}
	text := strings.TrimPrefix(err.Error(), fmt.Sprintf("%s:%d: ", c.File, c.Line))
	return []course.Fault{{File: c.File, Line: c.Line, Text: text}}
}

// Admit says whether a lesson may show the result, beyond its being what the lesson says: an
// explored cell must end by the real toolchain in one of the ways found, and a cell with documented
// output must agree with it in twenty runs on one, two and four processors.
func (r *Runner) Admit(ctx context.Context, l *course.Lesson, c *course.Cell, res Result) []course.Fault {
	p, err := Assemble(l, c)
	if err != nil {
		return faultsOf(c, err)
	}
	switch {
	case c.Engine == course.EngineExplore:
		return r.admitExplored(ctx, p, res)
	case c.Output == nil || c.Engine == course.EngineVet || c.Engine == course.EngineBuild || res.Class == ClassCompile:
		return nil
	case c.Expect != "" && c.Expect != ClassOK && c.Runs > 1:
		return nil // the cell says itself that this need not happen each time
	}
	return r.admitRuns(ctx, p)
}

// compiled returns the program with another engine.
func (p *Program) compiled(e course.Engine) *Program {
	cell := *p.Cell
	cell.Engine = e
	other := *p
	other.Cell = &cell
	return &other
}

// admitExplored runs the unmodified program.
func (r *Runner) admitExplored(ctx context.Context, p *Program, res Result) []course.Fault {
	real := p.compiled(course.EngineRun)
	runs, err := r.repeat(ctx, real, exploredRuns)
	if err != nil {
		return faultsOf(p.Cell, err)
	}
	for _, got := range runs {
		text := ending(got)
		if !slices.ContainsFunc(res.Outcomes, func(o Outcome) bool { return sameOutcome(o.Text, text) }) {
			return []course.Fault{{File: p.Cell.File, Line: p.Cell.Line, Text: "go run ends in a way that exploring did not find:\n" + indent("  + ", text)}}
		}
	}
	return nil
}

// sameOutcome compares what exploring found with what go run gave; the interpreter does not know
// the numbers of a runtime error.
func sameOutcome(explored, real string) bool {
	explored, real = normalise(explored), normalise(real)
	return explored == real || strings.Contains(explored, "PANIC: runtime error: ") && strings.HasPrefix(real, explored)
}

// ending words a compiled run as exploring words its outcomes.
func ending(r Result) string {
	text := strings.TrimRight(r.Output, "\n")
	if r.Class == ClassOK {
		return text
	}
	last := strings.ToUpper(r.Class)
	for line := range strings.Lines(r.Stderr) {
		for prefix, class := range map[string]string{"panic: ": ClassPanic, "fatal error: ": ClassFatal} {
			if s, ok := strings.CutPrefix(line, prefix); ok && r.Class == class {
				last = strings.ToUpper(class) + ": " + strings.TrimSpace(repanic.ReplaceAllString(s, ""))
			}
		}
	}
	if text == "" {
		return last
	}
	return text + "\n" + last
}

// admitRuns runs the cell again and again.
func (r *Runner) admitRuns(ctx context.Context, p *Program) []course.Fault {
	runs, err := r.repeat(ctx, p, admitRuns)
	if err != nil {
		return faultsOf(p.Cell, err)
	}
	for i, got := range runs {
		if err := Compare(p.Cell, got); err != nil {
			f := faultsOf(p.Cell, err)
			f[0].Text = fmt.Sprintf("in run %d of %d the cell disagrees: match=%s asks for less chance, or say match=any\n%s",
				i+1, admitRuns, p.Cell.Output.Match, f[0].Text)
			return f
		}
	}
	return nil
}

// repeat runs a program n times, on one, two and four processors unless the cell says how many.
// Programs that take long run several at a time.
func (r *Runner) repeat(ctx context.Context, p *Program, n int) ([]Result, error) {
	b, err := r.build(ctx, p)
	if err != nil {
		return nil, err
	}
	defer b.remove()
	if b.binary == "" {
		return []Result{{Class: b.class, Output: b.text}}, nil
	}
	results, errs := make([]Result, n), make([]error, n)
	one := func(i int) {
		procs := p.Cell.Procs
		if procs == 0 {
			procs = admitProcs[i%len(admitProcs)]
		}
		results[i], errs[i] = r.execute(ctx, p, b, procs)
	}
	one(0)
	if results[0].Elapsed < 100*time.Millisecond {
		for i := 1; i < n; i++ {
			one(i)
		}
		return results, errors.Join(errs...)
	}
	slots := make(chan struct{}, admitAtOnce)
	var all sync.WaitGroup
	for i := 1; i < n; i++ {
		all.Go(func() {
			slots <- struct{}{}
			defer func() { <-slots }()
			one(i)
		})
	}
	all.Wait()
	return results, errors.Join(errs...)
}
