package latetimer

import "time"

type Alarm struct {
	timer *time.Timer
	fired chan struct{}
	Rings chan string
}

func NewAlarm(d time.Duration) *Alarm {
	a := &Alarm{Rings: make(chan string, 1), fired: make(chan struct{})}
	a.timer = time.AfterFunc(d, func() {
		a.Rings <- "ring"
		close(a.fired)
	})
	return a
}

func (a *Alarm) Stop() {
	if !a.timer.Stop() {
		<-a.fired
	}
	close(a.Rings)
}
