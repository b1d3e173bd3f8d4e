package explore

import (
	"math/rand/v2"
)

// Limits of a single schedule that is drawn.
const (
	onceSteps = 1000000
	maxSettle = 5000 // steps of the others that main waits for
)

// Single is how a program ended under one schedule.
type Single struct {
	Class   string // "ok", "deadlock", "panic", "fatal", "endless"
	Text    string // of a panic and the like
	Output  string // printed since main's latest entry began
	Entries int    // that main began
	Waits   []Step // of a deadlock, the goroutines that wait for ever
}

// RunOnce runs main under a schedule that the seed draws: at each step any goroutine may be the next.
// The schedule of an entry of main depends on the seed and the entries up to it, on nothing behind it.
func RunOnce(seed uint64, reset, main func()) (Single, error) {
	reset()
	s := newSchedule(nil)
	s.limit = onceSteps
	draw := func(entry int) *rand.Rand { return rand.New(rand.NewPCG(seed, uint64(entry))) }
	at, chance := 0, draw(0)
	s.draw = func(n int) int {
		if at != s.entry {
			at, chance = s.entry, draw(s.entry)
		}
		if s.continues(s.moves[0]) && chance.IntN(2) == 0 {
			return 0
		}
		return chance.IntN(n)
	}
	s.run(main)
	if s.err != nil {
		return Single{}, s.err
	}
	o := Single{Class: s.class, Text: s.text, Output: s.out.String(), Entries: s.entry}
	if s.class == "deadlock" {
		for _, step := range s.steps {
			if step.Note == notes[noteWaits] {
				o.Waits = append(o.Waits, step)
			}
		}
	}
	return o, nil
}

// Entry begins a part of main that was written later: all other goroutines first go on as far as they
// can, as they do while somebody types, and what was printed until then is forgotten.
func Entry(line int) {
	if s := current.Load(); s != nil && !s.abort {
		if s.entry > 0 {
			settle(s)
		}
		s.entry++
		s.out.Reset()
		s.holder.line = line
	}
}

// Settle lets all other goroutines go on as far as they can.
func Settle(int) {
	if s := current.Load(); s != nil && !s.abort {
		settle(s)
	}
}

func settle(s *schedule) {
	s.settled = s.taken
	s.wait(s.holder, operation{free: true, idle: true})
}
