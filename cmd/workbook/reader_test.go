//go:build unix

package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
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
		{"output hidden until lost is answered", "pa\r", "Not right: a and b are, together."},
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

// TestReaderRemembers leaves a lesson, comes back to the same place, searches the course and ends in
// another lesson, whose exercise it edits.
func TestReaderRemembers(t *testing.T) {
	home := t.TempDir()
	maker := startCommand(t, home, "init")
	if err := maker.cmd.Wait(); err != nil {
		t.Fatal(err)
	}
	editor := filepath.Join(home, "editor")
	if err := os.WriteFile(editor, []byte("#!/bin/sh\necho edited \"$1\" >"+filepath.Join(home, "edited")+"\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	t.Setenv("VISUAL", editor)
	term := startCommand(t, home, "read", "gomaxprocs")
	term.wait(0, "top")
	term.press("t")
	term.wait(0, "enter goes there")
	term.press("jjj\r")
	term.wait(0, "%")
	term.quit()

	term = startCommand(t, home, "read", "gomaxprocs")
	term.wait(0, "Ask and set")
	if text := term.text(); strings.Contains(text, "After this lesson you can") {
		t.Errorf("the reader begins anew:\n%s", text)
	}
	term.press("sport belongs to that host\r")
	term.wait(0, "atomicity:")
	term.press("\r")
	term.wait(0, "cannot be kept by")
	term.press("G")
	term.wait(0, "e edits")
	term.press("e")
	for file, limit := filepath.Join(home, "edited"), time.Now().Add(patience); ; time.Sleep(10 * time.Millisecond) {
		if text, err := os.ReadFile(file); err == nil && strings.HasSuffix(string(text), "snapshot.go\n") {
			break
		} else if time.Now().After(limit) {
			t.Fatalf("the editor was given %q, %v", text, err)
		}
	}
	from := len(term.text())
	term.press("?")
	term.wait(from, "any key goes back")
	term.press("?")
	term.quit()
}

// TestForeignLesson reads a course that is not the built-in one: r runs nothing unasked.
func TestForeignLesson(t *testing.T) {
	term := startCommand(t, t.TempDir(), "read", "atomicity#read-decide-and-write-in-one-step", "--course", repository())
	term.wait(0, "r runs")
	term.press("]rr")
	term.wait(0, "this course is not the built-in one")
	term.quit()
}
