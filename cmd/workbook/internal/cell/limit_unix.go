//go:build unix && !linux

package cell

import "syscall"

// limitSelf bounds the calling process for good. Address space is not bounded here: macOS ignores
// that limit.
func limitSelf(j job) {
	set := func(what int, n uint64) {
		_ = syscall.Setrlimit(what, rlimit(n)) // the parent's own limits hold too
	}
	if j.CPU > 0 {
		set(syscall.RLIMIT_CPU, uint64(j.CPU))
	}
	set(syscall.RLIMIT_FSIZE, 0)
	set(syscall.RLIMIT_CORE, 0)
	set(syscall.RLIMIT_NOFILE, 32)
}

func rlimit(n uint64) *syscall.Rlimit {
	r := new(syscall.Rlimit)
	assign(&r.Cur, n)
	assign(&r.Max, n)
	return r
}

// assign stores n in a limit's field, which is signed on some systems.
func assign[T int64 | uint64](to *T, n uint64) { *to = T(n) }
