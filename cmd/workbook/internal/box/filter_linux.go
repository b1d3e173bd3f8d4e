//go:build amd64 || arm64

package box

import (
	"fmt"
	"os"
	"unsafe"

	"golang.org/x/sys/unix"
)

// The filter of system calls, a program of the kernel's old packet filter, written out by hand: what it
// must decide is a list of numbers and a handful of arguments, and the kernel remembers its answer for
// every call that no argument matters for, so it costs next to nothing.
//
// A Go program that computes needs few system calls, and those alone are let through. Every other is
// answered as by a kernel that does not know it, which libraries are used to, and the well-known hostile
// ones as not permitted, which reads better in a program's output. A compiler starts other programs, of
// many minds: for it the list is of what is denied.

// assembly is a filter under construction.
type assembly []unix.SockFilter

// Instructions.
const (
	load   = unix.BPF_LD | unix.BPF_W | unix.BPF_ABS
	equal  = unix.BPF_JMP | unix.BPF_JEQ | unix.BPF_K
	above  = unix.BPF_JMP | unix.BPF_JGE | unix.BPF_K
	anyBit = unix.BPF_JMP | unix.BPF_JSET | unix.BPF_K
	answer = unix.BPF_RET | unix.BPF_K
)

// Answers.
const (
	permit  = unix.SECCOMP_RET_ALLOW
	end     = unix.SECCOMP_RET_KILL_PROCESS
	denied  = unix.SECCOMP_RET_ERRNO | uint32(unix.EPERM)
	unknown = unix.SECCOMP_RET_ERRNO | uint32(unix.ENOSYS)
)

// Where the kernel puts what a filter looks at.
const (
	atNumber = 0
	atArch   = 4
)

// atArg is the lower half of an argument, which holds all of every argument looked at here; the upper
// half is looked at where it could matter.
func atArg(i int) uint32 { return 16 + 8*uint32(i) }

func (a *assembly) add(code uint16, k uint32, jt, jf uint8) {
	*a = append(*a, unix.SockFilter{Code: code, K: k, Jt: jt, Jf: jf})
}

// begin refuses what other calling conventions could mean.
func (a *assembly) begin() {
	a.add(load, atArch, 0, 0)
	a.add(equal, arch, 1, 0)
	a.add(answer, end, 0, 0)
	a.add(load, atNumber, 0, 0)
	if x32 != 0 {
		a.add(above, x32, 0, 1)
		a.add(answer, end, 0, 0)
	}
}

// on answers calls by their numbers.
func (a *assembly) on(answered uint32, numbers ...uint32) {
	for _, n := range numbers {
		a.add(equal, n, 0, 1)
		a.add(answer, answered, 0, 0)
	}
}

// test is a condition on the lower half of an argument.
type test struct {
	arg   int
	code  uint16 // equal or anyBit
	value uint32
	want  bool
}

// when permits a call where every condition holds, and denies it otherwise.
func (a *assembly) when(number uint32, tests ...test) {
	body := assembly{}
	for _, t := range tests {
		body.add(load, atArg(t.arg), 0, 0)
		if t.want {
			body.add(t.code, t.value, 1, 0)
		} else {
			body.add(t.code, t.value, 0, 1)
		}
		body.add(answer, denied, 0, 0)
	}
	body.add(answer, permit, 0, 0)
	a.add(equal, number, 0, uint8(len(body)))
	*a = append(*a, body...)
}

// filter puts the filter for the program into force, for this thread, which becomes it.
func (o *order) filter() error {
	a := programFilter(uint32(os.Getpid()))
	if o.Build {
		a = buildFilter()
	}
	program := unix.SockFprog{Len: uint16(len(a)), Filter: &a[0]}
	_, _, errno := unix.RawSyscall(unix.SYS_SECCOMP, unix.SECCOMP_SET_MODE_FILTER, 0, uintptr(unsafe.Pointer(&program)))
	if errno != 0 {
		return fmt.Errorf("putting it into force: %w", errno)
	}
	return nil
}

