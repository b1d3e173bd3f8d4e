package build

import (
	"os/exec"
	"syscall"

	"golang.org/x/sys/unix"
)

// attributes adds to what a box asks for, where there is one.
func attributes(a *syscall.SysProcAttr) *syscall.SysProcAttr {
	if a == nil {
		a = &syscall.SysProcAttr{}
	}
	// Pdeathsig ends the group's leader where the workbook itself is killed.
	a.Setpgid, a.Pdeathsig = true, syscall.SIGKILL
	return a
}

// ended waits until the leader has ended, and leaves it unreaped: its number, which is the group's
// too, cannot be given to another process before the group has been killed.
func ended(cmd *exec.Cmd) bool {
	var info unix.Siginfo
	for {
		err := unix.Waitid(unix.P_PID, cmd.Process.Pid, &info, unix.WEXITED|unix.WNOWAIT, nil)
		if err != unix.EINTR {
			return err == nil
		}
	}
}

// Hold bounds the memory of each process of the group, and the files that it writes. What the leader starts
// has its bounds.
func (g *Group) Hold(memory, file uint64) {
	for _, l := range []struct {
		which int
		n     uint64
	}{{unix.RLIMIT_DATA, memory}, {unix.RLIMIT_FSIZE, file}, {unix.RLIMIT_CORE, 0}} {
		var have unix.Rlimit
		if unix.Prlimit(g.cmd.Process.Pid, l.which, nil, &have) == nil { // else it has ended
			unix.Prlimit(g.cmd.Process.Pid, l.which, &unix.Rlimit{Cur: min(l.n, have.Max), Max: have.Max}, nil)
		}
	}
}
