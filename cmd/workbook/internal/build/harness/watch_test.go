package harness

import (
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// watching returns a watch over what the calling test starts from now on, with a deadline.
func watching(ms int64, timers bool) *watch {
	return newWatch(Job{DeadlineMS: ms, SettleMS: ms, Timers: timers})
}

// blocked starts n goroutines that wait until the test is over.
func blocked(t *testing.T, n int) {
	t.Helper()
	release := make(chan struct{})
	var wg, there sync.WaitGroup
	for range n {
		there.Add(1)
		wg.Go(func() {
			there.Done()
			<-release
		})
	}
	there.Wait()
	t.Cleanup(func() {
		close(release)
		wg.Wait()
	})
}

// spin starts a goroutine that is busy until the test is over.
func spin(t *testing.T) {
	t.Helper()
	var release atomic.Bool
	var wg sync.WaitGroup
	wg.Go(func() {
		for !release.Load() {
		}
	})
	t.Cleanup(func() {
		release.Store(true)
		wg.Wait()
	})
}

func TestSettle(t *testing.T) {
	tests := []struct {
		name           string
		ms             int64
		timers, failed bool
		start          func(t *testing.T)
		want           int
	}{
		{"nothing is left", 60_000, false, false, func(*testing.T) {}, 0},
		{"two wait for ever", 60_000, false, false, func(t *testing.T) { blocked(t, 2) }, 2},
		{"one waits, and timers are used", 300, true, false, func(t *testing.T) { blocked(t, 1) }, 1},
		{"one is busy", 300, false, false, spin, 1},
		{"one waits after a failure", 60_000, false, true, func(t *testing.T) { blocked(t, 1) }, 0},
		{"one is busy after a failure", 300, false, true, spin, 0},
		{"one ends soon", 60_000, false, false, func(*testing.T) { go time.Sleep(20 * time.Millisecond) }, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w := watching(tt.ms, tt.timers)
			tt.start(t)
			got, text := w.settle(tt.failed)
			if got != tt.want || strings.Count(text, "goroutine ") < tt.want {
				t.Errorf("settle = %d leaked, want %d; dump:\n%s", got, tt.want, text)
			}
		})
	}
}

// TestSettleLeavesDaemonsAlone: what was started before the test, as by package initialisation, and
// what that starts, is no leak.
func TestSettleLeavesDaemonsAlone(t *testing.T) {
	work, started := make(chan struct{}), make(chan struct{})
	release := make(chan struct{})
	var wg sync.WaitGroup
	wg.Go(func() {
		<-work
		wg.Go(func() {
			close(started)
			<-release
		})
		<-release
	})
	w := watching(60_000, false)
	close(work)
	<-started
	got, text := w.settle(false)
	close(release)
	wg.Wait()
	if got != 0 {
		t.Errorf("settle = %d leaked, want none; dump:\n%s", got, text)
	}
}

func TestStuck(t *testing.T) {
	tests := []struct {
		name   string
		ms     int64
		timers bool
		start  func(t *testing.T)
		want   string
	}{
		{"all wait", 60_000, false, func(t *testing.T) { blocked(t, 2) }, "deadlock"},
		{"all wait, and timers are used", 300, true, func(t *testing.T) { blocked(t, 2) }, "deadlock"},
		{"one is busy", 300, false, spin, "timeout"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w := watching(tt.ms, tt.timers)
			tt.start(t)
			why, text := w.stuck(make(chan struct{}))
			if why != tt.want || !strings.Contains(text, "harness.") {
				t.Errorf("stuck = %q, want %q; dump:\n%s", why, tt.want, text)
			}
		})
	}
}

func TestStuckEndsWithTheTest(t *testing.T) {
	quit := make(chan struct{})
	close(quit)
	if why, text := watching(60_000, false).stuck(quit); why != "" || text != "" {
		t.Errorf("stuck = %q, %q after the test's end", why, text)
	}
}

// TestSlow: a test that was not given the processor is not late.
func TestSlow(t *testing.T) {
	w := &watch{start: time.Now().Add(-20 * time.Second)}
	for _, tt := range []struct {
		d    dump
		used time.Duration
		want bool
	}{
		{dumpOf(busy, busy), time.Second, true},
		{dumpOf(busy, busy), 6 * time.Second, false},
		{dumpOf(busy, resting), time.Second, false},
	} {
		if got := w.slow(tt.d, tt.used, 10*time.Second); got != tt.want {
			t.Errorf("slow(%v, %v of 10s) = %v, want %v", tt.d.all, tt.used, got, tt.want)
		}
	}
	w.start = time.Now().Add(-61 * time.Second)
	if w.slow(dumpOf(busy, busy), 0, 10*time.Second) {
		t.Error("slow after six times the limit")
	}
}
