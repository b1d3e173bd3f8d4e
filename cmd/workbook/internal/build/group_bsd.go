//go:build unix && !linux

package build

import (
	"os/exec"
	"syscall"
)

func attributes(*syscall.SysProcAttr) *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true}
}

// ended answers no: here a process cannot be awaited without being reaped.
func ended(*exec.Cmd) bool { return false }

// Hold bounds nothing: here the limits of another process cannot be set.
func (g *Group) Hold(memory, file uint64) {}
