//go:build amd64 || arm64

package box

import (
	"fmt"
	"os"

	"golang.org/x/sys/unix"
)

// The limits, beside the caller's own clock and cap on output.
//
// Memory is bounded by RLIMIT_DATA. RLIMIT_AS would have to leave room for the race detector's shadow,
// most of which is never touched: a gigabyte ends the detector, and two are no bound (grading.md, table
// of section 3). RLIMIT_DATA must leave 512 MiB for what the detector reserves; what it does not
// count, shared mappings, the filter denies.
//
// RLIMIT_NPROC counts all of a user's processes, on the learner's desktop hundreds, so it is set only
// where a user namespace gives it a count of its own. What bounds processes in every tier is that the
// filter lets none be made; threads are bounded by the memory that their stacks are in.
const (
	memory       = 2 << 30
	buildMemory  = 2 << 30
	fileSize     = 8 << 20
	buildSize    = 256 << 20
	limitFiles   = 64 // three would break the system's linker
	buildFiles   = 512
	limitThreads = 512
	// Scratch is how many bytes a program may write in all.
	scratch      = 16 << 20
	scratchFiles = 1024
)

func (o *order) limit() error {
	type limit struct {
		what  string
		which int
		n     uint64
	}
	limits := []limit{
		{"processor time", unix.RLIMIT_CPU, o.CPU},
		{"core files", unix.RLIMIT_CORE, 0},
		{"file size", unix.RLIMIT_FSIZE, fileSize},
		{"open files", unix.RLIMIT_NOFILE, limitFiles},
		{"memory", unix.RLIMIT_DATA, memory},
		{"locked memory", unix.RLIMIT_MEMLOCK, 0},
		{"message queues", unix.RLIMIT_MSGQUEUE, 0},
		{"signals", unix.RLIMIT_SIGPENDING, 1024},
	}
	if o.Build {
		limits[2].n, limits[3].n, limits[4].n = buildSize, buildFiles, buildMemory
	}
	if o.Tier == Apart && os.Getuid() == 0 { // in the namespace
		limits = append(limits, limit{"processes", unix.RLIMIT_NPROC, limitThreads})
	}
	for _, l := range limits {
		var have unix.Rlimit
		if err := unix.Getrlimit(l.which, &have); err != nil {
			return fmt.Errorf("%s: %w", l.what, err)
		}
		n := min(l.n, have.Max)
		if err := unix.Setrlimit(l.which, &unix.Rlimit{Cur: n, Max: n}); err != nil {
			return fmt.Errorf("%s: %w", l.what, err)
		}
	}
	return nil
}
