//go:build amd64 || arm64

package box

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// order is what the helper is told, as JSON in its second argument. The program's environment is the
// helper's own.
type order struct {
	Spec
	Path   string   // the program
	Args   []string // its arguments, with its name
	Home   string   // the folder that it begins in
	Status int      // the descriptor on which the helper says what goes wrong; closed when the program begins
	CPU    uint64   // seconds of processor time, in all its threads
}

// entry is one end of the pipe on which a helper says what goes wrong.
type entry struct {
	status, child *os.File
	cmd           *exec.Cmd
	watched       string // the scratch folder, where a keeper is needed
	keeper        *keeper
}

// self is this very program, whatever has become of its file since. The helper looks it up after its
// namespaces were made, in which it is still to be found: /proc is the old one at that moment.
const self = "/proc/self/exe"

// maxCPU bounds a program's processor time where its caller's own clock fails.
const maxCPU = 15 * time.Minute

func (e *entry) enclose(s Spec, cmd *exec.Cmd) error {
	if cmd.Err != nil {
		return cmd.Err
	}
	var err error
	if e.status, e.child, err = os.Pipe(); err != nil {
		return fmt.Errorf("making a pipe: %w", err)
	}
	cmd.ExtraFiles = append(cmd.ExtraFiles, e.child)
	o := order{Spec: s, Path: cmd.Path, Args: cmd.Args, Home: cmd.Dir, Status: 2 + len(cmd.ExtraFiles), CPU: uint64(maxCPU / time.Second)}
	text, err := json.Marshal(o)
	if err != nil {
		e.status.Close()
		e.child.Close()
		return fmt.Errorf("writing the order: %w", err)
	}
	e.cmd = cmd
	if s.Tier == Fenced && !s.Build {
		e.watched = s.Scratch
	}
	cmd.Path, cmd.Args = self, []string{"workbook", helperName, string(text)}
	if s.Tier == Apart {
		cmd.SysProcAttr = apart(cmd.SysProcAttr)
	}
	return nil
}

// apart adds the namespaces. Inside, the user is root over them alone, which making a file system of
// one's own takes; outside, nothing has changed.
func apart(a *syscall.SysProcAttr) *syscall.SysProcAttr {
	if a == nil {
		a = &syscall.SysProcAttr{}
	}
	a.Cloneflags |= unix.CLONE_NEWUSER | unix.CLONE_NEWPID | unix.CLONE_NEWNET | unix.CLONE_NEWIPC | unix.CLONE_NEWUTS | unix.CLONE_NEWNS
	a.UidMappings = []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getuid(), Size: 1}}
	a.GidMappings = []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getgid(), Size: 1}}
	return a
}

func (e *entry) started() {
	if e.child != nil {
		e.child.Close()
		e.child = nil
	}
	if e.watched != "" && e.cmd.Process != nil {
		e.keeper = keep(e.watched, e.cmd)
		e.watched = ""
	}
}

// fault reads what the helper said. The pipe is at its end once the program has begun or the helper has
// ended, so there is nothing to wait for; a deadline holds in any case.
func (e *entry) fault() error {
	if e.status == nil {
		return nil
	}
	e.started()
	e.keeper.stop()
	e.keeper = nil
	e.status.SetReadDeadline(time.Now().Add(10 * time.Second))
	text, err := io.ReadAll(io.LimitReader(e.status, 4096))
	e.status.Close()
	e.status = nil
	if len(text) > 0 {
		return errors.New(strings.TrimSpace(string(text)))
	}
	if err != nil {
		return fmt.Errorf("the sandbox does not say whether it is there: %w", err)
	}
	return nil
}
