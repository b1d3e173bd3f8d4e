package latetimer

import "time"

type Alarm struct {
	timer *time.Timer
	Rings chan string
}

func NewAlarm(d time.Duration) *Alarm {
	a := &Alarm{Rings: make(chan string, 1)}
	a.timer = time.AfterFunc(d, func() { a.Rings <- "ring" })
	return a
}

func (a *Alarm) Stop() {
	a.timer.Stop()
	close(a.Rings)
}
