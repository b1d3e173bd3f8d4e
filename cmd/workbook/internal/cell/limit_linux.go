package cell

import "syscall"

// limitSelf bounds the calling process for good.
func limitSelf(j job) {
	set := func(what int, n uint64) {
		_ = syscall.Setrlimit(what, &syscall.Rlimit{Cur: n, Max: n}) // the parent's own limits hold too
	}
	if j.CPU > 0 {
		set(syscall.RLIMIT_CPU, uint64(j.CPU))
	}
	if j.Address > 0 && !raceEnabled {
		set(syscall.RLIMIT_AS, uint64(j.Address))
	}
	set(syscall.RLIMIT_FSIZE, 0)
	set(syscall.RLIMIT_CORE, 0)
	set(syscall.RLIMIT_NOFILE, 32)
}
