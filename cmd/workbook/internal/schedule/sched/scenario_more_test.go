package sched_test

import (
	"sync/atomic"
	"testing"
	"time"

	"workbook/cmd/workbook/internal/schedule/sched"
)

func leak(buffer int) func(*testing.T) {
	return func(*testing.T) {
		c := make(chan int, buffer)
		spawn(func() {
			sched.P(noisy)
			time.Sleep(2 * time.Millisecond)
			sched.P(51)
			c <- 1
		})
		timeout := time.After(time.Millisecond)
		r0, r1 := sched.Recv(c), sched.Recv(timeout)
		sched.Select(52, false, r0, r1)
		select {
		case <-r0.C():
		case <-r1.C():
		}
	}
}

func doubleClose(locked bool) func(*testing.T) {
	return func(*testing.T) {
		var mu sched.Mutex
		c := make(chan struct{})
		both(func(int) {
			if locked {
				sched.P(1)
				mu.Lock()
				defer mu.Unlock()
			}
			r := sched.Recv(c)
			sched.Select(53, true, r)
			select {
			case <-r.C():
				return
			default:
			}
			sched.P(noisy)
			close(c)
		})
	}
}

// sleepSync synchronises by sleeping: only a timer that fires early breaks it.
func sleepSync(wait bool) func(*testing.T) {
	return func(t *testing.T) {
		var n atomic.Int64
		done := make(chan struct{})
		spawn(func() {
			sched.P(18)
			n.Store(1)
			sched.P(noisy)
			close(done)
		})
		sched.P(noisy)
		if wait {
			<-done
		} else {
			time.Sleep(time.Millisecond)
		}
		if v := sched.V(19, n.Load()); v != 1 {
			t.Errorf("n = %d, want 1", v)
		}
	}
}

// selectOrder is wrong only where the scheduler takes the quit case of two that are ready.
func selectOrder(drain bool) func(*testing.T) {
	return func(t *testing.T) {
		work, quit := make(chan int, 1), make(chan struct{})
		sched.P(noisy)
		work <- 1
		sched.P(noisy)
		close(quit)
		got := 0
		r0, r1 := sched.Recv(work), sched.Recv(quit)
		sched.Select(54, false, r0, r1)
		select {
		case got = <-r0.C():
		case <-r1.C():
			if drain {
				got = <-work
			}
		}
		if got != 1 {
			t.Errorf("lost the work")
		}
	}
}

func unlockTwice(bool) func(*testing.T) {
	return func(*testing.T) {
		var mu sched.Mutex
		var held atomic.Bool
		both(func(int) {
			sched.P(1)
			mu.Lock()
			sched.P(20)
			held.Store(true)
			mu.Unlock()
			if sched.P(21); sched.V(21, held.Swap(false)) {
				return
			}
			sched.P(22)
			mu.Unlock()
		})
	}
}
