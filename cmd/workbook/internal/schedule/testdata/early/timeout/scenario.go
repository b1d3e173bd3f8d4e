package timeout

import (
	"testing"
	"time"
)

// Scenario asks, and gives up after a second.
func Scenario(t *testing.T) {
	a := NewAsker()
	go a.Answer(42)
	if v, ok := a.Wait(time.Second); ok && v != 42 {
		t.Errorf("Wait returned %d, and the answer was 42", v)
	}
	a.Close()
}

// Early is Scenario on a machine so busy that time passes while goroutines still have something to do.
//
//workbook:early-timers
func Early(t *testing.T) { Scenario(t) }
