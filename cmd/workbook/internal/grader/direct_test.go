package grader

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"workbook/cmd/workbook/internal/build"
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