// programFilter lets through what a hidden-test binary with the number pid needs.
func programFilter(pid uint32) assembly {
	var a assembly
	a.begin()
	a.on(permit, computes...)
	a.on(permit, computesHere...)
	a.on(denied, hostile...)
	a.on(denied, hostileHere...)
	// Threads, and no process: nothing can outlive the program or escape its group (attacks 40, 52).
	a.when(unix.SYS_CLONE, test{0, anyBit, unix.CLONE_THREAD, true})
	// Private memory, which RLIMIT_DATA counts; shared memory is not counted (attack 53).
	a.when(unix.SYS_MMAP, test{3, anyBit, unix.MAP_SHARED, false})
	// Signals to itself: the runtime's own, and abort's (attack 29).
	a.when(unix.SYS_TGKILL, test{0, equal, pid, true})
	a.when(unix.SYS_KILL, test{0, equal, pid, true})
	a.when(unix.SYS_PRLIMIT64, test{0, equal, 0, true}) // its own limits, which it cannot raise
	// Naming threads and memory. All else that prctl does is denied: above all, no program may let go of
	// the signal that ends it when the grader dies.
	a.add(equal, unix.SYS_PRCTL, 0, 6)
	a.add(load, atArg(0), 0, 0)
	a.add(equal, unix.PR_SET_NAME, 3, 0)
	a.add(equal, unix.PR_GET_NAME, 2, 0)
	a.add(equal, unix.PR_SET_VMA, 1, 0)
	a.add(answer, denied, 0, 0)
	a.add(answer, permit, 0, 0)
	// Is it a terminal? It is none, and nothing else can be asked or done (TIOCSTI).
	a.when(unix.SYS_IOCTL, test{1, equal, unix.TCGETS, true})
	// The one exec, of the program itself: its descriptor closes with it, and is above what RLIMIT_NOFILE
	// lets any later file be (attacks 17, 28, 57).
	a.when(unix.SYS_EXECVEAT, test{0, equal, programFD, true}, test{4, equal, unix.AT_EMPTY_PATH, true})
	a.add(answer, unknown, 0, 0)
	return a
}

// buildFilter denies what no compiler needs.
func buildFilter() assembly {
	var a assembly
	a.begin()
	a.on(denied, hostile...)
	a.on(denied, unix.SYS_SETSID, unix.SYS_SETPGID) // a group is ended as one
	a.add(equal, unix.SYS_CLONE, 0, 4)
	a.add(load, atArg(0), 0, 0)
	a.add(anyBit, namespaces, 0, 1)
	a.add(answer, denied, 0, 0)
	a.add(answer, permit, 0, 0)
	a.on(unknown, unix.SYS_CLONE3) // its flags cannot be looked at
	a.add(answer, permit, 0, 0)
	return a
}

const namespaces = unix.CLONE_NEWUSER | unix.CLONE_NEWPID | unix.CLONE_NEWNET | unix.CLONE_NEWIPC | unix.CLONE_NEWUTS | unix.CLONE_NEWNS | unix.CLONE_NEWCGROUP

// computes are the calls of a program that computes, and that may write in its scratch folder.
var computes = []uint32{
	unix.SYS_READ, unix.SYS_WRITE, unix.SYS_READV, unix.SYS_WRITEV, unix.SYS_PREAD64, unix.SYS_PWRITE64, unix.SYS_CLOSE, unix.SYS_LSEEK,
	unix.SYS_OPENAT, unix.SYS_FSTAT, unix.SYS_STATX, unix.SYS_FACCESSAT, unix.SYS_FACCESSAT2, unix.SYS_READLINKAT, unix.SYS_GETDENTS64, unix.SYS_GETCWD,
	unix.SYS_FCNTL, unix.SYS_DUP, unix.SYS_DUP3, unix.SYS_PIPE2, unix.SYS_FSYNC, unix.SYS_FTRUNCATE, unix.SYS_FALLOCATE, unix.SYS_FADVISE64,
	unix.SYS_MKDIRAT, unix.SYS_UNLINKAT, unix.SYS_RENAMEAT, unix.SYS_RENAMEAT2, unix.SYS_SYMLINKAT, unix.SYS_CHDIR, unix.SYS_FCHDIR, unix.SYS_UMASK, unix.SYS_STATFS, unix.SYS_FSTATFS,
	unix.SYS_BRK, unix.SYS_MUNMAP, unix.SYS_MPROTECT, unix.SYS_MREMAP, unix.SYS_MADVISE, unix.SYS_MINCORE, unix.SYS_MEMBARRIER,
	unix.SYS_FUTEX, unix.SYS_SET_ROBUST_LIST, unix.SYS_GET_ROBUST_LIST, unix.SYS_RSEQ, unix.SYS_SET_TID_ADDRESS, unix.SYS_SCHED_YIELD, unix.SYS_SCHED_GETAFFINITY,
	unix.SYS_EXIT, unix.SYS_EXIT_GROUP, unix.SYS_RESTART_SYSCALL,
	unix.SYS_RT_SIGACTION, unix.SYS_RT_SIGPROCMASK, unix.SYS_RT_SIGRETURN, unix.SYS_RT_SIGTIMEDWAIT, unix.SYS_RT_SIGPENDING, unix.SYS_SIGALTSTACK,
	unix.SYS_GETPID, unix.SYS_GETPPID, unix.SYS_GETTID, unix.SYS_GETUID, unix.SYS_GETEUID, unix.SYS_GETGID, unix.SYS_GETEGID, unix.SYS_GETGROUPS, unix.SYS_GETPGID, unix.SYS_GETSID,
	unix.SYS_GETRUSAGE, unix.SYS_GETRLIMIT, unix.SYS_SETRLIMIT, unix.SYS_UNAME, unix.SYS_SYSINFO, unix.SYS_GETRANDOM, unix.SYS_GETCPU, unix.SYS_TIMES,
	unix.SYS_CLOCK_GETTIME, unix.SYS_CLOCK_GETRES, unix.SYS_CLOCK_NANOSLEEP, unix.SYS_NANOSLEEP, unix.SYS_GETTIMEOFDAY,
	unix.SYS_SETITIMER, unix.SYS_GETITIMER, unix.SYS_TIMER_CREATE, unix.SYS_TIMER_SETTIME, unix.SYS_TIMER_GETTIME, unix.SYS_TIMER_DELETE, unix.SYS_TIMER_GETOVERRUN,
	unix.SYS_EPOLL_CREATE1, unix.SYS_EPOLL_CTL, unix.SYS_EPOLL_PWAIT, unix.SYS_EVENTFD2, unix.SYS_PPOLL, unix.SYS_PSELECT6, unix.SYS_WAIT4, unix.SYS_WAITID,
}

