package watch

import (
	"testing"
	"testing/synctest"
	"time"
)

// TestSettler gives bursts of events and wants the moments at which they count as settled.
func TestSettler(t *testing.T) {
	ms := time.Millisecond
	tests := []struct {
		name   string
		events []time.Duration // since the start
		want   []time.Duration
	}{
		{"one event", []time.Duration{0}, []time.Duration{50 * ms}},
		{"a burst counts once", []time.Duration{0, 10 * ms, 40 * ms}, []time.Duration{90 * ms}},
		{"two saves", []time.Duration{0, 100 * ms}, []time.Duration{50 * ms, 150 * ms}},
		{"events without end", every(30*ms, 600*ms), []time.Duration{250 * ms, 520 * ms, 650 * ms}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				start := time.Now()
				s := newSettler(50*ms, 250*ms)
				defer s.stop()
				var got []time.Duration
				events := make(chan struct{})
				go func() {
					defer close(events)
					for _, at := range tt.events {
						time.Sleep(time.Until(start.Add(at)))
						events <- struct{}{}
					}
				}()
				for open := true; open || !s.first.IsZero(); {
					select {
					case _, ok := <-events:
						if open = ok; ok {
							s.note()
						} else {
							events = nil
						}
					case <-s.fired():
						s.reset()
						got = append(got, time.Since(start))
					}
				}
				if len(got) != len(tt.want) {
					t.Fatalf("settled at %v, want %v", got, tt.want)
				}
				for i := range got {
					if got[i] != tt.want[i] {
						t.Errorf("settled at %v, want %v", got, tt.want)
					}
				}
			})
		})
	}
}

func every(step, until time.Duration) []time.Duration {
	var at []time.Duration
	for d := time.Duration(0); d <= until; d += step {
		at = append(at, d)
	}
	return at
}
