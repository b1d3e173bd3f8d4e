package droppedwakeup

import "testing"

func Scenario(t *testing.T) {
	w := NewWorker()
	w.Add(1)
	if n := <-w.Done; n != 1 {
		t.Errorf("worked on %d", n)
	}
}
