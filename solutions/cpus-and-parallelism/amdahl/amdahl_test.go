package amdahl_test

import (
	"math"
	"testing"

	"workbook/solutions/cpus-and-parallelism/amdahl"
)

// percent turns a share of the time into percent.
func percent(serial float64) float64 { return 100 * serial }

// checkSpeedup compares a speed-up with the right one to four digits.
func checkSpeedup(t *testing.T, serial float64, n int, want float64) {
	if got := amdahl.Speedup(serial, n); math.IsNaN(got) || math.Abs(got-want) > 1e-4*want {
		t.Errorf("Speedup(%g, %d) = %.4g: a program that is %g%% serial is %.4g times as fast on %d processors as on one",
			serial, n, got, percent(serial), want, n)
	}
}

func TestSpeedup(t *testing.T) {
	checkSpeedup(t, 0.1, 8, 4.705882)
	checkSpeedup(t, 0.5, 2, 1.333333)
	checkSpeedup(t, 0.25, 3, 2)
	checkSpeedup(t, 0.05, 64, 15.421687)
	checkSpeedup(t, 0.3, 1, 1)
}

func TestNothingSerial(t *testing.T) {
	checkSpeedup(t, 0, 1, 1)
	checkSpeedup(t, 0, 8, 8)
	checkSpeedup(t, 0, 1000, 1000)
}

func TestAllSerial(t *testing.T) {
	checkSpeedup(t, 1, 1, 1)
	checkSpeedup(t, 1, 64, 1)
}

func TestLimit(t *testing.T) {
	checkSpeedup(t, 0.2, 1_000_000, 4.999980)
	checkSpeedup(t, 0.01, 1_000_000_000, 99.99999)
}

// checkProcs compares a number of processors with the right one.
func checkProcs(t *testing.T, serial, target float64, want int) {
	got, ok := amdahl.MaxProcs(serial, target)
	switch {
	case !ok:
		t.Errorf("MaxProcs(%g, %g) says that no number of processors is enough, and %d make a program that is %g%% serial %g times as fast",
			serial, target, want, percent(serial), target)
	case got < want:
		t.Errorf("MaxProcs(%g, %g) = %d, and %d processors make a program that is %g%% serial only %.4g times as fast: want %d",
			serial, target, got, got, percent(serial), speedup(serial, got), want)
	case got > want:
		t.Errorf("MaxProcs(%g, %g) = %d, and %d are enough: with them a program that is %g%% serial is %.4g times as fast",
			serial, target, got, want, percent(serial), speedup(serial, want))
	}
}

// speedup is Amdahl's law, for the texts of failures.
func speedup(serial float64, n int) float64 { return 1 / (serial + (1-serial)/float64(n)) }

func TestMaxProcs(t *testing.T) {
	checkProcs(t, 0.1, 4.1, 7)
	checkProcs(t, 0.1, 4.8, 9)
	checkProcs(t, 0.05, 14.9, 56)
	checkProcs(t, 0, 2.5, 3)
}

// TestExactly has targets that a number of processors meets with nothing to spare. All the numbers
// in it are sums of few powers of two, so that no rounding can be to blame.
func TestExactly(t *testing.T) {
	checkProcs(t, 0.25, 2, 3)
	checkProcs(t, 0.125, 4, 7)
	checkProcs(t, 0.0625, 8, 15)
	checkProcs(t, 0, 8, 8)
}

func TestOneIsEnough(t *testing.T) {
	checkProcs(t, 0.5, 1, 1)
	checkProcs(t, 0, 1, 1)
	checkProcs(t, 1, 1, 1)
}

// checkNever wants MaxProcs to say no.
func checkNever(t *testing.T, serial, target float64) {
	got, ok := amdahl.MaxProcs(serial, target)
	if ok {
		t.Errorf("MaxProcs(%g, %g) = %d, true: %g%% serial can never reach %g×, since the serial part alone takes more than 1/%g of the time or just that",
			serial, target, got, percent(serial), target, target)
	} else if got != 0 {
		t.Errorf("MaxProcs(%g, %g) = %d, false: where no number is enough, want 0", serial, target, got)
	}
}

func TestNever(t *testing.T) {
	checkNever(t, 0.2, 6)
	checkNever(t, 0.5, 2.5)
	checkNever(t, 1, 1.5)
}

// TestNeverQuite has the limits themselves: any number of processors comes closer, none reaches them.
func TestNeverQuite(t *testing.T) {
	checkNever(t, 0.25, 4)
	checkNever(t, 0.5, 2)
	checkNever(t, 0.125, 8)
}

// TestClose has targets just below the limit, which take thousands.
func TestClose(t *testing.T) {
	checkProcs(t, 0.2, 4.9985, 13330)
	checkProcs(t, 0.5, 1.9997, 6666)
}
