//go:build amd64 || arm64

package box

import (
	"bufio"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// TestGraderKilled: a program does not outlive the grader that started it, though it tries to.
func TestGraderKilled(t *testing.T) {
	if name := os.Getenv("WORKBOOK_BE_GRADER"); name != "" {
		tier, _ := ParseTier(name)
		beGrader(t, tier)
		return
	}
	tiers(t, func(t *testing.T, tier Tier) {
		self, err := os.Executable()
		if err != nil {
			t.Fatal(err)
		}
		cmd := exec.CommandContext(t.Context(), self, "-test.run=^TestGraderKilled$")
		cmd.Env = append(os.Environ(), "WORKBOOK_BE_GRADER="+tier.String(), "TMPDIR="+t.TempDir())
		out, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		pid := 0
		for lines := bufio.NewScanner(out); pid == 0 && lines.Scan(); {
			pid, _ = strconv.Atoi(strings.TrimPrefix(lines.Text(), "boxed "))
		}
		cmd.Process.Kill()
		cmd.Wait()
		if pid == 0 {
			t.Fatal("the program did not start")
		}
		for range 1000 {
			if unix.Kill(pid, 0) == unix.ESRCH || zombie(pid) {
				return
			}
			time.Sleep(5 * time.Millisecond) // for the kernel
		}
		t.Errorf("process %d has outlived its grader", pid)
		unix.Kill(pid, unix.SIGKILL)
	})
}

func zombie(pid int) bool {
	stat, _ := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/stat")
	return strings.Contains(string(stat), ") Z ")
}

// beGrader starts a program that tries to survive, says its number once it has tried, and waits.
func beGrader(t *testing.T, tier Tier) {
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	cmd := exec.CommandContext(t.Context(), self, "harm", "survive")
	cmd.Dir, cmd.Env = dir, []string{}
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	b, err := Spec{Tier: tier, Dir: dir, Read: []string{self}}.Enclose(cmd)
	if err != nil {
		t.Fatal(err)
	}
	err = cmd.Start()
	b.Started()
	if err != nil {
		t.Fatal(err)
	}
	if line, _ := bufio.NewReader(out).ReadString('\n'); line != "ready\n" {
		t.Fatalf("the program says %q: %v", line, b.Err())
	}
	os.Stdout.WriteString("boxed " + strconv.Itoa(cmd.Process.Pid) + "\n")
	cmd.Wait()
}
