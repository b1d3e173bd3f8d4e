//go:build unix

package run

import (
	"os"
	"syscall"
)

// signal names the signal that ended a process, "" where none did.
func signal(s *os.ProcessState) string {
	if w, ok := s.Sys().(syscall.WaitStatus); ok && w.Signaled() {
		return w.Signal().String()
	}
	return ""
}
