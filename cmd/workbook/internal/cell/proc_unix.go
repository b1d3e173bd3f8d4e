//go:build unix

package cell

import (
	"os"
	"os/exec"
	"syscall"
)

// group gives a command a process group of its own.
func group(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
}

// killGroup ends a process that group prepared, with all its children.
func killGroup(p *os.Process) error {
	return syscall.Kill(-p.Pid, syscall.SIGKILL)
}

// A family is a running process with its children.
type family struct{ p *os.Process }

// adopt has nothing to do: the process was born into its group.
func adopt(p *os.Process) *family { return &family{p} }

// kill ends the family. It may be called again, and when there is nothing left of it.
func (f *family) kill() { _ = killGroup(f.p) } // no such process is what we want

// release ends what is left.
func (f *family) release() { f.kill() }
