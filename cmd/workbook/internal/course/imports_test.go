package course_test

import (
	"reflect"
	"testing"

	"workbook/cmd/workbook/internal/course"
)

func TestImports(t *testing.T) {
	tests := []struct {
		line string
		want course.Imports
	}{
		{"", course.Imports{}},
		{"Allowed imports: none.", course.Imports{Line: 39}},
		{"Allowed imports: any", course.Imports{Line: 39, Any: true}},
		{"Allowed imports: any, os, os/signal.", course.Imports{Line: 39, Any: true, Paths: []string{"os", "os/signal"}}},
		{"Allowed imports: `sync/atomic`,\n`math/rand/v2`.", course.Imports{Line: 39, Paths: []string{"sync/atomic", "math/rand/v2"}}},
		{"Allowed imports: sync (not Once, OnceFunc), sync/atomic, `time`\n(not `Sleep`).", course.Imports{Line: 39,
			Paths: []string{"sync", "sync/atomic", "time"}, Without: map[string][]string{"sync": {"Once", "OnceFunc"}, "time": {"Sleep"}}}},
	}
	for _, tt := range tests {
		files := good()
		if tt.line != "" {
			files = edited(files, tt.line)
		}
		c, err := course.Load(tree(files))
		if err != nil {
			t.Fatalf("%q: %v", tt.line, err)
		}
		got := c.Exercise("counter").Imports
		if !reflect.DeepEqual(got, tt.want) {
			t.Errorf("%q is read as %+v, want %+v", tt.line, got, tt.want)
		}
	}
}

// TestLazy: the rule is read where it stands.
func TestLazy(t *testing.T) {
	for line, want := range map[string]int{"": 0, "Work before the first call: none.": 39, "Work before the first call: **none**": 39} {
		c, err := course.Load(tree(edited(good(), line)))
		if err != nil {
			t.Fatalf("%q: %v", line, err)
		}
		if got := c.Exercise("counter").Lazy; got != want {
			t.Errorf("%q is read as a rule at line %d, want %d", line, got, want)
		}
	}
}

// edited puts a paragraph into the task of the good course's exercise.
func edited(files map[string]string, paragraph string) map[string]string {
	for name, text := range edit(lesson1, "Its readers", paragraph+"\n\nIts readers") {
		files[name] = text
	}
	return files
}
