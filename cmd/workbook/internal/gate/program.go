package gate

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"

	"workbook/cmd/workbook/internal/course"
	"workbook/cmd/workbook/internal/verdict"
)

// program is one program to be graded, and where its faults are reported.
type program struct {
	what   string // "the solution", "alternative mutex.go"
	ex     *course.Exercise
	source []byte
	file   string // that holds the source
	start  int    // line of the source's first line in file
}

// place returns where in the program's own file a verdict's first finding lies.
func (p program) place(v verdict.Verdict) (file string, line int) {
	for _, f := range v.Findings {
		for _, at := range f.At {
			if at.File == p.ex.File && at.Line > 0 {
				return p.file, at.Line + p.start - 1
			}
		}
	}
	if p.start > 1 {
		return p.file, p.start - 1 // the line that begins the program in its archive
	}
	return p.file, 0
}

// count reports exercises with too few programs.
func (g *gate) count(ex *course.Exercise) {
	if n := len(ex.Alts); n > 0 && n < g.LeastAlts {
		g.fault(ex.Alts[0].File, 0, "%d alternatives: want %d or more", n, g.LeastAlts)
	}
	if n := len(ex.Wrongs); n > 0 && n < g.LeastWrongs {
		g.fault(ex.Wrongs[0].File, 0, "%d wrong programs: want %d or more", n, g.LeastWrongs)
	}
}

// programs lists the checks of an exercise's programs, and makes room for its wrong ones in the report.
func (g *gate) programs(ex *course.Exercise) (checks []check) {
	var sources [][]byte
	add := func(p program, judge func(program, verdict.Verdict) (ok bool)) {
		if p.source == nil {
			return // reported as missing
		}
		sources = append(sources, p.source)
		checks = append(checks, check{what: ex.Name + ": " + p.what, run: func(ctx context.Context) error {
			for range max(1, g.Repeat) {
				v, err := g.grade(ctx, p)
				if err != nil {
					return err
				}
				if !judge(p, v) {
					return nil
				}
			}
			return nil
		}})
	}
	add(program{"the starter", ex, ex.Starter, ex.File, 1}, g.judgeStarter)
	add(program{"the solution", ex, ex.Solution, ex.SolutionFile(), 1}, g.judgeRight)
	for _, a := range ex.Alts {
		add(program{"alternative " + a.Name + ".go", ex, a.Source, a.File, a.Start}, g.judgeRight)
	}
	for _, w := range ex.Wrongs {
		i := len(g.report.Kills)
		g.report.Kills = append(g.report.Kills, Kill{Exercise: ex.Name, Program: w.Name, Want: verdict.Class(w.Class), Schedule: w.Schedule})
		if w.Schedule && !g.Explores {
			g.report.Skipped++
			continue
		}
		p := program{"wrong program " + w.Name + ".go", ex, w.Source, w.File, w.Start}
		add(p, func(p program, v verdict.Verdict) bool {
			g.judgeWrong(p, w, i, v)
			return false // once is enough: a wrong program must be found the first time
		})
		checks = append(checks, g.again(p, w, i)...)
	}
	if g.Prepare != nil && len(checks) > 0 {
		checks[0].prepare = func(ctx context.Context) error { return g.Prepare(ctx, ex, sources) }
	}
	return checks
}

// again lists the checks of a wrong program by the further graders.
func (g *gate) again(p program, w course.Wrong, kill int) (checks []check) {
	graders := g.Again
	if w.Schedule && g.Exhaustive != nil {
		graders = append(slices.Clone(graders), g.Exhaustive)
	}
	for n, grade := range graders {
		checks = append(checks, check{what: fmt.Sprintf("%s: %s, once more (%d)", p.ex.Name, p.what, n+1), run: func(ctx context.Context) error {
			v, err := g.gradeWith(ctx, grade, p)
			if err == nil {
				g.judgeWrong(p, w, kill, v)
			}
			return err
		}})
	}
	return checks
}

// grade asks for a verdict. A verdict that is about the grader is an error.
func (g *gate) grade(ctx context.Context, p program) (verdict.Verdict, error) {
	return g.gradeWith(ctx, g.Grade, p)
}

