package cli

import (
	"strings"
	"testing"

	"workbook/cmd/workbook/internal/similar"
)

// TestWritePairs: what somebody called a file does nothing to the terminal of who reads the pairs.
func TestWritePairs(t *testing.T) {
	var out strings.Builder
	a := &app{Env: Env{Stdout: &out}}
	pair := similar.Pair{A: "ann", B: "eve", Score: 1, Matches: []similar.Match{{Tokens: 9}}}
	a.writePairs([]alike{{"counter", pair, map[string]string{"ann": "ann/counter.go", "eve": "e\x1b[2J\nve/counter.go"}}})
	if got := out.String(); strings.Contains(got, "\x1b") || strings.Count(got, "\n") != 3 || !strings.Contains(got, `e\x1b[2J\nve/counter.go`) {
		t.Errorf("written: %q", got)
	}
}
