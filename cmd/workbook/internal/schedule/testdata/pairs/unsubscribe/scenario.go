package unsubscribe

import "testing"

func Scenario(t *testing.T) {
	var b Bus
	c := b.Subscribe()
	done := make(chan bool)
	go func() {
		b.Publish("news")
		done <- true
	}()
	b.Unsubscribe(c)
	<-done
}
