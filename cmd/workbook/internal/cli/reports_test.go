package cli

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"testing"
)

// says returns what writes a text.
func says(text string) func(io.Writer) error {
	return func(w io.Writer) error {
		_, err := io.WriteString(w, text)
		return err
	}
}

// TestWriteWhole: a report replaces a file, is written into a pipe, and leaves nothing behind where it fails.
func TestWriteWhole(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "report.json")
	for _, text := range []string{"the first, and longer\n", "second\n"} {
		if err := writeWhole(file, says(text)); err != nil {
			t.Fatal(err)
		}
		if got, err := os.ReadFile(file); string(got) != text {
			t.Errorf("the file has %q, %v, want %q", got, err, text)
		}
	}
	if err := writeWhole(dir, says("x")); err == nil {
		t.Error("a folder was written to")
	}
	broken := func(w io.Writer) error { return errors.Join(says("half")(w), errors.New("no more")) }
	if err := writeWhole(file, broken); err == nil {
		t.Error("half of a report was taken for one")
	}
	if got, err := os.ReadFile(file); string(got) != "second\n" {
		t.Errorf("the file has %q, %v after half of a report", got, err)
	}
	if entries, err := os.ReadDir(dir); len(entries) != 1 {
		t.Errorf("%v, %v in the folder", entries, err)
	}
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	defer w.Close()
	pipe := fmt.Sprintf("/dev/fd/%d", w.Fd())
	if _, err := os.Stat(pipe); err != nil {
		t.Skip("pipes have no names here")
	}
	if err := writeWhole(pipe, says("into a pipe\n")); err != nil {
		t.Fatal(err)
	}
	if line, err := bufio.NewReader(r).ReadString('\n'); line != "into a pipe\n" {
		t.Errorf("the pipe got %q, %v", line, err)
	}
}
