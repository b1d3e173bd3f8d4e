//go:build unix

package run

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// gone waits until a process has ended. One that nobody reaps, as in a container without init,
// stays in the table as a zombie.
func gone(t *testing.T, pid int) {
	t.Helper()
	for range 1000 {
		if err := syscall.Kill(pid, 0); errors.Is(err, syscall.ESRCH) {
			return
		}
		if state, err := exec.Command("ps", "-o", "stat=", "-p", strconv.Itoa(pid)).Output(); err != nil || strings.HasPrefix(string(state), "Z") {
			return
		}
		time.Sleep(5 * time.Millisecond) // for the kernel: it has no channel to wait on
	}
	t.Errorf("process %d is still there", pid)
	syscall.Kill(pid, syscall.SIGKILL)
}

// TestOrphan: what a child leaves behind ends with it, and holds up nobody though it has the pipes.
func TestOrphan(t *testing.T) {
	if _, err := exec.LookPath("/bin/sleep"); err != nil {
		t.Skip(err)
	}
	p := plan(t, "TestOrphan")
	start := time.Now()
	r := one(t, p)
	var pid int
	if _, err := fmt.Sscan(r.Output, &pid); err != nil {
		t.Fatalf("record %+v: %v", r, err)
	}
	gone(t, pid)
	if !r.Done || time.Since(start) > 20*time.Second {
		t.Errorf("after %v: %+v", time.Since(start), r)
	}
}

// TestCancelKillsAll: when the context ends, the child and its children are gone.
func TestCancelKillsAll(t *testing.T) {
	tmp := t.TempDir()
	t.Setenv("TMPDIR", tmp)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	done := make(chan error, 1)
	go func() {
		_, err := plan(t, "TestOrphanHangs").Run(ctx)
		done <- err
	}()
	child, grandchild := pids(t, tmp)
	cancel()
	if err := <-done; !errors.Is(err, context.Canceled) {
		t.Errorf("Run = %v, want the context's error", err)
	}
	gone(t, child)
	gone(t, grandchild)
	if left, _ := filepath.Glob(filepath.Join(tmp, "workbook-*")); len(left) > 0 {
		t.Errorf("folders left: %v", left)
	}
}

// pids waits for the file in which the child says its number and its child's.
func pids(t *testing.T, tmp string) (child, grandchild int) {
	t.Helper()
	for range 4000 {
		files, _ := filepath.Glob(filepath.Join(tmp, "workbook-run-*", "cwd", "pids"))
		if len(files) == 1 {
			data, _ := os.ReadFile(files[0])
			if n, _ := fmt.Sscan(string(data), &child, &grandchild); n == 2 {
				return child, grandchild
			}
		}
		time.Sleep(5 * time.Millisecond) // for another process
	}
	t.Fatal("the child never said its number")
	return 0, 0
}
