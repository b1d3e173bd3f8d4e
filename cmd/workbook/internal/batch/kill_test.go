package batch

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"testing"
	"time"

	"workbook/cmd/workbook/internal/verdict"
)

// victimVar makes the test binary grade a class with a journal, until it is killed: it holds the journal's name.
const victimVar = "WORKBOOK_TEST_VICTIM"

// victims are 200 submissions, some of them equal.
func victims() []Task {
	var texts []string
	for i := range 200 {
		texts = append(texts, fmt.Sprintf("%s %d", []string{"pass", "race", "wrong", "leak"}[i%4], i%170))
	}
	return tasks(small().Exercise("counter"), texts...)
}

// victim grades the class in a process of its own. It prints what it grades before it does.
func victim(t *testing.T, file string) (Report, error) {
	j, before, err := Resume(file, "id")
	if err != nil {
		return Report{}, err
	}
	defer j.Close()
	f := &fake{}
	grade := func(ctx context.Context, w Work) (verdict.Verdict, error) {
		fmt.Printf("graded %q\n", w.Files[w.Exercise.File])
		v, err := f.grade(ctx, w)
		v.Output = string(make([]byte, 2000)) // so that a line of the journal is more than one block
		return v, err
	}
	r, err := Run(t.Context(), Config{Tasks: victims(), Grade: grade, Journal: j, Before: before, Jobs: 4, Identity: "id"})
	if err != nil {
		return r, err
	}
	return full(t, r), nil
}

// TestVictim is not a test: it is the process that TestKill kills.
func TestVictim(t *testing.T) {
	file := os.Getenv(victimVar)
	if file == "" {
		t.Skip("runs in a process of TestKill's")
	}
	if _, err := victim(t, file); err != nil {
		t.Fatal(err)
	}
}

// TestKill: a batch of 200 submissions is killed at 50 random moments, resumed each time, and ends with the
// report of a batch that nobody killed. What was in the journal is not graded again.
func TestKill(t *testing.T) {
	want, err := victim(t, filepath.Join(t.TempDir(), "whole"))
	if err != nil {
		t.Fatal(err)
	}
	random := rand.New(rand.NewPCG(uint64(time.Now().UnixNano()), 1))
	killed := 0
	for turn := 0; killed < 50; turn++ {
		if turn > 500 {
			t.Fatalf("only %d of 500 processes could be killed", killed)
		}
		file := filepath.Join(t.TempDir(), "journal")
		for range 3 { // killed up to three times, at three places
			if kill(t, file, random.IntN(200)) {
				killed++
			}
		}
		before := journalled(t, file)
		got, err := victim(t, file)
		if err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(got, want) {
			a, _ := json.Marshal(got)
			b, _ := json.Marshal(want)
			t.Fatalf("after %d lines of the journal:\n%s\nwant\n%s", before, a, b)
		}
		if all := journalled(t, file); all != 200 {
			t.Errorf("the journal holds %d results of 200: something was graded twice", all)
		}
	}
}

// kill starts a victim and kills it after it has begun a number of gradings. It reports whether it was
// killed before its end.
func kill(t *testing.T, file string, after int) bool {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(self, "-test.run=^TestVictim$")
	cmd.Env = append(os.Environ(), victimVar+"="+file)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	for i := 0; i < after && lines.Scan(); i++ {
	}
	cmd.Process.Kill()
	for lines.Scan() {
	}
	return cmd.Wait() != nil
}

// journalled counts the results in a journal.
func journalled(t *testing.T, file string) int {
	t.Helper()
	j, before, err := Resume(file, "id")
	if err != nil {
		t.Fatal(err)
	}
	j.Close()
	return len(before)
}
