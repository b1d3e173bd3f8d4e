package racytest_test

import (
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"workbook/solutions/race-detector/racytest"
)

// method is one of the three that a stack has.
type method int

const (
	push method = iota
	pop
	length
)

// calls counts the calls under way: a byte for each method, and a bit above that says that the test
// has returned.
type calls uint64

const over calls = 1 << 40

// one is a call of the method.
func (m method) one() calls { return 1 << (8 * m) }

// anyOf is any number of calls of the methods.
func anyOf(ms ...method) (c calls) {
	for _, m := range ms {
		c |= m.one() * 0xff
	}
	return c
}

// mistake is what is wrong with a stack.
type mistake struct {
	what   string   // completes "your test passes on a stack "
	advice string   // says how to find it
	apart  [3]calls // by method, the calls that it is not kept apart from
	torn   bool     // calls are locked, but done in two steps, so the race detector finds nothing
}

// stack is a stack with a mistake, which it does not make by luck: a call waits in the middle of
// what is wrong until others have had their chance to come in between. If nothing in a test orders two
// calls, they meet. Its own memory is atomic, so the real race detector has nothing to report: stack
// notes what it would.
type stack struct {
	mistake
	patience int // how often a call lets others run while it waits; 0 is until they can do no more
	top      atomic.Pointer[node]
	calls    atomic.Uint64
	skip     atomic.Int64         // how many calls do not wait for others before one does
	waiting  atomic.Bool          // a call waits for others to come in between
	came     atomic.Bool          // one has
	read     atomic.Pointer[node] // what the Pop that waits has read
	races    atomic.Bool          // two calls were under way that are not kept apart
	late     atomic.Bool          // a call came when the test had returned
	steps    sync.Mutex           // held over what a torn Push does without a break
}

// node is a number in a stack with all below it. It is never changed.
type node struct {
	v, n int
	next *node
}

// on returns a node on top of another, which may be nil.
func (next *node) on(v int) *node {
	if next == nil {
		return &node{v, 1, nil}
	}
	return &node{v, next.n + 1, next}
}

// Push puts v on top. If that is torn, whatever others do between its two steps gets lost.
func (s *stack) Push(v int) {
	s.enter(push)
	defer s.leave(push)
	if s.torn && s.apart[push] != 0 {
		s.tornPush(v)
		return
	}
	s.pause(push)
	for {
		if old := s.top.Load(); s.top.CompareAndSwap(old, old.on(v)) {
			return
		}
	}
}

// tornPush puts v on top of what it has read, and waits in between. Whoever pushes meanwhile does so
// before it goes on, and goes on itself only when that push is lost.
func (s *stack) tornPush(v int) {
	s.steps.Lock()
	old := s.top.Load()
	between := s.waiting.Load()
	waits := !between && s.skip.Add(-1) < 0
	if waits {
		s.came.Store(false)
		s.waiting.Store(true)
	} else {
		s.top.Store(old.on(v))
	}
	if between {
		s.came.Store(true)
	}
	s.steps.Unlock()
	switch {
	case waits:
		s.wait(&s.came, true, time.Second)
		s.top.Store(old.on(v))
		s.waiting.Store(false)
	case between:
		s.interrupt()
	}
}

// Pop takes the top off. If that is torn, two calls may read the same top. And what a torn Push is
// about to lose is not taken off before.
func (s *stack) Pop() (int, bool) {
	s.enter(pop)
	defer s.leave(pop)
	if s.torn && s.apart[pop] != 0 {
		old := s.top.Load()
		if old == nil {
			return 0, false
		}
		between := s.waiting.Load()
		if !between {
			s.read.Store(old)
			s.pause(pop)
		}
		s.drop()
		if between && s.read.Load() == old {
			s.interrupt()
		}
		return old.v, true
	}
	s.pause(pop)
	if s.torn { // Push is
		s.steps.Lock()
		if s.waiting.Load() && s.came.Load() {
			s.steps.Unlock()
			s.interrupt()
			s.steps.Lock()
		}
		defer s.steps.Unlock()
	}
	if old := s.drop(); old != nil {
		return old.v, true
	}
	return 0, false
}

// drop takes the top off and returns it, or nil.
func (s *stack) drop() *node {
	for {
		old := s.top.Load()
		if old == nil || s.top.CompareAndSwap(old, old.next) {
			return old
		}
	}
}

// Len says how many numbers there are.
func (s *stack) Len() int {
	s.enter(length)
	defer s.leave(length)
	s.pause(length)
	if top := s.top.Load(); top != nil {
		return top.n
	}
	return 0
}

// enter notes that a call begins, and whether it meets one that it should be kept apart from.
func (s *stack) enter(m method) {
	others := calls(s.calls.Add(uint64(m.one()))) - m.one()
	if others == 0 {
		return
	}
	if others&over != 0 {
		s.late.Store(true)
	}
	if others&s.apart[m] != 0 && !s.torn {
		s.races.Store(true)
		s.came.Store(true)
	}
}

// leave notes that a call ends.
func (s *stack) leave(m method) { s.calls.Add(-uint64(m.one())) }

