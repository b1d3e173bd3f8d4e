package sleeps

import "testing"

// Scenario has a program that waits for its goroutine in some way.
func Scenario(t *testing.T) {
	if got := Result(func() int { return 7 }); got != 7 {
		t.Errorf("Result is %d before the work has ended", got)
	}
}

// Early is Scenario on a machine so busy that time passes while goroutines still have something to do.
//
//workbook:early-timers
func Early(t *testing.T) { Scenario(t) }
