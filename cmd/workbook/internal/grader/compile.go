package grader

import (
	"context"
	"errors"
	"go/types"
	"path"
	"slices"
	"strings"
	"time"

	"workbook/cmd/workbook/internal/box"
	"workbook/cmd/workbook/internal/build"
	"workbook/cmd/workbook/internal/check"
	"workbook/cmd/workbook/internal/course"
	"workbook/cmd/workbook/internal/explain"
	"workbook/cmd/workbook/internal/policy"
	"workbook/cmd/workbook/internal/run"
	"workbook/cmd/workbook/internal/verdict"
)

// inspection is what type-checking a submission showed.
type inspection struct {
	findings []verdict.Finding
	pkg      *check.Package // nil where nothing is known
	notes    []string       // on schedules that could not be explored
}

// inspect checks the syntax and the types of a submission, then whether the hidden tests fit it.
func (g *Grader) inspect(ctx context.Context, s Submission) inspection {
	ex := s.Exercise
	pkg, diags := g.Checker.Package(ctx, "workbook/"+ex.Dir, s.Files, nil)
	if len(diags) > 0 {
		return inspection{findings: compilerFindings(diags), pkg: pkg}
	}
	if pkg == nil {
		return inspection{}
	}
	return inspection{findings: g.fit(ctx, ex, pkg), pkg: pkg}
}

// fit returns what the hidden tests miss in a package, in sentences about the package: their own
// text is never quoted.
func (g *Grader) fit(ctx context.Context, ex *course.Exercise, pkg *check.Package) []verdict.Finding {
	from, to := "workbook/"+path.Dir(ex.TestFile), "workbook/"+ex.Dir
	tests := map[string][]byte{ex.TestFile: ex.Tests}
	fitted, diags := g.Checker.Package(ctx, from+"_test", tests, map[string]*types.Package{from: pkg.Types})
	if fitted == nil || len(diags) == 0 {
		return nil
	}
	solution, wrong := g.Checker.Package(ctx, to, map[string][]byte{ex.File: ex.Solution}, nil)
	if solution == nil || len(wrong) > 0 {
		return []verdict.Finding{unfit(ex)}
	}
	reference, wrong := g.Checker.Package(ctx, from+"_test", tests, map[string]*types.Package{from: solution.Types})
	if reference == nil || len(wrong) > 0 {
		return nil // the course's fault; the build will tell
	}
	var found []verdict.Finding
	for _, l := range check.Missing(reference, solution.Types, pkg) {
		f := verdict.Finding{Class: verdict.Build, Message: l.Text, Hint: "keep the exported names and their types as they were in the starter"}
		if l.Line > 0 {
			f.At = []verdict.Place{{File: l.File, Line: l.Line, Role: "error"}}
		}
		found = append(found, f)
	}
	if len(found) == 0 {
		found = append(found, unfit(ex))
	}
	return found
}

// unfit says that the tests do not compile, where no more can be said.
func unfit(ex *course.Exercise) verdict.Finding {
	return verdict.Finding{
		Class:   verdict.Build,
		Message: "the hidden tests do not compile with your package: something that it exports has another type than in the starter",
		Hint:    "keep the exported names of the starter as they were; workbook reset " + ex.Name + " shows them again, and workbook undo brings your text back",
	}
}

// compilerFindings turns the compiler's words into findings.
func compilerFindings(diags []check.Diag) []verdict.Finding {
	var found []verdict.Finding
	for _, d := range diags {
		found = append(found, verdict.Finding{
			Class: verdict.Build, Message: d.Text, Raw: d.String(),
			At: []verdict.Place{{File: d.File, Line: d.Line, Role: "error"}},
		})
	}
	return found
}

// unit inspects the submission, and rewrites it for the scheduler where that can be done. There is
// nothing to build where the inspection has findings.
func (g *Grader) unit(ctx context.Context, s Submission) (build.Unit, inspection, error) {
	unit := build.Unit{Exercise: s.Exercise, Files: s.Files}
	if found, err := g.try(ctx, s); len(found) > 0 || err != nil {
		return unit, inspection{findings: found}, err
	}
	seen := g.inspect(ctx, s)
	if len(seen.findings) > 0 || ctx.Err() != nil {
		return unit, seen, ctx.Err()
	}
	if !g.c.NoSchedules {
		re := g.rewrite(ctx, s, seen.pkg)
		seen.notes = re.notes
		unit.Extra, unit.Scheduled = re.files, re.files != nil
	}
	return unit, seen, nil
}

