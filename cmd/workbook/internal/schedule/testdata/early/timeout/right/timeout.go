// Package timeout gives up waiting, and lets the one who answers go.
package timeout

import "time"

// Asker waits for one answer.
type Asker struct {
	answer chan int
	closed chan struct{}
}

func NewAsker() *Asker { return &Asker{answer: make(chan int), closed: make(chan struct{})} }

// Answer hands the answer over, unless nobody waits any more.
func (a *Asker) Answer(v int) {
	select {
	case a.answer <- v:
	case <-a.closed:
	}
}

// Wait returns the answer, or false after a time.
func (a *Asker) Wait(d time.Duration) (int, bool) {
	select {
	case v := <-a.answer:
		return v, true
	case <-time.After(d):
		return 0, false
	}
}

// Close ends the waiting.
func (a *Asker) Close() { close(a.closed) }
