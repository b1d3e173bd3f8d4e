package receivercloses

import "testing"

func Scenario(t *testing.T) {
	f := NewFeed()
	sent := make(chan bool)
	go func() {
		f.Send("a")
		f.Send("b")
		sent <- true
	}()
	f.First()
	<-sent
}
