package watch

import "time"

// settler turns a burst of events into one moment: quiet after the last event, but never later than
// max after the first. The first event of a burst is never lost, and neither is the last.
type settler struct {
	quiet, max time.Duration
	timer      *time.Timer
	first      time.Time // of the burst's first event; zero outside a burst
}

func newSettler(quiet, max time.Duration) *settler {
	t := time.NewTimer(time.Hour)
	t.Stop()
	return &settler{quiet: quiet, max: max, timer: t}
}

// note takes an event in.
func (s *settler) note() {
	now := time.Now()
	if s.first.IsZero() {
		s.first = now
	}
	s.timer.Reset(min(s.quiet, s.first.Add(s.max).Sub(now)))
}

// fired delivers the moment the burst has settled.
func (s *settler) fired() <-chan time.Time { return s.timer.C }

// reset ends the burst.
func (s *settler) reset() { s.first = time.Time{} }

func (s *settler) stop() { s.timer.Stop() }
