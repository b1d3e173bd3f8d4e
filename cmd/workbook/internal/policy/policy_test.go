package policy

import (
	"strings"
	"testing"

	"workbook/cmd/workbook/internal/course"
	"workbook/cmd/workbook/internal/verdict"
)

var counter = &course.Exercise{Name: "counter", Lesson: "atomicity", Dir: "exercises/atomicity/counter", File: "exercises/atomicity/counter/counter.go"}

func TestCheck(t *testing.T) {
	tests := []struct {
		name, source string
		says         string // "" where nothing is wrong
		line         int
	}{
		{"plain", "package counter\n\nimport \"sync\"\n\nvar mu sync.Mutex\n", "", 0},
		{"wide characters", "package counter\n\n// Zähler 计数器\n", "", 0},
		{"a comment that is no directive", "package counter\n\n// go:norace is not allowed\n", "", 0},
		{"a directive's text in a string", "package counter\n\nconst s = \"//go:norace\"\n", "", 0},
		{"syntax is the compiler's", "package counter\n\nfunc {\n", "", 0},
		{"empty is the compiler's", "", "", 0},
		{"other package", "// a\n\npackage other\n", "the package is called other", 3},
		{"test package", "package counter_test\n", "the package is called counter_test", 1},
		{"cgo", "package counter\n\nimport \"sync\"\nimport \"C\"\n", `import "C" is not allowed`, 4},
		{"unsafe by another name", "package counter\n\nimport p \"unsafe\"\n", `import "unsafe" is not allowed`, 3},
		{"blank", "package counter\n\nimport _ \"unsafe\"\n", `import "unsafe" is not allowed`, 3},
		{"raw string", "package counter\n\nimport `os/exec`\n", `import "os/exec" is not allowed`, 3},
		{"solution", "package counter\n\nimport \"workbook/solutions/atomicity/counter\"\n", "a solution stands on its own", 3},
		{"norace", "package counter\n\n//go:norace\nfunc F() {}\n", "the directive //go:norace is not allowed", 3},
		{"build constraint", "//go:build race\n\npackage counter\n", "the directive //go:build race is not allowed", 1},
		{"old build constraint", "// +build race\n\npackage counter\n", "the directive // +build race is not allowed", 1},
		{"line", "package counter\n\n//line x.go:1000\nimport \"C\"\n", "the directive //line x.go:1000 is not allowed", 3},
		{"line in a block", "package counter\n\nvar x = /*line x.go:9*/ 1\n", "the directive /*line x.go:9*/ is not allowed", 3},
		{"size", "package counter\n" + strings.Repeat("//\n", 30000), "has 88 KiB, and at most 64 are taken", 0},
		{"binary", "package counter\n\n\x7fELF\x00\x00", "not UTF-8 text", 3},
		{"latin 1", "package counter\n// Z\xe4hler\n", "not UTF-8 text", 2},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			found := Check(counter, map[string][]byte{counter.File: []byte(tt.source)})
			if tt.says == "" {
				if len(found) > 0 {
					t.Errorf("Check = %+v, want nothing", found)
				}
				return
			}
			for _, f := range found {
				if f.Class != verdict.Policy || f.Message == "" || f.Hint == "" {
					t.Errorf("finding %+v", f)
				}
				line := 0
				if len(f.At) > 0 {
					line = f.At[0].Line
				}
				if strings.Contains(f.Message, tt.says) && line == tt.line {
					return
				}
			}
			t.Errorf("Check = %+v, want %q at line %d", found, tt.says, tt.line)
		})
	}
}

func TestFiles(t *testing.T) {
	good := []byte("package counter\n")
	for name, files := range map[string]map[string][]byte{
		"none":           {},
		"a test":         {counter.File: good, "exercises/atomicity/counter/counter_test.go": good},
		"assembly":       {counter.File: good, "exercises/atomicity/counter/inc.s": nil},
		"another folder": {counter.File: good, "go.mod": nil},
		"only another":   {"exercises/atomicity/counter/other.go": good},
	} {
		if found := Check(counter, files); len(found) == 0 || found[0].Class != verdict.Policy {
			t.Errorf("%s: Check = %+v, want a finding", name, found)
		}
	}
}

func FuzzCheck(f *testing.F) {
	f.Add([]byte("package counter\n\n//line x.go:1000\nimport \"C\"\n"))
	f.Fuzz(func(t *testing.T, src []byte) {
		for _, x := range Check(counter, map[string][]byte{counter.File: src}) {
			for _, at := range x.At {
				if at.Line < 1 || at.Line > strings.Count(string(src), "\n")+1 || at.File != counter.File {
					t.Errorf("finding at %s:%d", at.File, at.Line)
				}
			}
		}
	})
}
