package cell

import (
	"os"
	"os/exec"
	"syscall"
	"unsafe"
)

const createNewProcessGroup = 0x200

var (
	kernel32           = syscall.NewLazyDLL("kernel32.dll")
	createJobObject    = kernel32.NewProc("CreateJobObjectW")
	setInformation     = kernel32.NewProc("SetInformationJobObject")
	assignToJob        = kernel32.NewProc("AssignProcessToJobObject")
	terminateJobObject = kernel32.NewProc("TerminateJobObject")
)

// jobLimits is JOBOBJECT_EXTENDED_LIMIT_INFORMATION.
type jobLimits struct {
	PerProcessUserTime, PerJobUserTime     int64
	Flags                                  uint32
	MinimumWorkingSet, MaximumWorkingSet   uintptr
	ActiveProcesses                        uint32
	Affinity                               uintptr
	PriorityClass, SchedulingClass         uint32
	IO                                     [6]uint64
	ProcessMemory, JobMemory               uintptr
	PeakProcessMemoryUsed, PeakJobMemoryUs uintptr
}

const (
	limitActiveProcess = 0x8
	limitJobMemory     = 0x200
	limitKillOnClose   = 0x2000
	extendedLimits     = 9
)

// group gives a command a console process group of its own.
func group(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{CreationFlags: createNewProcessGroup}
}

// killGroup ends a process. Only a family ends with its children here.
func killGroup(p *os.Process) error { return p.Kill() }

// A family is a running process with its children.
type family struct {
	p   *os.Process
	job syscall.Handle // 0 where there is none
}

// adopt puts a process into a job object, which its children join. The job holds the limits on
// memory and processes.
func adopt(p *os.Process) *family {
	f := &family{p: p}
	h, _, _ := createJobObject.Call(0, 0)
	if h == 0 {
		return f
	}
	limits := jobLimits{Flags: limitActiveProcess | limitJobMemory | limitKillOnClose,
		ActiveProcesses: processLimit, JobMemory: memoryLimit}
	setInformation.Call(h, extendedLimits, uintptr(unsafe.Pointer(&limits)), unsafe.Sizeof(limits))
	f.job = syscall.Handle(h)
	const setQuota, terminate = 0x100, 0x1
	if proc, err := syscall.OpenProcess(setQuota|terminate, false, uint32(p.Pid)); err == nil {
		assignToJob.Call(h, uintptr(proc))
		_ = syscall.CloseHandle(proc) // the job keeps the process
	}
	return f
}

// kill ends the family. It may be called again, and when there is nothing left of it.
func (f *family) kill() {
	if f.job != 0 {
		terminateJobObject.Call(uintptr(f.job), 1)
	}
	_ = f.p.Kill() // it may be gone already
}

// release ends what is left.
func (f *family) release() {
	if f.job != 0 {
		_ = syscall.CloseHandle(f.job) // kills what is in it
	}
}
