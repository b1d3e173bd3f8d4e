package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/creack/pty"
	"golang.org/x/tools/txtar"
)

// TestGradeKilled kills `workbook grade` in the middle of a class, four times, and goes on each time. The
// report is that of a run that nobody killed, and the journal holds every answer once. (What happens at the
// other moments, package batch tests with a quicker grader.)
func TestGradeKilled(t *testing.T) {
	if testing.Short() {
		t.Skip("grades a class twice")
	}
	home := t.TempDir()
	class := filepath.Join(home, "class")
	archive, err := txtar.ParseFile(filepath.Join(repository(), "solutions", "atomicity", "tokens", "wrong.txtar"))
	if err != nil {
		t.Fatal(err)
	}
	for i, f := range archive.Files {
		dir := filepath.Join(class, fmt.Sprintf("s%02d", i))
		if err := os.MkdirAll(dir, 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, "tokens.go"), f.Data, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	want := graded(t, home, "whole")
	for at := range 4 {
		cmd := grade(home, "killed")
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		more := rand.IntN(2)
		for limit := time.Now().Add(2 * time.Minute); journalled(t, home, "killed") < at+more && time.Now().Before(limit); {
			time.Sleep(5 * time.Millisecond)
		}
		cmd.Process.Kill()
		cmd.Wait()
	}
	if got := graded(t, home, "killed"); !reflect.DeepEqual(got, want) {
		t.Errorf("after being killed:\n%v\nwant\n%v", got, want)
	}
	if n := journalled(t, home, "killed"); n != len(archive.Files) {
		t.Errorf("the journal holds %d answers for %d submissions", n, len(archive.Files))
	}
}

// TestGradeEnded: a class that is interrupted says how to go on.
func TestGradeEnded(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("a process cannot be interrupted there")
	}
	home := t.TempDir()
	dir := filepath.Join(home, "class", "ann")
	if err := os.MkdirAll(dir, 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "tokens.go"), []byte("package tokens\n\nimport \"sync\"\n\nvar _ sync.Mutex\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	cmd := grade(home, "journal")
	var said bytes.Buffer
	cmd.Stderr = &said
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	for limit := time.Now().Add(2 * time.Minute); time.Now().Before(limit); time.Sleep(5 * time.Millisecond) {
		if _, err := os.Stat(filepath.Join(home, "journal")); err == nil {
			break // it grades, the reference solution first
		}
	}
	cmd.Process.Signal(os.Interrupt)
	cmd.Wait()
	if code := cmd.ProcessState.ExitCode(); code != 3 || !strings.Contains(said.String(), "--resume goes on") {
		t.Errorf("exit status %d, %s", code, &said)
	}
}

// TestGradeProgress: on a terminal a bar shows how far the class is, with an estimate, and is gone at the end.
func TestGradeProgress(t *testing.T) {
	home := t.TempDir()
	for i := range 3 {
		dir := filepath.Join(home, "class", fmt.Sprint("s", i))
		if err := os.MkdirAll(dir, 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, "tokens.go"), fmt.Appendf(nil, "package tokens\n\nimport \"os\"\n\nvar _ = os.Args[%d]\n", i), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	screen, terminal, err := pty.Open()
	if err != nil {
		t.Skip("there are no terminals to be had here: ", err)
	}
	defer screen.Close()
	cmd := grade(home, "journal")
	cmd.Stderr = terminal
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	terminal.Close()
	var shown bytes.Buffer
	io.Copy(&shown, screen) // ends with an error when the last one who writes has gone
	if err := cmd.Wait(); err == nil {
		t.Error("no submission passes, and yet the command does")
	}
	text := shown.String()
	for _, want := range []string{"grading [....................] 0/3", "] 1/3 about ", "] 3/3 s2: tokens", "\r\x1b[K"} {
		if !strings.Contains(text, want) && !strings.Contains(text, strings.ReplaceAll(want, "s2", "s1")) && !strings.Contains(text, strings.ReplaceAll(want, "s2", "s0")) {
			t.Errorf("%q is not shown in %q", want, text)
		}
	}
	if !strings.HasSuffix(strings.TrimRight(text, "\n"), "\r\x1b[K") {
		t.Errorf("the bar is left on the screen: %q", text)
	}
}

func grade(home, journal string) *exec.Cmd {
	cmd := exec.Command("workbook", "grade", "class", "--resume", "--journal", journal, "--format", "json", "--out", journal+".json")
	cmd.Dir = home
	cmd.Env = append(os.Environ(), "HOME="+home, "WORKBOOK_CACHE="+sharedCache, "GOCACHE="+goEnv("GOCACHE"))
	return cmd
}

// graded grades to the end and returns each submission with its class and title.
func graded(t *testing.T, home, journal string) []string {
	t.Helper()
	out, err := grade(home, journal).CombinedOutput()
	text, err2 := os.ReadFile(filepath.Join(home, journal+".json"))
	if err2 != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	var report struct {
		Results []struct {
			Submission string
			Verdict    struct{ Class, Title string }
		}
	}
	if err := json.Unmarshal(text, &report); err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, x := range report.Results {
		all = append(all, x.Submission+" "+x.Verdict.Class+" "+x.Verdict.Title)
	}
	return all
}

// journalled counts the answers in a journal.
func journalled(t *testing.T, home, journal string) int {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(home, journal))
	if err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
	return bytes.Count(text, []byte(`"kind":"result"`))
}