func (g *gate) gradeWith(ctx context.Context, grade Grade, p program) (verdict.Verdict, error) {
	v, err := grade(ctx, p.ex, map[string][]byte{p.ex.File: p.source})
	if err = cmp.Or(ctx.Err(), err); err != nil {
		return v, err
	}
	if v.Class == verdict.Fault {
		return v, errors.New("the grader failed: " + said(v))
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	g.report.Graded++
	return v, nil
}

// judgeStarter wants a program that compiles and fails.
func (g *gate) judgeStarter(p program, v verdict.Verdict) bool {
	file, line := p.place(v)
	switch v.Class {
	case verdict.Pass:
		g.fault(p.file, 0, "the starter passes: it must fail")
	case verdict.Build:
		g.fault(file, line, "the starter does not compile: %s", said(v))
	case verdict.Policy, verdict.Tampered:
		g.fault(file, line, "the starter gets %s: %s", v.Class, said(v))
	default:
		return true
	}
	return false
}

// judgeRight wants a program that passes.
func (g *gate) judgeRight(p program, v verdict.Verdict) bool {
	if v.Class == verdict.Pass && v.Passed {
		for _, why := range v.Unfinished {
			g.fault(p.file, 0, "%s: not every schedule with at most 2 delays was run: %s", p.what, why)
		}
		return len(v.Unfinished) == 0
	}
	file, line := p.place(v)
	g.fault(file, line, "%s gets %s, not pass: %s", p.what, v.Class, said(v))
	return false
}

// judgeWrong wants the class and the text that the archive names, and notes the kill.
func (g *gate) judgeWrong(p program, w course.Wrong, kill int, v verdict.Verdict) {
	named := slices.ContainsFunc(v.Findings, func(f verdict.Finding) bool { return strings.Contains(f.Message, w.Text) })
	found := string(v.Class) == w.Class && named
	g.mu.Lock()
	if k := &g.report.Kills[kill]; k.Got == "" || k.Found {
		k.Got, k.Found = v.Class, found // one grader that does not find it is enough to say so
	}
	g.mu.Unlock()
	switch {
	case v.Class == verdict.Pass:
		g.fault(p.file, w.Line, "wrong program %s.go passes, want %s", w.Name, w.Class)
	case string(v.Class) != w.Class:
		g.fault(p.file, w.Line, "wrong program %s.go gets %s, want %s: %s", w.Name, v.Class, w.Class, said(v))
	case !found:
		g.fault(p.file, w.Line, "wrong program %s.go gets %s, but no message contains %q: %s", w.Name, v.Class, w.Text, said(v))
	case !p.placed(v.Findings[0]):
		g.fault(p.file, w.Line, "wrong program %s.go gets %s, but the first finding names no line of it: %s", w.Name, v.Class, said(v))
	}
}

// placed says whether a finding names a line of the program.
func (p program) placed(f verdict.Finding) bool {
	lines := bytes.Count(p.source, []byte("\n")) + 1
	return slices.ContainsFunc(f.At, func(at verdict.Place) bool {
		return at.File == p.ex.File && at.Line > 0 && at.Line <= lines
	})
}

// said is what a verdict says, in a line for each finding.
func said(v verdict.Verdict) string {
	var lines []string
	for _, f := range v.Findings {
		text := f.Message
		if len(f.At) > 0 {
			text += fmt.Sprintf(" (%s:%d)", path.Base(f.At[0].File), f.At[0].Line)
		}
		if !slices.Contains(lines, text) {
			lines = append(lines, text)
		}
	}
	if len(lines) == 0 {
		lines = append(lines, cmp.Or(v.Title, "no finding"))
	}
	return indented(strings.Join(lines, "\n"))
}

// indented makes the lines of a text behind its first those of one fault.
func indented(text string) string {
	return strings.ReplaceAll(strings.TrimRight(text, "\n"), "\n", "\n\t")
}

func sortFaults(faults course.Faults) {
	slices.SortFunc(faults, func(a, b course.Fault) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Text, b.Text))
	})
}
