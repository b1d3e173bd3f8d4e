package grader

import (
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"workbook/cmd/workbook/internal/build"
	"workbook/cmd/workbook/internal/run"
	"workbook/cmd/workbook/internal/verdict"
)

// directGrader is a grader whose builds are direct: its builds have no go command any more.
func directGrader(t *testing.T) *Grader {
	t.Helper()
	g := labGrader(t)
	tool := g.Build.Tool
	if runtime.GOOS != "linux" || tool.Version != build.MinGo && !strings.HasPrefix(tool.Version, build.MinGo+".") {
		t.Skip("binaries are built by the go command here")
	}
	tool.Go = filepath.Join(t.TempDir(), "go")
	return g
}

// TestDirect: where the go command has built everything once, the compiler and the linker do, and
// reports name the learner's own lines.
func TestDirect(t *testing.T) {
	ex, g := lab(t), directGrader(t)
	for _, p := range programs(t) {
		if p.name != "right" && p.name != "race" && p.name != "exit_zero" {
			continue
		}
		v, err := g.Grade(t.Context(), Submission{ex, map[string][]byte{ex.File: p.source}})
		if err != nil || string(v.Class) != p.want {
			t.Errorf("%s: %s, %v, want %s", p.name, v.Class, err, p.want)
		}
		if v.Class == verdict.Race && (len(v.Findings[0].At) == 0 || v.Findings[0].At[0].File != ex.File) {
			t.Errorf("the race is at %v, want a line of %s", v.Findings[0].At, ex.File)
		}
	}
}

// TestDirectFails: where a direct build fails, the go command builds.
func TestDirectFails(t *testing.T) {
	ex, g := lab(t), labGrader(t)
	parts, err := filepath.Glob(filepath.Join(g.c.Cache, "parts-*", "*"))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range parts {
		if err := os.Remove(file); err != nil { // and not written to: the go command's cache has the same file
			t.Fatal(err)
		}
		if strings.HasPrefix(filepath.Base(file), "importcfg") {
			if err := os.WriteFile(file, []byte("packagefile sync=gone\n"), 0o666); err != nil {
				t.Fatal(err)
			}
		}
	}
	v, err := g.Grade(t.Context(), Submission{ex, map[string][]byte{ex.File: ex.Solution}})
	if err != nil || !v.Passed {
		t.Errorf("%s, %v", v.Class, err)
	}
}

// TestThorough: what passes every schedule is run freely on several numbers of processors, and without
// the race detector; what has passed all that passes.
func TestThorough(t *testing.T) {
	ex, g := lab(t), labGrader(t)
	g.c.Thorough = true
	s := Submission{ex, map[string][]byte{ex.File: ex.Solution}}
	bin, seen, err := g.compile(t.Context(), s)
	if err != nil || len(seen.findings) > 0 {
		t.Fatal(err, seen.findings)
	}
	in := verdict.Input{Tests: ex.Names}
	if err := g.run(t.Context(), s, bin, &in); err != nil || !clean(in) {
		t.Fatalf("%v, clean: %v", err, clean(in))
	}
	ran := map[string]map[int]int{}
	for _, r := range in.Records {
		if ran[r.Layer] == nil {
			ran[r.Layer] = map[int]int{}
		}
		ran[r.Layer][r.Procs]++
	}
	for _, procs := range processors() {
		if n := ran["free"][procs]; n < len(ex.Names) {
			t.Errorf("on %d processors %d tests ran, want %d", procs, n, len(ex.Names))
		}
	}
	if ran["bare"][0] != len(ex.Names) {
		t.Errorf("bare: %v, want %d tests", ran["bare"], len(ex.Names))
	}
	if v, err := g.Grade(t.Context(), s); err != nil || !v.Passed {
		t.Errorf("%s, %v", v.Class, err)
	}
}

// TestBare: without the race detector the runtime knows of a deadlock that the harness, for the sake of
// timers which the program could use, must wait for.
func TestBare(t *testing.T) {
	ex, g := lab(t), labGrader(t)
	for _, p := range programs(t) {
		if p.name != "deadlock_timer" {
			continue
		}
		bare, err := g.Build.Build(t.Context(), build.Unit{Exercise: ex, Files: map[string][]byte{ex.File: p.source}, NoRace: true})
		if err != nil {
			t.Fatal(err)
		}
		records, err := run.Plan{Layers: []run.Layer{{Name: "bare", Binary: bare, Tests: ex.Names, Bare: true}}, Limits: g.c.Limits}.Run(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		asleep := func(r run.Record) bool { return strings.Contains(r.Output, "all goroutines are asleep - deadlock!") }
		if v := verdict.Judge(verdict.Input{Tests: ex.Names, Records: records}); v.Class != verdict.Deadlock || !slices.ContainsFunc(records, asleep) {
			t.Errorf("%s: %+v", v.Class, v.Findings)
		}
	}
}
