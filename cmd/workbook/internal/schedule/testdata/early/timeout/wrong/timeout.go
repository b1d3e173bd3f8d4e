// Package timeout gives up waiting, and leaves the one who answers behind for ever.
package timeout

import "time"

// Asker waits for one answer.
type Asker struct{ answer chan int }

func NewAsker() *Asker { return &Asker{answer: make(chan int)} }

// Answer hands the answer over.
func (a *Asker) Answer(v int) { a.answer <- v }

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
func (a *Asker) Close() {}
