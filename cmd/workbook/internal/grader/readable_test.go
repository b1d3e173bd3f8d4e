package grader

import (
	"fmt"
	"strings"
	"testing"

	"workbook/cmd/workbook/internal/box"
	"workbook/cmd/workbook/internal/check"
	"workbook/cmd/workbook/internal/run"
)

// TestReadable: the source of a submission is type-checked for its explanation where it was compiled, and else only
// where that is nothing to be afraid of.
func TestReadable(t *testing.T) {
	heavy := strings.Builder{}
	heavy.WriteString("package x\ntype A0 struct{ a int }\n")
	for i := 1; i < 60; i++ {
		fmt.Fprintf(&heavy, "type A%d struct{ a, b A%d }\n", i, i-1)
	}
	if !check.Heavy(map[string][]byte{"x.go": []byte(heavy.String())}) {
		t.Fatal("the program is not heavy")
	}
	ran, known := []run.Record{{Test: "TestX"}}, inspection{pkg: &check.Package{}}
	for _, row := range []struct {
		name    string
		tier    box.Tier
		source  string
		records []run.Record
		seen    inspection
		want    bool
	}{
		{"nothing known, no box", box.Open, "package x\n", nil, inspection{}, true},
		{"nothing known, heavy", box.Open, heavy.String(), nil, inspection{}, false},
		{"nothing known, in a box", box.Fenced, "package x\n", nil, inspection{}, false},
		{"inspected, in a box", box.Fenced, "package x\n", nil, known, true},
		{"inspected, heavy", box.Open, heavy.String(), nil, known, true},
		{"run, in a box", box.Fenced, "package x\n", ran, inspection{}, true},
		{"run, heavy", box.Open, heavy.String(), ran, inspection{}, true},
	} {
		g := &Grader{c: Config{Box: box.Report{Own: row.tier}}}
		files := g.readable(Submission{Files: map[string][]byte{"x.go": []byte(row.source)}}, row.records, row.seen)
		if got := files["x.go"] != nil; got != row.want {
			t.Errorf("%s: it is read: %t, want %t", row.name, got, row.want)
		}
	}
}
