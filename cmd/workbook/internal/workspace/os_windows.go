package workspace

import (
	"errors"
	"os"
	"syscall"
)

// Windows's error codes for a full disk.
const (
	errorHandleDiskFull = syscall.Errno(39)
	errorDiskFull       = syscall.Errno(112)
)

func diskFull(err error) bool {
	return errors.Is(err, syscall.ENOSPC) || errors.Is(err, errorDiskFull) || errors.Is(err, errorHandleDiskFull)
}

func readOnly(error) bool { return false }

// tryLock does nothing: appending is atomic by itself, and the lock only saves work.
func tryLock(*os.File) bool { return true }