// pause lets other calls come in between. While one call waits all others go on, and where the race
// detector has something to report already, nobody waits any more.
func (s *stack) pause(m method) {
	if s.apart[m] == 0 || s.races.Load() || s.skip.Add(-1) >= 0 || !s.waiting.CompareAndSwap(false, true) {
		return
	}
	s.came.Store(false)
	s.wait(&s.came, true, time.Second)
	s.waiting.Store(false)
}

// wait lets others run, but no longer than until the flag has the value. In a bubble, time passes when
// nobody else can go on.
func (s *stack) wait(flag *atomic.Bool, value bool, nap time.Duration) {
	if s.patience == 0 {
		time.Sleep(nap)
	}
	for range s.patience {
		if flag.Load() == value {
			return
		}
		runtime.Gosched()
	}
}

// interrupt says that a call has come in between the steps of the one that waits, if one does, and
// lets that go on first: it sleeps longer.
func (s *stack) interrupt() {
	s.came.Store(true)
	s.wait(&s.waiting, false, 2*time.Second)
}

// report is the T of the learner's test.
type report struct {
	mu       sync.Mutex
	failures []string
}

// Errorf notes a failure.
func (r *report) Errorf(format string, args ...any) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.failures = append(r.failures, fmt.Sprintf(format, args...))
}

// outcome is what became of a run of the learner's test.
type outcome struct {
	failures []string
	stacks   int
	races    bool // the race detector would have reported the stack
	late     bool // a call was under way, or came, when the test had returned
}

// run runs the learner's test with stacks that have a mistake.
func run(m mistake, patience, skip int) (o outcome) {
	var r report
	var mu sync.Mutex
	var stacks []*stack
	racytest.TestStack(&r, func() racytest.Stack {
		s := &stack{mistake: m, patience: patience}
		s.skip.Store(int64(skip))
		mu.Lock()
		defer mu.Unlock()
		stacks = append(stacks, s)
		return s
	})
	for _, s := range stacks {
		o.late = o.late || calls(s.calls.Add(uint64(over))) != over
	}
	linger()
	for _, s := range stacks {
		o.late = o.late || s.late.Load()
		o.races = o.races || s.races.Load()
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	o.failures, o.stacks = r.failures, len(stacks)
	return o
}

// bubbled reports whether this is a bubble of testing/synctest, whose clock begins in 2000: so the
// scheduler is on.
func bubbled() bool { return time.Now().Year() == 2000 }

// linger lets goroutines come in that the test has left behind.
func linger() {
	if bubbled() {
		time.Sleep(time.Minute) // which passes when nobody else can go on
		return
	}
	for range 10 {
		runtime.Gosched()
	}
}

// checkFinds wants the learner's test to find a mistake. Under the scheduler a few runs must do,
// since there calls that nothing orders meet for certain. Without, it takes more at times.
func checkFinds(t *testing.T, m mistake) {
	t.Helper()
	runs, patience := 50, 500
	if bubbled() {
		runs, patience = 4, 0
	}
	for i := range runs {
		o := run(m, patience<<(i%4), i%4)
		if o.late {
			t.Errorf("your test returned while its goroutines were still using the stack: wait for all of them")
			return
		}
		if o.races || len(o.failures) > 0 {
			return
		}
	}
	t.Errorf("in some order of its goroutines your test passes on a stack %s: %s", m.what, m.advice)
}

// TestRight has a stack without a mistake.
func TestRight(t *testing.T) {
	o := run(mistake{}, 0, 0)
	switch {
	case o.stacks == 0:
		t.Errorf("your test never called newStack, so it has tested nothing")
	case o.late:
		t.Errorf("your test returned while its goroutines were still using the stack: wait for all of them")
	case len(o.failures) > 0:
		t.Errorf("your test fails on a right stack, in some order of its calls; it says: %s", o.failures[0])
	}
}

func TestNoLock(t *testing.T) {
	checkFinds(t, mistake{
		what:   "without a lock",
		advice: "none of its calls come at the same time",
		apart:  [3]calls{push: anyOf(push, pop, length), pop: anyOf(push, pop, length), length: anyOf(push, pop)},
	})
}

func TestUnlockedLen(t *testing.T) {
	checkFinds(t, mistake{
		what:   "whose Len reads without the lock",
		advice: "it never calls Len while another goroutine may be in Push or Pop",
		apart:  [3]calls{push: anyOf(length), pop: anyOf(length), length: anyOf(push, pop)},
	})
}

func TestTwoLocks(t *testing.T) {
	checkFinds(t, mistake{
		what:   "that has one lock for Push and another for Pop",
		advice: "it never calls Push in one goroutine while another may be in Pop",
		apart:  [3]calls{push: anyOf(pop), pop: anyOf(push)},
	})
}

func TestTornPop(t *testing.T) {
	checkFinds(t, mistake{
		what:   "whose Pop reads the top, unlocks, and then locks again to take the top off",
		advice: "the race detector is silent here, so compare: two Pops at the same time must never return the same number",
		apart:  [3]calls{pop: anyOf(pop)},
		torn:   true,
	})
}

func TestTornPush(t *testing.T) {
	checkFinds(t, mistake{
		what:   "whose Push copies the numbers, unlocks, and then puts its longer copy in place",
		advice: "the race detector is silent here, so count: after two Pushes at the same time, both numbers must be there",
		apart:  [3]calls{push: anyOf(push)},
		torn:   true,
	})
}
