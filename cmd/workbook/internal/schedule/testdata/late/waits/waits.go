// Package waits has a goroutine that an initial value starts and waits for.
package waits

import "testing"

var first = func() int {
	c := make(chan int)
	go func() { c <- 7 }()
	return <-c
}()

var n int

// Scenario needs the value.
func Scenario(t *testing.T) {
	done := make(chan int)
	go func() { n = first; close(done) }()
	if <-done; n != 7 {
		t.Errorf("the value is %d, want 7", n)
	}
}

// Early is Scenario again: the package is reset in between.
func Early(t *testing.T) { Scenario(t) }
