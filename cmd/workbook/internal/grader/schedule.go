package grader

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"go/types"
	"maps"
	"path"
	"path/filepath"
	"slices"

	"workbook/cmd/workbook/internal/build"
	"workbook/cmd/workbook/internal/check"
	"workbook/cmd/workbook/internal/run"
	"workbook/cmd/workbook/internal/schedule"
	"workbook/cmd/workbook/internal/schedule/sched"
	"workbook/cmd/workbook/internal/verdict"
)

// The names of the layers that run the hidden tests under the scheduler, and freely.
const (
	ScheduleLayer = "schedules"
	FreeLayer     = "free"
)

// rewritten is a submission with its hidden tests, made ready for the scheduler.
type rewritten struct {
	files map[string][]byte // for build.Unit.Extra; nil where it cannot be scheduled
	notes []string          // why not, or what is left as it was
}

// rewrite makes a submission that type-checks ready for the scheduler.
func (g *Grader) rewrite(ctx context.Context, s Submission, pkg *check.Package) rewritten {
	ex := s.Exercise
	importPath := "workbook/" + ex.Dir
	source, err := build.HiddenTests(ex)
	if err != nil || pkg == nil {
		return rewritten{notes: []string{"schedules were not explored: the submission's types are not known"}}
	}
	sources := map[string][]byte{build.HiddenFile(ex): source}
	tests, diags := g.Checker.Package(ctx, importPath+"_test", sources, map[string]*types.Package{importPath: pkg.Types})
	if tests == nil || len(diags) > 0 {
		return rewritten{notes: []string{"schedules were not explored: the hidden tests' types are not known"}}
	}
	ours := []string{importPath, importPath + "_test"}
	in := schedule.Input{Import: build.Scheduler, First: 1, Path: g.compiled, Rewritten: func(p string) bool { return slices.Contains(ours, p) }}
	out := rewritten{files: map[string][]byte{}}
	in.Fset, in.Files, in.Sources, in.Info, in.Pkg = pkg.Fset, pkg.Files, s.Files, pkg.Info, pkg.Types
	sites, ok := out.add(ex.Dir, in)
	if ok {
		in.Fset, in.Files, in.Sources, in.Info, in.Pkg = tests.Fset, tests.Files, sources, tests.Info, tests.Types
		in.Test, in.First = true, 1+int32(sites)
		_, ok = out.add(ex.Dir, in)
	}
	if !ok {
		out.files = nil
	}
	return out
}

// compiled is the name that the compiler knows a file of the workspace by.
func (g *Grader) compiled(name string) string {
	return filepath.Join(g.Build.Tree.Dir, filepath.FromSlash(name))
}

// add rewrites one package and returns how many sites it has.
func (r *rewritten) add(dir string, in schedule.Input) (sites int, ok bool) {
	o, err := schedule.Rewrite(in)
	if err != nil {
		r.notes = append(r.notes, "schedules were not explored: "+err.Error())
		return 0, false
	}
	for _, reason := range o.Refused {
		r.notes = append(r.notes, "schedules were not explored: "+reason.String())
	}
	if len(o.Refused) > 0 {
		return 0, false
	}
	maps.Copy(r.files, o.Files)
	for name, src := range o.Extra {
		r.files[path.Join(dir, name)] = src
	}
	return len(o.Sites), true
}

// job is the scheduler's job for a submission: the same submission gets the same schedules everywhere.
func (g *Grader) job(s Submission) *sched.Job {
	sum := s.hash(g.c.Seed)
	j := g.c.Schedules
	j.Mode, j.Seed, j.Program = sched.Explore, binary.LittleEndian.Uint64(sum), fmt.Sprintf("%x", sum[8:16])
	return &j
}

// hash tells submissions apart: by their texts, and those of their hidden tests.
func (s Submission) hash(seed uint64) []byte {
	h := sha256.New()
	fmt.Fprintf(h, "%s %d\n%s\n", s.Exercise.Name, seed, s.Exercise.Tests)
	for _, name := range slices.Sorted(maps.Keys(s.Files)) {
		fmt.Fprintf(h, "%s %d\n", name, len(s.Files[name]))
		h.Write(s.Files[name])
	}
	return h.Sum(nil)
}

// explore runs the hidden tests under the scheduler and returns their records, and those of the free runs after
// schedules that have all passed. A schedule that has ended its process is replayed, so that its record has the steps.
func (g *Grader) explore(ctx context.Context, s Submission, bin *build.Binary) (records, free []run.Record, err error) {
	short, _ := divide(s.Exercise.Names)
	both, err := g.runSchedules(ctx, bin, run.Layer{Tests: short, Schedule: g.job(s), Procs: processors(), Freely: FreeLayer})
	if err != nil {
		return nil, nil, err
	}
	for _, r := range both {
		if r.Scheduled {
			records = append(records, r)
		} else {
			free = append(free, r)
		}
	}
	for i, r := range records {
		if name := endedBy(r); name != "" {
			job := g.job(s)
			job.Mode, job.Schedule = sched.Replay, name
			again, err := g.runSchedules(ctx, bin, run.Layer{Tests: []string{r.Test}, Schedule: job})
			if err == nil && len(again) == 1 && endedBy(again[0]) == name {
				records[i].Journal = again[0].Journal
			}
		}
	}
	return records, free, nil
}

func (g *Grader) runSchedules(ctx context.Context, bin *build.Binary, layer run.Layer) ([]run.Record, error) {
	layer.Name, layer.Binary = ScheduleLayer, bin
	return run.Plan{Layers: []run.Layer{layer}, Jobs: g.c.Jobs, Environ: g.c.Environ, Limits: g.c.Limits, Box: g.c.Box.Own}.Run(ctx)
}

// crashed is the status of a process that the Go runtime has ended.
const crashed = 2

// endedBy returns the schedule that made the runtime end the test's process, "" where none did.
func endedBy(r run.Record) string {
	if len(r.Schedule) > 0 || r.Exit != crashed || r.TimedOut {
		return ""
	}
	name, _ := sched.ReadJournal(r.Journal, nil)
	return name
}

// Explores reports whether gradings explore schedules.
func (g *Grader) Explores() bool { return !g.c.NoSchedules }

// clean reports whether records say nothing against a submission.
func clean(in verdict.Input) bool {
	for _, r := range in.Records {
		if verdict.Against(r) {
			return false
		}
	}
	return true
}