// compile builds the one binary that serves all layers. The binary is nil where the submission does not
// compile.
func (g *Grader) compile(ctx context.Context, s Submission) (*build.Binary, inspection, error) {
	p, ok := g.ready.take(s)
	unit, seen := p.unit, p.seen
	if !ok {
		var err error
		if unit, seen, err = g.unit(ctx, s); len(seen.findings) > 0 || err != nil {
			return nil, seen, err
		}
	}
	bin, err := g.Build.Build(ctx, unit)
	if e := (*build.CompileError)(nil); unit.Scheduled && errors.As(err, &e) {
		// What compiles as it was written must be graded as it was written.
		seen.notes = append(seen.notes, "schedules were not explored: the rewritten program does not compile")
		bin, err = g.Build.Build(ctx, build.Unit{Exercise: s.Exercise, Files: s.Files})
	}
	if ctx.Err() != nil {
		return nil, seen, ctx.Err()
	}
	if e := (*build.CompileError)(nil); errors.As(err, &e) {
		seen.findings = refusal(s.Exercise, e)
		return nil, seen, nil
	}
	if err != nil {
		return nil, seen, err
	}
	return bin, seen, g.learn(ctx)
}

// try has the submission compiled under bounds, where that is called for, before anything else looks at it.
func (g *Grader) try(ctx context.Context, s Submission) ([]verdict.Finding, error) {
	err := g.Build.Try(ctx, build.Unit{Exercise: s.Exercise, Files: s.Files})
	if e := (*build.CompileError)(nil); errors.As(err, &e) {
		return refusal(s.Exercise, e), nil
	}
	return nil, err
}

// refusal says why a submission was not built.
func refusal(ex *course.Exercise, e *build.CompileError) []verdict.Finding {
	if e.Limit != "" {
		return []verdict.Finding{{
			Class: verdict.Build, Message: e.Limit,
			Hint: "make its arrays, types and constants smaller: each that doubles the one before it doubles the compiler's work", At: []verdict.Place{{File: ex.File, Line: 1, Role: "error"}},
		}}
	}
	if found := compilerFindings(e.Diags); len(found) > 0 {
		return found
	}
	return []verdict.Finding{unfit(ex)}
}

// learn fetches the export data that the inspection missed, now that the build has made it.
func (g *Grader) learn(ctx context.Context) error {
	if g.Checker.Ready() {
		return nil
	}
	if err := g.Checker.Warm(ctx); err != nil && ctx.Err() != nil {
		return ctx.Err()
	}
	return nil // grading works without, only later in its answers
}

// explainTime bounds how long a verdict is looked into. It takes some ten milliseconds, and minutes where
// somebody hands in a line of a thousand variables.
const explainTime = 15 * time.Second

// explain fills in what happened, where and why.
func (g *Grader) explain(v *verdict.Verdict, s Submission, records []run.Record, seen inspection) {
	files := g.readable(s, records, seen)
	draft := *v
	draft.Findings = slices.Clone(v.Findings)
	for i := range draft.Findings {
		draft.Findings[i].At = slices.Clone(draft.Findings[i].At)
	}
	done := make(chan verdict.Verdict, 1)
	go func() { // not waited for where it takes too long: nothing in it can be interrupted, but it ends
		g.tell(&draft, explain.Input{Records: records, Files: files, Pkg: seen.pkg, Section: g.section, Tree: g.Build.Tree.Dir, Allows: allows(s.Exercise)})
		done <- draft
	}()
	limit := time.NewTimer(g.patience)
	defer limit.Stop()
	select {
	case *v = <-done:
	case <-limit.C:
		v.Notes = append(v.Notes, "the verdict is not explained: the program is too much to be looked into")
	}
	for i := range v.Findings {
		for j := range v.Findings[i].At {
			if p := &v.Findings[i].At[j]; p.Source == "" {
				p.Source = sourceLine(s.Files[p.File], p.Line)
			}
		}
	}
}

// readable are the files of a submission that may be type-checked here: none where it was never compiled, neither
// inspected nor run, and may be made to keep whoever reads it from coming to an end.
func (g *Grader) readable(s Submission, records []run.Record, seen inspection) map[string][]byte {
	compiled := seen.pkg != nil || len(records) > 0
	if !compiled && (g.c.Box.Own > box.Open || check.Heavy(s.Files)) {
		return nil
	}
	return s.Files
}

// allows reports of a name of a package whether an exercise allows it.
func allows(ex *course.Exercise) func(pkg, name string) bool {
	return func(pkg, name string) bool { return policy.Permits(ex, pkg, name) }
}

// section reports whether the course has a lesson, "atomicity", or a section of one,
// "atomicity#check-then-act".
func (g *Grader) section(ref string) bool {
	slug, anchor, deep := strings.Cut(ref, "#")
	if g.c.Course == nil || g.c.Course.Lesson(slug) == nil {
		return false
	}
	return !deep || g.c.Course.Lesson(slug).Section(anchor) != nil
}

// sourceLine returns a line of a file, trimmed.
func sourceLine(data []byte, line int) string {
	n := 0
	for text := range strings.Lines(string(data)) {
		if n++; n == line {
			return strings.TrimSpace(text)
		}
	}
	return ""
}
