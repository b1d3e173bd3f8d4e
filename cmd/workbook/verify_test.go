package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// TestVerify is the author's gate on the course as it stands. The kill matrix, in which every wrong program
// has its line, is a golden file.
func TestVerify(t *testing.T) {
	if testing.Short() {
		t.Skip("grades every program of the course")
	}
	var stdout, stderr bytes.Buffer
	cmd := exec.Command("workbook", "verify", "--matrix")
	cmd.Env = append(os.Environ(), "WORKBOOK_CACHE="+sharedCache)
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := cmd.Run(); err != nil {
		t.Fatalf("workbook verify: %v\n%s%s", err, stdout.String(), stderr.String())
	}
	matrix, _, ok := bytes.Cut(stdout.Bytes(), []byte("wrong programs found"))
	if !ok {
		t.Fatalf("workbook verify --matrix prints no matrix:\n%s", stdout.String())
	}
	file := filepath.Join("testdata", "matrix.txt")
	if *update {
		if err := os.WriteFile(file, append(matrix, "wrong programs found\n"...), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if got := append(matrix, "wrong programs found\n"...); !bytes.Equal(got, want) {
		t.Errorf("the kill matrix has changed (-update rewrites it):\n%s\nwant\n%s", got, want)
	}
}
