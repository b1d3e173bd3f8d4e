package startedtwice

import "sync/atomic"

var started atomic.Bool

var Events = make(chan string, 4)

func Start() {
	if started.Swap(true) {
		return
	}
	Events <- "started"
}
