// Package started has goroutines that initial values start, and nothing waits for them meanwhile.
package started

import "testing"

var (
	adds  = make(chan int)
	looks = make(chan int)
	table = []int{1, 2, 3}
)

var (
	_     = start()
	_, ok = func() (int, bool) { go count(table[0]); return 0, true }()
)

func start() bool {
	go own(table)
	return true
}

func own(first []int) {
	n := len(first)
	for {
		select {
		case by := <-adds:
			n += by
		case looks <- n:
		}
	}
}

func count(by int) { adds <- by }

// Scenario asks what they own.
func Scenario(t *testing.T) {
	done := make(chan int)
	go func() { adds <- 1; close(done) }()
	<-done
	if n := <-looks; !ok || n != 4 && n != 5 {
		t.Errorf("there are %d, want 4 or 5", n)
	}
}

// Early is Scenario again: the package is reset in between.
func Early(t *testing.T) { Scenario(t) }
