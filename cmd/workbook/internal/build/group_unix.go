//go:build unix

package build

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"syscall"
	"time"
)

// Group is a process with all its descendants that stay in its process group. They end together.
type Group struct{ cmd *exec.Cmd }

// Start starts cmd, which must come from exec.CommandContext, as the leader of a group of its own.
// When its context ends, the whole group is killed.
func Start(cmd *exec.Cmd) (*Group, error) {
	g := &Group{cmd: cmd}
	cmd.SysProcAttr = attributes(cmd.SysProcAttr)
	cmd.Cancel = g.Kill
	cmd.WaitDelay = 5 * time.Second // a descendant outside of the group may hold a pipe open; a reader may be late on a busy machine
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("starting %s: %w", cmd.Path, err)
	}
	return g, nil
}

// Kill kills the group.
func (g *Group) Kill() error {
	err := syscall.Kill(-g.cmd.Process.Pid, syscall.SIGKILL)
	if errors.Is(err, syscall.ESRCH) {
		return os.ErrProcessDone
	}
	return err
}

// Wait waits for the leader to end, kills what it left behind, and returns what exec.Cmd.Wait does.
func (g *Group) Wait() error {
	if ended(g.cmd) {
		g.Kill()
		return g.cmd.Wait()
	}
	err := g.cmd.Wait()
	g.Kill()
	return err
}
