package ring

import "testing"

func Scenario(t *testing.T) {
	var r Ring
	done := make(chan bool)
	go func() {
		r.Put(7)
		done <- true
	}()
	if x, ok := r.Get(); ok && x != 7 {
		t.Errorf("got %d, put 7", x)
	}
	<-done
}
