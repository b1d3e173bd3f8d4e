package policy

import (
	"testing"

	"workbook/cmd/workbook/internal/course"
)

// TestPermits: what a hint may propose is what Check lets pass.
func TestPermits(t *testing.T) {
	listed := course.Imports{Line: 1, Paths: []string{"sync", "runtime"}, Without: map[string][]string{"sync": {"Once"}}}
	for _, row := range []struct {
		imports   course.Imports
		pkg, name string
		want      bool
	}{
		{listed, "sync", "Mutex", true},
		{listed, "sync", "Once", false},
		{listed, "sync/atomic", "Int64", false},
		{listed, "runtime", "Gosched", true},
		{course.Imports{}, "runtime", "Stack", false},
		{course.Imports{Line: 1}, "sync", "Mutex", false},
		{course.Imports{}, "sync", "Mutex", true},
		{course.Imports{}, "os", "Exit", false},
	} {
		ex := &course.Exercise{Name: "x", Dir: "exercises/a/x", File: "exercises/a/x/x.go", Imports: row.imports}
		if got := Permits(ex, row.pkg, row.name); got != row.want {
			t.Errorf("with %+v, Permits(%s.%s) = %t, want %t", row.imports, row.pkg, row.name, got, row.want)
		}
		if n := len(Check(ex, map[string][]byte{ex.File: []byte("package x\n\nimport p \"" + row.pkg + "\"\n\nvar _ = p." + row.name + "\n")})); (n == 0) != row.want {
			t.Errorf("with %+v, Check of %s.%s finds %d violations", row.imports, row.pkg, row.name, n)
		}
	}
}
