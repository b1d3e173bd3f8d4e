package gate_test

import (
	"bytes"
	"context"
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"
)

// TestCourse is the gate on the course as it stands: `workbook verify`. The kill matrix, in which every
// wrong program has its line, is a golden file. The test has a package's ten minutes to itself.
func TestCourse(t *testing.T) {
	if testing.Short() {
		t.Skip("grades every program of the course, which takes minutes")
	}
	ctx := t.Context()
	if deadline, ok := t.Deadline(); ok {
		var cancel context.CancelFunc
		ctx, cancel = context.WithDeadline(ctx, deadline.Add(-10*time.Second))
		defer cancel()
	}
	dir := t.TempDir()
	program := filepath.Join(dir, "workbook.exe")
	if out, err := exec.CommandContext(ctx, "go", "build", "-o", program, "workbook/cmd/workbook").CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, out)
	}
	var stdout, stderr bytes.Buffer
	cmd := exec.CommandContext(ctx, program, "verify", "--matrix")
	cmd.Env = append(os.Environ(), "WORKBOOK_CACHE="+filepath.Join(dir, "cache"))
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) } // it ends what it has started
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	err := cmd.Run()
	matrix, report, ok := bytes.Cut(stdout.Bytes(), []byte("wrong programs found"))
	if err != nil || !ok {
		t.Fatalf("workbook verify: %v\n%s%s", err, report, stderr.String())
	}
	compare(t, filepath.Join("testdata", "matrix.txt"), append(matrix, "wrong programs found\n"...))
}

// compare holds text against a golden file, which -update rewrites.
func compare(t *testing.T, file string, got []byte) {
	t.Helper()
	if flag.Lookup("update").Value.String() == "true" {
		if err := os.WriteFile(file, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("the kill matrix has changed (-update rewrites %s):\n%s", file, got)
	}
}
