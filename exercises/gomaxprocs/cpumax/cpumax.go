// Package cpumax computes the default of GOMAXPROCS.
package cpumax

import (
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
	// TODO: 2.5 CPUs are more than 2. And may the process run everywhere, and is 1 ever the limit?
	before, after, ok := strings.Cut(strings.TrimSpace(cpuMax), " ")
	if !ok {
		return ncpu
	}
	quota, err := strconv.Atoi(before)
	if err != nil {
		return ncpu
	}
	period, err := strconv.Atoi(after)
	if err != nil || period <= 0 {
		return ncpu
	}
	return min(ncpu, quota/period)
}
