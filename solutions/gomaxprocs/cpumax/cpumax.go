// Package cpumax computes the default of GOMAXPROCS.
package cpumax

import (
	"math"
	"strconv"
	"strings"
)

// Default returns what Go 1.25 and later choose for GOMAXPROCS on Linux, on a machine with ncpu
// logical CPUs of which the process may run on affinity many, in a control group whose CPU limit reads
// cpuMax.
//
// cpuMax is a quota and a period in microseconds, separated by a space: with "150000 100000" the
// processes of the group get 150 ms of CPU time every 100 ms, all together, which is 1.5 CPUs.
// "max 100000" (cgroup v2) and "-1 100000" (cgroup v1) say that there is no limit, "" that there is no
// control group. A newline may follow. Text that cannot be understood counts as no limit.
//
// The result is the number of CPUs that the process may run on, or the limit, rounded up to a whole
// number, if that is less. But for a limit alone the result is never less than 2.
func Default(ncpu, affinity int, cpuMax string) int {
	procs := min(ncpu, affinity)
	limit, ok := parse(cpuMax)
	if !ok {
		return procs
	}
	// Rounded up: with 2.5 CPUs' worth of time, two Ps would leave half a CPU unused for good, and
	// three are throttled a little.
	limit = math.Ceil(limit)
	// Two at least: with a single P, a busy goroutine and the garbage collector would always be in each
	// other's way, and the quota says how much time there is, not on how many CPUs it may be spent.
	limit = max(limit, 2)
	// The minimum comes last, so that one CPU stays one: a second P could run nowhere. The comparison
	// is between floats, because a limit may be larger than any int.
	return int(min(float64(procs), limit))
}

// parse returns quota/period, or false if there is no limit.
func parse(cpuMax string) (limit float64, ok bool) {
	fields := strings.Fields(cpuMax)
	if len(fields) != 2 {
		return 0, false
	}
	// "max" is no number either, and means the same as what cannot be understood.
	quota, err := strconv.ParseInt(fields[0], 10, 64)
	if err != nil || quota < 0 {
		return 0, false
	}
	period, err := strconv.ParseInt(fields[1], 10, 64)
	if err != nil || period <= 0 {
		return 0, false
	}
	return float64(quota) / float64(period), true
}
