package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"testing"
	"time"

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
