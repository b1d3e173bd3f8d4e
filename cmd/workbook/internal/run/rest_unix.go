//go:build unix

package run

import (
	"os"
	"syscall"
	"time"
)

// rest returns what is in a pipe at this moment, at most so many bytes, and does not wait for more. What a process
// wrote before it ended is there, however late its reader comes to it.
func rest(f *os.File, most int) (all []byte) {
	raw, err := f.SyscallConn()
	if err != nil || f.SetReadDeadline(time.Time{}) != nil {
		return nil
	}
	buf := make([]byte, 64<<10)
	for len(all) < most {
		var n int
		var failed error
		err := raw.Read(func(fd uintptr) bool {
			n, failed = syscall.Read(int(fd), buf) // os.Pipe's ends never block
			return true
		})
		if failed == syscall.EINTR {
			continue
		}
		if err != nil || failed != nil || n <= 0 {
			break
		}
		all = append(all, buf[:min(n, most-len(all))]...)
	}
	return all
}
