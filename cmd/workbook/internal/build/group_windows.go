package build

import (
	"fmt"
	"os/exec"
	"syscall"
	"time"
	"unsafe"

	"golang.org/x/sys/windows"
)

// Group is a process with all its descendants, in a job object. They end together.
type Group struct {
	cmd *exec.Cmd
	job windows.Handle
}

// Start starts cmd, which must come from exec.CommandContext, in a job of its own. When its
// context ends, the whole job is ended. What the process starts in its first instant, before it is
// put into the job, escapes it.
func Start(cmd *exec.Cmd) (*Group, error) {
	job, err := newJob()
	if err != nil {
		return nil, fmt.Errorf("making a job object: %w", err)
	}
	g := &Group{cmd: cmd, job: job}
	cmd.SysProcAttr = &syscall.SysProcAttr{CreationFlags: windows.CREATE_NEW_PROCESS_GROUP}
	cmd.Cancel = g.Kill
	cmd.WaitDelay = 5 * time.Second
	if err := cmd.Start(); err != nil {
		windows.CloseHandle(job)
		return nil, fmt.Errorf("starting %s: %w", cmd.Path, err)
	}
	if err := g.enlist(); err != nil {
		cmd.Process.Kill()
		cmd.Wait()
		windows.CloseHandle(job)
		return nil, fmt.Errorf("putting %s into a job object: %w", cmd.Path, err)
	}
	return g, nil
}

func newJob() (windows.Handle, error) {
	job, err := windows.CreateJobObject(nil, nil)
	if err != nil {
		return 0, err
	}
	if err := limit(job, 0); err != nil {
		windows.CloseHandle(job)
		return 0, err
	}
	return job, nil
}

// limit says that a job's processes end with it, and how much memory each may have; 0 means any.
func limit(job windows.Handle, memory uintptr) error {
	var info windows.JOBOBJECT_EXTENDED_LIMIT_INFORMATION
	info.BasicLimitInformation.LimitFlags = windows.JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE
	if memory > 0 {
		info.BasicLimitInformation.LimitFlags |= windows.JOB_OBJECT_LIMIT_PROCESS_MEMORY
		info.ProcessMemoryLimit = memory
	}
	_, err := windows.SetInformationJobObject(job, windows.JobObjectExtendedLimitInformation, uintptr(unsafe.Pointer(&info)), uint32(unsafe.Sizeof(info)))
	return err
}

// Hold bounds the memory of each process of the group. The size of files has no bound here.
func (g *Group) Hold(memory, _ uint64) { _ = limit(g.job, uintptr(memory)) }

func (g *Group) enlist() error {
	h, err := windows.OpenProcess(windows.PROCESS_SET_QUOTA|windows.PROCESS_TERMINATE, false, uint32(g.cmd.Process.Pid))
	if err != nil {
		return err
	}
	defer windows.CloseHandle(h)
	return windows.AssignProcessToJobObject(g.job, h)
}

// Kill ends every process of the job.
func (g *Group) Kill() error { return windows.TerminateJobObject(g.job, 1) }

// Wait waits for the first process to end, ends what it left behind, and returns what
// exec.Cmd.Wait does.
func (g *Group) Wait() error {
	err := g.cmd.Wait()
	g.Kill()
	windows.CloseHandle(g.job)
	return err
}
