package replychannel

import "testing"

func Scenario(t *testing.T) {
	s := Serve()
	impatient, done := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(done)
		s.Ask(2, impatient)
	}()
	close(impatient)
	<-done
	if n, ok := s.Ask(3, nil); !ok || n != 9 {
		t.Errorf("3 squared is %d, %t", n, ok)
	}
	s.Stop()
}
