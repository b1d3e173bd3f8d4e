package latetimer

import (
	"testing"
	"time"
)

func Scenario(t *testing.T) {
	a := NewAlarm(time.Second)
	go func() {
		time.Sleep(time.Second)
		a.Stop()
	}()
	for range a.Rings {
	}
}
