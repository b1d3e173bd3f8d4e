//go:build amd64 || arm64

package box

import (
	"debug/elf"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"
)

// The helper.
//
// A program is put into its box by this very program, started again as a helper in the new namespaces:
// it builds the box around itself and then becomes the program. Between its start and that moment only
// this file's code runs, on one thread, in this order: files, limits, privileges, Landlock, seccomp,
// exec. Whatever fails ends the helper with a word on the status descriptor, and nothing runs.

// helperName is the argument that makes a program a helper.
const helperName = "__box"

// exitHelper is the exit status of a helper that could not do its work.
const exitHelper = 125

// init turns a program that was started as a helper into one, before it is anything else. So every
// program that uses this package can start boxes, a test too, and the rest of its packages need not be
// set up first: that costs more than the box.
func init() {
	switch {
	case len(os.Args) == 3 && os.Args[1] == helperName:
		os.Exit(help(os.Args[2]))
	case len(os.Args) == 2 && os.Args[1] == probeName:
		os.Exit(lookAround())
	}
}

// help does the helper's work, and returns only where that cannot be done.
func help(text string) int {
	var o order
	if err := json.Unmarshal([]byte(text), &o); err != nil {
		fmt.Fprintln(os.Stderr, "workbook: this command is the workbook's own, for running programs in a sandbox")
		return exitHelper
	}
	status := os.NewFile(uintptr(o.Status), "status")
	// Everything below counts for one thread, and the program inherits it of the thread that becomes it.
	// With one processor no other thread is started meanwhile, which the filter would not let be.
	runtime.LockOSThread()
	runtime.GOMAXPROCS(1)
	err := o.enter()
	fmt.Fprintln(status, err)
	return exitHelper
}

// enter builds the box and becomes the program.
func (o *order) enter() error {
	// What the caller of the workbook has left open must not be there in the box. The status pipe and the
	// program itself close when the program begins.
	if err := unix.CloseRange(uint(o.Status), ^uint(0)>>1, unix.CLOSE_RANGE_CLOEXEC); err != nil {
		return fmt.Errorf("closing inherited files: %w", err)
	}
	program, err := o.open()
	if err != nil {
		return err
	}
	for i, name := range o.Files {
		o.Files[i] = strings.ReplaceAll(name, PID, strconv.Itoa(os.Getpid()))
		f, err := os.OpenFile(o.Files[i], os.O_WRONLY|os.O_CREATE|unix.O_NOFOLLOW, 0o600)
		if err != nil {
			return fmt.Errorf("making a file of the program's: %w", err)
		}
		f.Close()
	}
	steps := []struct {
		name string
		do   func(*order) error
	}{{"its own files", (*order).mount}, {"limits", (*order).limit}, {"privileges", (*order).renounce}, {"Landlock", (*order).landlock}, {"the system call filter", (*order).filter}}
	for _, s := range steps {
		if err := s.do(o); err != nil {
			return fmt.Errorf("the sandbox cannot be set up: %s: %w", s.name, err)
		}
	}
	return o.become(program)
}

// programFD is the descriptor by which the program is started. It is above what limitFiles lets a
// program have, so that inside the box no other file can come to stand there: see exec in the filter.
const programFD = 200

// open opens the program at programFD, and adds what the system's linker needs to start it to Read. The
// program must stay readable: the race detector of one that is not cannot read its settings (trap 4).
func (o *order) open() (int, error) {
	fd, err := unix.Open(o.Path, unix.O_PATH|unix.O_CLOEXEC, 0)
	if err != nil {
		return 0, fmt.Errorf("opening %s: %w", o.Path, err)
	}
	if err := unix.Dup3(fd, programFD, unix.O_CLOEXEC); err != nil {
		return 0, fmt.Errorf("opening %s: %w", o.Path, err)
	}
	unix.Close(fd)
	f, err := elf.Open(o.Path)
	if err != nil {
		return 0, fmt.Errorf("reading %s: %w", o.Path, err)
	}
	defer f.Close()
	if f.Section(".interp") != nil || o.Build {
		o.Read = append(o.Read, libraries...)
	}
	return programFD, nil
}

// libraries are the folders of the C library, with the cache by which its linker finds others.
var libraries = []string{"/lib", "/lib64", "/usr/lib", "/usr/lib64", "/etc/ld.so.cache"}

// become replaces the helper by the program.
func (o *order) become(program int) error {
	argv, err := syscall.SlicePtrFromStrings(o.Args)
	if err != nil {
		return fmt.Errorf("the program's arguments: %w", err)
	}
	envp, err := syscall.SlicePtrFromStrings(os.Environ())
	if err != nil {
		return fmt.Errorf("the program's environment: %w", err)
	}
	_, _, errno := unix.RawSyscall6(unix.SYS_EXECVEAT, uintptr(program), uintptr(unsafe.Pointer(&empty[0])),
		uintptr(unsafe.Pointer(&argv[0])), uintptr(unsafe.Pointer(&envp[0])), unix.AT_EMPTY_PATH, 0)
	return fmt.Errorf("starting the program: %w", errno)
}

// empty is the empty path, as C writes it.
var empty [1]byte

// renounce gives up every privilege, for good. The race detector's own process must still be able to
// read /proc/self, so it stays dumpable.
func (o *order) renounce() error {
	// Root in its namespace, and on many CI machines root outside: what is not in the bounding set is
	// gone when the program begins.
	for c := uintptr(0); c <= unix.CAP_LAST_CAP; c++ {
		if err := unix.Prctl(unix.PR_CAPBSET_DROP, c, 0, 0, 0); err != nil && err != unix.EINVAL && err != unix.EPERM {
			return fmt.Errorf("dropping capability %d: %w", c, err)
		}
	}
	if err := o.uncap(); err != nil {
		return err
	}
	if err := unix.Prctl(unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0); err != nil {
		return fmt.Errorf("giving up new privileges: %w", err)
	}
	// Giving up privileges has undone this: when the grader dies, so does the program.
	if err := unix.Prctl(unix.PR_SET_PDEATHSIG, uintptr(unix.SIGKILL), 0, 0, 0); err != nil {
		return fmt.Errorf("tying the program to the grader: %w", err)
	}
	return nil
}

// uncap makes sure that the bounding set is empty for whoever would get its capabilities by exec, which
// is root alone, and that no ambient one is left.
func (o *order) uncap() error {
	if err := unix.Prctl(unix.PR_CAP_AMBIENT, unix.PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0); err != nil {
		return fmt.Errorf("clearing ambient capabilities: %w", err)
	}
	if os.Geteuid() != 0 {
		return nil
	}
	for c := uintptr(0); c <= unix.CAP_LAST_CAP; c++ {
		if n, err := unix.PrctlRetInt(unix.PR_CAPBSET_READ, c, 0, 0, 0); err == nil && n != 0 {
			return fmt.Errorf("root keeps capability %d", c)
		}
	}
	return nil
}

// real returns the names under which a path must be made known: itself, and where links lead to.
func real(path string) []string {
	target, err := filepath.EvalSymlinks(path)
	if err != nil {
		return nil
	}
	if target == path {
		return []string{path}
	}
	return []string{path, target}
}
