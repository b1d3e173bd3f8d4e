package explore

import (
	"bytes"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"sync/atomic"
)

// Limits of one schedule.
const (
	maxSteps  = 20000    // more is called endless, where the schedule says nothing else
	maxStreak = 200      // steps of one goroutine after which the others get a turn
	maxOutput = 16 << 10 // bytes printed
)

// current is the schedule that runs in this process. The replaced primitives are zero values in the
// explored program, so they can find their schedule nowhere else. It is nil between schedules,
// while the program's package variables are set up: then no call waits.
var current atomic.Pointer[schedule]

// What a step does to memory.
const (
	noteNone = iota
	noteRead
	noteWrite
	noteWaits   // the goroutine never got further
	noteReturns // main, and with it the program, ends
)

// Step is one step of a schedule.
type Step struct {
	G    int    // 0 is main, others in the order of their start
	Line int    // as the rewritten file's position table says
	Note string // "", or "read", "write", "waits" (for ever), "returns" (main does, and the program ends)
}

var notes = [...]string{noteNone: "", noteRead: "read", noteWrite: "write", noteWaits: "waits", noteReturns: "returns"}

// A goroutine of the explored program. It runs only while it holds the baton: all fields here and
// in schedule are guarded by that.
type goroutine struct {
	id      int
	line    int
	wake    chan bool     // capacity 1; false: the schedule is over
	gone    chan struct{} // closed when it has ended
	first   chan struct{} // receives when it first waits or ends; nil after that
	alive   bool
	yielded bool // wants others to run first
	streak  int

	waiting operation
	taken   int // the case of waiting.comms that the scheduler took
}

// An operation is what a goroutine is about to do.
type operation struct {
	ready func() bool // nil: at once
	comms []comm      // of a send, a receive or a select; then ready is not used
	other bool        // the select has a default
	free  bool        // turning to another goroutine here is no preemption
	idle  bool        // main lets all others go on as far as they can
	note  int
}

// A move is one thing that can happen next: g goes on, alone or together with the receiver.
type move struct {
	g, receiver *goroutine
	take, give  int // case of g, case of the receiver
}

// A schedule is one run of the program.
type schedule struct {
	draw    func(n int) int // chooses one of n moves; nil where the choices are those of prefix, then the first
	limit   int             // steps
	prefix  []uint8         // choices to repeat
	choices []uint8         // choices made
	options []option
	spent   int // preemptions so far

	live   []*goroutine // in the order of their start
	born   []int        // for each goroutine, also those that have ended, the line of its go statement
	holder *goroutine
	last   *goroutine // that made the latest step
	forced *goroutine // the receiver that must run next
	chans  map[uintptr]*channel
	moves  []move

	taken   int // steps
	settled int // steps before main's latest wait for all others
	entry   int // of main, see Entry

	steps []Step // of a drawn schedule the latest ones
	shown int    // steps before the first go statement
	out   bytes.Buffer
	over  chan struct{} // receives once when nobody can or may go on
	ended bool          // nobody may go on
	abort bool          // every goroutine that wakes must end

	class string // how it ended
	text  string
	err   error // the search itself went wrong
}

// An option records what could have been chosen where there was a choice.
type option struct {
	n     int // number of moves
	cost  uint32
	spent int // preemptions before this choice
}

// costs reports whether taking move i is a preemption.
func (o option) costs(i int) bool { return i >= int(o.cost) }

func newSchedule(prefix []uint8) *schedule {
	return &schedule{prefix: prefix, limit: maxSteps, chans: map[uintptr]*channel{}, over: make(chan struct{}, 1)}
}

// run executes the program's main function under the schedule and leaves no goroutine behind.
func (s *schedule) run(main func()) {
	current.Store(s)
	s.start(main, 0)
	s.pass(nil)
	<-s.over
	s.abort = true
	for _, g := range slices.Clone(s.live) {
		g.wake <- false
		<-g.gone
	}
	current.Store(nil)
	if len(s.choices) < len(s.prefix) {
		s.fail(unrepeated)
	}
}

const unrepeated = "the program did not repeat itself: something in it beside the order of steps is left to chance"

// start begins a goroutine and lets it run to its first step, where it waits.
func (s *schedule) start(f func(), line int) {
	g := &goroutine{id: len(s.born), alive: true,
		wake: make(chan bool, 1), gone: make(chan struct{}), first: make(chan struct{}, 1)}
	s.live, s.born = append(s.live, g), append(s.born, line)
	if len(s.born) == 2 {
		s.shown = len(s.steps)
	}
	parent := s.holder
	s.holder = g
	go s.body(g, f)
	<-g.first
	g.first = nil
	s.holder = parent
	if s.ended && parent != nil {
		s.suspend(parent)
	}
}

// body is a goroutine from begin to end.
func (s *schedule) body(g *goroutine, f func()) {
	defer close(g.gone)
	defer s.end(g)
	f()
	if g.id == 0 && !s.abort {
		if len(s.live) > 1 {
			s.wait(g, operation{free: true, note: noteReturns})
		}
		s.finish("ok", "")
	}
}

