//go:build amd64 || arm64

package box

import (
	"fmt"
	"net"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"
)

// TestMain is a hostile program where a test started this one as such: its arguments say which harm to
// do, and to what. It says on standard output how far it came; nobody believes that.
func TestMain(m *testing.M) {
	if len(os.Args) > 2 && os.Args[1] == "harm" {
		if err := harms[os.Args[2]](os.Args[3:]); err != nil {
			fmt.Println("held:", err)
			os.Exit(1)
		}
		fmt.Println("done")
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// harms are what programs in a box try, each with its target in the arguments.
var harms = map[string]func(a []string) error{
	"nothing": func([]string) error { return nil },
	"own":     func([]string) error { return os.WriteFile("own", []byte("x"), 0o600) },

	// to files
	"create":   func(a []string) error { return os.WriteFile(a[0]+"/new", nil, 0o600) },
	"truncate": func(a []string) error { return os.Truncate(a[0]+"/canary", 0) },
	"append":   func(a []string) error { return os.WriteFile(a[0]+"/canary", []byte("more"), 0o600) },
	"remove":   func(a []string) error { return os.Remove(a[0] + "/canary") },
	"rename":   func(a []string) error { return os.Rename(a[0]+"/canary", a[0]+"/gone") },
	"take":     func(a []string) error { return os.Rename(a[0]+"/canary", "taken") },
	"chmod":    func(a []string) error { return os.Chmod(a[0]+"/canary", 0) },
	"chown":    func(a []string) error { return os.Chown(a[0]+"/canary", 1, 1) },
	"touch":    func(a []string) error { return os.Chtimes(a[0]+"/canary", time.Unix(1, 0), time.Unix(1, 0)) },
	"read":     func(a []string) error { return show(a[0] + "/canary") },
	"list":     func(a []string) error { e, err := os.ReadDir(a[0]); fmt.Println(e); return err },
	"symlink": func(a []string) error {
		if err := os.Symlink(a[0]+"/canary", "link"); err != nil {
			return err
		}
		show("link")
		return os.WriteFile("link", []byte("more"), 0o600)
	},
	"hardlink": func(a []string) error {
		if err := os.Link(a[0]+"/canary", "hard"); err != nil {
			return err
		}
		show("hard")
		return os.WriteFile("hard", []byte("more"), 0o600)
	},
	"root":    func(a []string) error { return show("/proc/self/root" + a[0] + "/canary") },
	"parents": func(a []string) error { return show(strings.Repeat("../", 40) + a[0] + "/canary") },
	"race file": func(a []string) error { // a log that the grader reads is to lead elsewhere
		files, _ := filepath.Glob("../race.*")
		for _, f := range append(files, "../race.9", "../journal") {
			os.Remove(f)
			if os.Symlink(a[0]+"/canary", f) == nil {
				fmt.Println("linked", f)
			}
		}
		return show("../race.9")
	},

	// to the grader
	"environment": func([]string) error { return show("/proc/" + parent() + "/environ") },
	"memory": func([]string) error {
		f, err := os.OpenFile("/proc/"+parent()+"/mem", os.O_RDWR, 0)
		fmt.Println(f)
		return err
	},
	"descriptors": func([]string) error { return os.WriteFile("/proc/"+parent()+"/fd/1", []byte("forged\n"), 0) },
	"signal":      func([]string) error { return unix.Kill(os.Getppid(), unix.SIGUSR1) },
	"group":       func([]string) error { return unix.Kill(-1, unix.SIGUSR1) },
	"queue": func(a []string) error {
		pid, _ := strconv.Atoi(a[1])
		return unix.Kill(pid, unix.SIGUSR1)
	},
	"inherited": func(a []string) error {
		for fd := 3; fd < 60; fd++ {
			data := make([]byte, 100)
			if n, err := unix.Pread(fd, data, 0); err == nil {
				fmt.Printf("%s\n", data[:n])
			}
		}
		return nil
	},

	// to the network
	"tcp":      func(a []string) error { _, err := net.Dial("tcp", a[2]); return err },
	"udp":      func(a []string) error { return send("udp", a[2]) },
	"unix":     func(a []string) error { _, err := net.Dial("unix", a[0]+"/socket"); return err },
	"abstract": func(a []string) error { _, err := net.Dial("unix", "@"+a[0]); return err },
	"listen":   func(a []string) error { _, err := net.Listen("tcp", "127.0.0.1:0"); return err },

	// to other programs
	"spawn": func(a []string) error {
		cmd := exec.Command("/bin/sleep", a[3])
		cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
		return cmd.Start()
	},
	"become": func(a []string) error { return unix.Exec("/bin/sleep", []string{"sleep", a[3]}, nil) },
	"self":   func([]string) error { return unix.Exec("/proc/self/exe", []string{"x", "harm", "say"}, nil) },
	"say":    func([]string) error { fmt.Println("another program"); return nil },
	"again": func([]string) error { // the descriptor of the first exec
		f, err := os.Open("/proc/self/exe")
		if err != nil {
			return err
		}
		if err := unix.Dup3(int(f.Fd()), programFD, 0); err != nil {
			return err
		}
		o := order{Args: []string{"x", "harm", "say"}}
		return o.become(programFD)
	},
	"fork": func([]string) error {
		if _, _, e := unix.RawSyscall(unix.SYS_CLONE, uintptr(unix.SIGCHLD), 0, 0); e != 0 {
			return e
		}
		return nil
	},

	// to the system
	"calls": func([]string) error { return calls() },
	"survive": func(a []string) error {
		unix.Prctl(unix.PR_SET_PDEATHSIG, 0, 0, 0, 0)
		unix.Setsid()
		signal.Ignore(unix.SIGTERM, unix.SIGHUP, unix.SIGINT)
		fmt.Println("ready")
		time.Sleep(time.Hour)
		return nil
	},
	"fill memory": func([]string) error { return fill(func() []byte { return make([]byte, 64<<20) }) },
	"share memory": func([]string) error {
		return fill(func() []byte {
			b, err := unix.Mmap(-1, 0, 64<<20, unix.PROT_READ|unix.PROT_WRITE, unix.MAP_SHARED|unix.MAP_ANONYMOUS)
			if err != nil {
				fmt.Println("held:", err)
				os.Exit(1)
			}
			return b
		})
	},
	"fill disk": func([]string) error {
		block := make([]byte, 1<<20)
		for i := range 4096 {
			if i%4 == 0 {
				time.Sleep(time.Millisecond) // a disk's speed, not a memory's
			}
			if err := os.WriteFile("fill"+strconv.Itoa(i), block, 0o600); err != nil {
				return err
			}
		}
		return nil
	},
	"large file": func([]string) error {
		f, err := os.Create("large")
		if err != nil {
			return err
		}
		return f.Truncate(1 << 40)
	},
	"threads": func([]string) error {
		for range 100000 {
			go func() { runtime.LockOSThread(); select {} }()
		}
		time.Sleep(3 * time.Second)
		return nil
	},
}

func parent() string { return strconv.Itoa(os.Getppid()) }

func show(name string) error {
	data, err := os.ReadFile(name)
	fmt.Printf("%s", data)
	return err
}

func send(network, address string) error {
	c, err := net.Dial(network, address)
	if err == nil {
		_, err = c.Write([]byte("x"))
	}
	return err
}

// fill touches six gigabytes, in pieces that piece makes.
func fill(piece func() []byte) error {
	var all [][]byte
	for range 96 {
		b := piece()
		for i := 0; i < len(b); i += 4096 {
			b[i] = 1
		}
		all = append(all, b)
	}
	fmt.Println(len(all))
	return nil
}

// calls makes system calls that none must answer, and returns an error if none did.
func calls() error {
	var page [4096]byte
	at := uintptr(unsafe.Pointer(&page))
	var answered []string
	for name, call := range map[string][4]uintptr{
		"unshare":     {unix.SYS_UNSHARE, unix.CLONE_NEWUSER},
		"mount":       {unix.SYS_MOUNT, at, at, at},
		"chroot":      {unix.SYS_CHROOT, at},
		"ptrace":      {unix.SYS_PTRACE, unix.PTRACE_TRACEME},
		"vm read":     {unix.SYS_PROCESS_VM_READV, uintptr(os.Getppid()), at, 1},
		"bpf":         {unix.SYS_BPF, 0, at, 64},
		"perf":        {unix.SYS_PERF_EVENT_OPEN, at, 0, 0},
		"userfaultfd": {unix.SYS_USERFAULTFD, 1},
		"keyctl":      {unix.SYS_KEYCTL, unix.KEYCTL_GET_KEYRING_ID, ^uintptr(2), 1},
		"io_uring":    {unix.SYS_IO_URING_SETUP, 4, at},
		"memfd":       {unix.SYS_MEMFD_CREATE, at, 0},
		"shmget":      {unix.SYS_SHMGET, 0, 4096, 0o1600},
		"pidfd":       {unix.SYS_PIDFD_OPEN, uintptr(os.Getppid()), 0},
		"personality": {unix.SYS_PERSONALITY, 0xffffffff},
		"clone3":      {unix.SYS_CLONE3, at, 64},
		"setns":       {unix.SYS_SETNS, 0, 0},
		"inotify":     {unix.SYS_INOTIFY_INIT1, 0},
		"signalfd":    {unix.SYS_SIGNALFD4, ^uintptr(0), at, 8},
		"setsid":      {unix.SYS_SETSID},
		"dumpable":    {unix.SYS_PRCTL, unix.PR_SET_DUMPABLE, 0},
		"deathsig":    {unix.SYS_PRCTL, unix.PR_SET_PDEATHSIG, 0},
	} {
		_, _, e := unix.RawSyscall(call[0], call[1], call[2], call[3])
		if e != unix.EPERM && e != unix.ENOSYS {
			answered = append(answered, fmt.Sprintf("%s: %v", name, e))
		}
	}
	slices.Sort(answered)
	fmt.Println("answered:", answered)
	if len(answered) == 0 {
		return unix.EPERM
	}
	return nil
}
