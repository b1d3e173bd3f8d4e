//go:build unix

package main

import (
	"path/filepath"
	"strings"
	"testing"
)

// TestPredictInReader answers a question in the pager: the program runs, the answer is kept, and the next
// time the question holds nothing back.
func TestPredictInReader(t *testing.T) {
	home := t.TempDir()
	maker := startCommand(t, home, "init")
	if err := maker.cmd.Wait(); err != nil {
		t.Fatal(err)
	}
	for _, step := range []struct {
		sees, keys, then string // what is on the screen first, what is typed then, what follows
	}{
		{"output hidden until lost is answered", "pa\r", "Not right: b is."},
		{"answered before", "r", "go1."},
	} {
		term := startCommand(t, home, "read", "atomicity")
		term.wait(0, step.sees)
		term.press(step.keys)
		term.wait(0, step.then)
		term.quit()
	}
	if list := workbook(t, "review", "--list", "--dir", filepath.Join(home, "ws")); !strings.Contains(list, "  atomicity lost: ") {
		t.Errorf("review --list prints %q, want the question that was missed", list)
	}
}
