package missedsignal

import "testing"

func Scenario(t *testing.T) {
	g := NewGate()
	through := make(chan bool)
	go func() {
		g.Pass()
		through <- true
	}()
	g.Open()
	<-through
}
