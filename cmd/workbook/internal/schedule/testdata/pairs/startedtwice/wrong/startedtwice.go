package startedtwice

import "sync/atomic"

var started atomic.Bool

var Events = make(chan string, 4)

func Start() {
	if started.Load() {
		return
	}
	started.Store(true)
	Events <- "started"
}
