package explain

import (
	"slices"
	"testing"
)

// TestRepeated: a line that a goroutine runs again and again is one row, however often that is.
func TestRepeated(t *testing.T) {
	at := func(g int32, line int, text string) *move {
		st := &step{G: g}
		st.Site, st.Line, st.Text, st.Op = int32(line), line, text, "write"
		return &move{step: st, name: "a.go"}
	}
	var moves []*move
	for range 5 {
		moves = append(moves, at(2, 15, "b[i] = 1"))
	}
	moves = append(moves, at(3, 15, "b[i] = 1"), at(2, 16, "n++"), at(2, 15, "b[i] = 1"))
	var got []string
	for _, r := range rows(moves, view{}) {
		got = append(got, r.label())
	}
	want := []string{"15 b[i] = 1 ×5", "15 b[i] = 1", "16 n++", "15 b[i] = 1"}
	if !slices.Equal(got, want) {
		t.Errorf("the rows are %q, want %q", got, want)
	}
}
