package main

import (
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const internal = "workbook/cmd/workbook/internal/"

// allowed is the architecture: which packages of internal/ each of them may import, outside tests.
// Data flows one way, from the content to the screen. A new arrow is a change to this table.
var allowed = map[string][]string{
	"course":         {},
	"check":          {},
	"schedule":       {},
	"schedule/sched": {},
	"watch":          {},
	"lab":            {},
	"build/harness":  {},
	"box":            {},
	"workspace":      {"course"},
	"build":          {"box", "check", "course", "schedule"},
	"run":            {"box", "build", "schedule/sched"},
	"verdict":        {"run", "schedule/sched"},
	"policy":         {"course", "verdict"},
	"explain":        {"check", "course", "run", "schedule", "schedule/sched", "verdict"},
	"grader":         {"box", "build", "check", "course", "explain", "policy", "run", "schedule", "schedule/sched", "verdict"},
	"survey":         {"build", "check", "explain", "run", "schedule", "schedule/sched", "verdict"},
	"cell":           {"course", "schedule", "schedule/sched"},
	"gate":           {"build", "course", "verdict"},
	"render":         {"cell", "course", "verdict"},
	"batch":          {"course", "policy", "verdict"},
	"export":         {"batch", "verdict"},
	"similar":        {},
	"tui":            {"cell", "course", "render"},
	"cli": {"batch", "box", "build", "cell", "check", "course", "explain", "export", "gate", "grader", "lab", "policy", "render", "run", "schedule", "schedule/sched",
		"similar", "survey", "tui", "verdict", "watch", "workspace"},
}

// thirdParty is the one package that imports each module outside the standard library. golang.org/x/tools
// is several modules' worth of packages under one name; txtar alone is read, by those who read archives.
var thirdParty = map[string][]string{
	"github.com/yuin/goldmark":          {"course", "render"}, // parsed in course, drawn in render
	"github.com/traefik/yaegi":          {"cell"},
	"github.com/fsnotify/fsnotify":      {"watch"},
	"github.com/spf13/cobra":            {"cli"},
	"charm.land/bubbletea/v2":           {"cli", "tui"},
	"charm.land/lipgloss/v2":            {"tui"},
	"charm.land/bubbles/v2":             {"tui"},
	"github.com/charmbracelet/x/ansi":   {"render", "tui"},
	"golang.org/x/tools":                {"course"},
	"golang.org/x/term":                 {"render"},
	"golang.org/x/sys":                  {"box", "build", "run", "cell", "workspace"},
	"github.com/anishathalye/porcupine": {},
}

func TestImports(t *testing.T) {
	seen := map[string]bool{}
	err := filepath.WalkDir("internal", func(file string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && (d.Name() == "testdata" || strings.HasPrefix(d.Name(), ".")) {
			return fs.SkipDir
		}
		if !strings.HasSuffix(file, ".go") || strings.HasSuffix(file, "_test.go") {
			return nil
		}
		pkg := filepath.ToSlash(strings.TrimPrefix(filepath.Dir(file), "internal"+string(filepath.Separator)))
		seen[pkg] = true
		f, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		for _, spec := range f.Imports {
			checkImport(t, file, pkg, spec.Path.Value)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for pkg := range seen {
		if _, ok := allowed[owner(pkg)]; !ok {
			t.Errorf("package internal/%s is not in the table of allowed imports", pkg)
		}
	}
}

// owner is the row of the table for a package: its own, or its nearest parent's.
func owner(pkg string) string {
	for ; pkg != "."; pkg = path.Dir(pkg) {
		if _, ok := allowed[pkg]; ok {
			return pkg
		}
	}
	return ""
}

func checkImport(t *testing.T, file, pkg, quoted string) {
	t.Helper()
	imported, err := strconv.Unquote(quoted)
	if err != nil {
		t.Fatal(err)
	}
	if name, ok := strings.CutPrefix(imported, internal); ok {
		if o := owner(name); o != owner(pkg) && !slices.Contains(allowed[owner(pkg)], o) {
			t.Errorf("%s imports %s: the table allows %s only %v", file, name, owner(pkg), allowed[owner(pkg)])
		}
		return
	}
	if first, _, _ := strings.Cut(imported, "/"); !strings.Contains(first, ".") {
		return // the standard library
	}
	for module, owners := range thirdParty {
		if imported == module || strings.HasPrefix(imported, module+"/") {
			if !slices.Contains(owners, owner(pkg)) {
				t.Errorf("%s imports %s, which only %v may", file, imported, owners)
			}
			return
		}
	}
	t.Errorf("%s imports %s, which is not in the table of modules", file, imported)
}