// hostile are calls that no submission and no compiler has use for. An unlisted one is not let through to
// a submission either; to a compiler it is.
var hostile = []uint32{
	unix.SYS_SOCKET, unix.SYS_SOCKETPAIR, unix.SYS_CONNECT, unix.SYS_BIND, unix.SYS_LISTEN, unix.SYS_ACCEPT, unix.SYS_ACCEPT4, unix.SYS_SENDTO, unix.SYS_SENDMSG,
	unix.SYS_PTRACE, unix.SYS_PROCESS_VM_READV, unix.SYS_PROCESS_VM_WRITEV, unix.SYS_PIDFD_GETFD, unix.SYS_PIDFD_OPEN, unix.SYS_PIDFD_SEND_SIGNAL, unix.SYS_KCMP, unix.SYS_PROCESS_MADVISE,
	unix.SYS_MOUNT, unix.SYS_UMOUNT2, unix.SYS_PIVOT_ROOT, unix.SYS_CHROOT, unix.SYS_MOVE_MOUNT, unix.SYS_OPEN_TREE, unix.SYS_FSOPEN, unix.SYS_FSCONFIG, unix.SYS_FSMOUNT, unix.SYS_FSPICK, unix.SYS_MOUNT_SETATTR,
	unix.SYS_UNSHARE, unix.SYS_SETNS, unix.SYS_SETHOSTNAME, unix.SYS_SETDOMAINNAME, unix.SYS_REBOOT, unix.SYS_SWAPON, unix.SYS_SWAPOFF, unix.SYS_ACCT, unix.SYS_QUOTACTL, unix.SYS_SYSLOG,
	unix.SYS_INIT_MODULE, unix.SYS_FINIT_MODULE, unix.SYS_DELETE_MODULE, unix.SYS_KEXEC_LOAD, unix.SYS_KEXEC_FILE_LOAD,
	unix.SYS_BPF, unix.SYS_PERF_EVENT_OPEN, unix.SYS_USERFAULTFD, unix.SYS_ADD_KEY, unix.SYS_REQUEST_KEY, unix.SYS_KEYCTL,
	unix.SYS_IO_URING_SETUP, unix.SYS_IO_URING_ENTER, unix.SYS_IO_URING_REGISTER, unix.SYS_FANOTIFY_INIT, unix.SYS_OPEN_BY_HANDLE_AT, unix.SYS_NAME_TO_HANDLE_AT,
	unix.SYS_MKNODAT, unix.SYS_CLOCK_SETTIME, unix.SYS_CLOCK_ADJTIME, unix.SYS_SETTIMEOFDAY, unix.SYS_ADJTIMEX, unix.SYS_PERSONALITY, unix.SYS_MBIND, unix.SYS_SET_MEMPOLICY, unix.SYS_MIGRATE_PAGES, unix.SYS_MOVE_PAGES,
	unix.SYS_SHMGET, unix.SYS_SHMAT, unix.SYS_SEMGET, unix.SYS_MSGGET, unix.SYS_MQ_OPEN, unix.SYS_MEMFD_CREATE, unix.SYS_RT_SIGQUEUEINFO, unix.SYS_RT_TGSIGQUEUEINFO, unix.SYS_TKILL,
}

// hostileHere are denied to submissions alone: a compiler starts programs and sets modes.
var hostileHere = []uint32{
	unix.SYS_EXECVE, unix.SYS_SETSID, unix.SYS_SETPGID, unix.SYS_FCHMODAT, unix.SYS_FCHMOD, unix.SYS_FCHOWNAT, unix.SYS_FCHOWN, unix.SYS_UTIMENSAT,
	unix.SYS_TRUNCATE, // by name, which Landlock knows from its third version on only
	unix.SYS_SETXATTR, unix.SYS_LSETXATTR, unix.SYS_FSETXATTR, unix.SYS_LINKAT, unix.SYS_SCHED_SETAFFINITY, unix.SYS_SCHED_SETSCHEDULER, unix.SYS_SETPRIORITY,
}
