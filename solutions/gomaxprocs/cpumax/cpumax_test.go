package cpumax_test

import (
	"testing"

	"workbook/solutions/gomaxprocs/cpumax"
)

// check compares a result with what it must be; why is a sentence about it.
func check(t *testing.T, ncpu, affinity int, cpuMax string, want int, why string) {
	if got := cpumax.Default(ncpu, affinity, cpuMax); got != want {
		t.Errorf("Default(%d, %d, %q) = %d, want %d: %s", ncpu, affinity, cpuMax, got, want, why)
	}
}

func TestNoGroup(t *testing.T) {
	check(t, 8, 8, "", 8, "there is no control group, so it is the number of CPUs")
}

func TestNoLimit(t *testing.T) {
	check(t, 8, 8, "max 100000\n", 8, "max is no limit")
	check(t, 8, 8, "-1 100000\n", 8, "a quota of -1 is no limit")
}

func TestWholeLimit(t *testing.T) {
	check(t, 8, 8, "300000 100000\n", 3, "300 ms every 100 ms are 3 CPUs")
	check(t, 8, 8, "400000 100000", 4, "400 ms every 100 ms are 4 CPUs, with a newline or without")
}

func TestRoundedUp(t *testing.T) {
	for _, cpuMax := range []string{"200001 100000\n", "250000 100000\n", "299999 100000\n"} {
		check(t, 8, 8, cpuMax, 3, "a limit between 2 and 3 CPUs is rounded up to 3")
	}
	check(t, 8, 8, "150000 100000\n", 2, "150 ms every 100 ms are 1.5 CPUs, rounded up to 2")
}

func TestNeverBelowTwo(t *testing.T) {
	for _, cpuMax := range []string{"50000 100000\n", "100000 100000\n", "1000 100000\n", "0 100000\n"} {
		check(t, 8, 8, cpuMax, 2, "the limit is 1 CPU or less, and the runtime never goes below 2 for a limit alone")
	}
}

func TestOtherPeriods(t *testing.T) {
	check(t, 8, 8, "150000 50000\n", 3, "150 ms every 50 ms are 3 CPUs")
	check(t, 8, 8, "1000000 250000\n", 4, "1000 ms every 250 ms are 4 CPUs")
	check(t, 8, 8, "5000 1000\n", 5, "5 ms every 1 ms are 5 CPUs")
}

func TestLimitAboveTheMachine(t *testing.T) {
	check(t, 4, 4, "800000 100000\n", 4, "the limit is 8 CPUs, and there are only 4")
	check(t, 4, 4, "17592186044416 1000\n", 4, "the largest quota there is makes no more CPUs than there are")
}

func TestAffinity(t *testing.T) {
	check(t, 8, 2, "", 2, "the process may run on 2 CPUs only")
	check(t, 8, 2, "300000 100000\n", 2, "the limit is 3 CPUs, but the process may run on 2 only")
	check(t, 8, 4, "max 100000\n", 4, "the process may run on 4 CPUs only")
}

func TestOneCPU(t *testing.T) {
	check(t, 1, 1, "", 1, "there is one CPU")
	check(t, 8, 1, "max 100000\n", 1, "the process may run on one CPU only")
	check(t, 8, 1, "50000 100000\n", 1, "the process may run on one CPU only: the minimum of 2 is for the limit, not for the CPUs")
	check(t, 1, 1, "800000 100000\n", 1, "there is one CPU, however large the limit")
}

func TestNonsense(t *testing.T) {
	for _, cpuMax := range []string{"100000", "max", "abc 100000\n", "100000 abc\n", "300000 100000 7\n", "200000 0\n", "200000 -100000\n", " \n"} {
		check(t, 8, 8, cpuMax, 8, "a text that cannot be understood is no limit")
	}
	check(t, 8, 8, "-5 100000\n", 8, "a quota below 0 is no limit, also where it is not -1")
}