// end takes a goroutine out of the schedule; a panic ends the program.
func (s *schedule) end(g *goroutine) {
	if r := recover(); r != nil && !s.abort {
		s.finish("panic", panicText(r))
	}
	g.alive = false
	s.live = slices.DeleteFunc(s.live, func(x *goroutine) bool { return x == g })
	if s.abort {
		return
	}
	if g.first != nil {
		g.first <- struct{}{}
		return
	}
	s.pass(g)
}

// finish says how the program ended. The first word counts.
func (s *schedule) finish(class, text string) {
	if !s.ended {
		s.ended, s.class, s.text = true, class, text
	}
}

// fatal ends the program and the calling goroutine.
func (s *schedule) fatal(text string) {
	if !s.abort {
		s.finish("fatal", text)
	}
	runtime.Goexit()
}

// wait makes g's operation known, lets others run, and returns when the scheduler let g go on.
func (s *schedule) wait(g *goroutine, op operation) int {
	if s.abort {
		runtime.Goexit()
	}
	g.waiting = op
	s.suspend(g)
	return g.taken
}

// suspend gives the baton away, to the goroutine that started g if g has not waited before, and
// returns when g has it again.
func (s *schedule) suspend(g *goroutine) {
	if g.first != nil {
		g.first <- struct{}{}
		g.sleep()
		return
	}
	s.pass(g)
}

func (g *goroutine) sleep() {
	if !<-g.wake {
		runtime.Goexit()
	}
}

// pass gives the baton to who is next. It returns when g, if alive, has it again.
func (s *schedule) pass(g *goroutine) {
	next := s.next()
	switch {
	case next == nil:
		s.over <- struct{}{}
	case next == g:
		s.holder = g
		return
	default:
		s.holder = next
		next.wake <- true
	}
	if g != nil && g.alive {
		g.sleep()
	}
}

// next decides who runs, nil for nobody.
func (s *schedule) next() *goroutine {
	if s.ended {
		return nil
	}
	if g := s.forced; g != nil {
		s.forced = nil
		return g
	}
	s.enumerate()
	if len(s.moves) == 0 {
		s.stuck()
		return nil
	}
	if s.taken >= s.limit {
		s.finish("endless", fmt.Sprintf("more than %d steps", s.limit))
		return nil
	}
	m, ok := s.choose()
	if !ok {
		return nil
	}
	return s.take(m)
}

// stuck ends the program where no goroutine can go on.
func (s *schedule) stuck() {
	for _, g := range s.live {
		s.steps = append(s.steps, Step{g.id, g.line, notes[noteWaits]})
	}
	s.finish("deadlock", "")
}

// take makes the chosen move.
func (s *schedule) take(m move) *goroutine {
	for _, g := range s.live {
		if g != m.g {
			g.yielded = false
		}
	}
	if s.last == m.g {
		m.g.streak++
	} else {
		m.g.streak = 0
	}
	m.g.taken = m.take
	s.record(m.g)
	s.last = m.g
	if m.receiver != nil {
		m.receiver.taken, m.receiver.yielded = m.give, false
		s.record(m.receiver)
		s.forced, s.last = m.receiver, m.receiver
	}
	return m.g
}

func (s *schedule) record(g *goroutine) { s.add(Step{g.id, g.line, notes[g.waiting.note]}) }

// add appends a step. Of a drawn schedule, which may be long, only the end is kept.
func (s *schedule) add(step Step) {
	s.taken++
	if s.draw != nil && len(s.steps) >= 2*maxWitness {
		s.steps = append(s.steps[:0], s.steps[maxWitness:]...)
	}
	s.steps = append(s.steps, step)
}

// choose takes the next choice of the prefix or, behind its end, the first move.
func (s *schedule) choose() (move, bool) {
	n := len(s.moves)
	switch {
	case n == 1:
		return s.moves[0], true
	case s.draw != nil:
		return s.moves[s.draw(n)], true
	}
	if n > 255 {
		s.fail("more than 255 moves at one step")
		return move{}, false
	}
	at, k := len(s.choices), 0
	if at < len(s.prefix) {
		k = int(s.prefix[at])
	}
	if k >= n {
		s.fail(unrepeated)
		return move{}, false
	}
	o := option{n: n, cost: uint32(s.stay()), spent: s.spent}
	if o.costs(k) {
		s.spent++
	}
	s.options = append(s.options, o)
	s.choices = append(s.choices, uint8(k))
	return s.moves[k], true
}

func (s *schedule) fail(text string) {
	if s.err == nil {
		s.err = errors.New(text)
	}
	s.finish("error", text)
}

// continues reports whether the move is one of the goroutine that made the latest step.
func (s *schedule) continues(m move) bool {
	return s.last != nil && (m.g == s.last || m.receiver == s.last)
}

// stay returns the number of moves, counted from the first, that are no preemption.
func (s *schedule) stay() int {
	n := 0
	for n < len(s.moves) && s.continues(s.moves[n]) {
		n++
	}
	if n == 0 || s.last.waiting.free {
		return len(s.moves)
	}
	return n
}
