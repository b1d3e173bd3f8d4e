package deadline_test

import (
	"errors"
	"fmt"
	"runtime"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"workbook/solutions/select/deadline"
)

// late is how much later than it should a Within may return, by the clock of a bubble. That clock stands still while
// anybody is at work; only under a scheduler that counts steps does it move a little.
const late = 200 * time.Microsecond

var errBroken = errors.New("broken")

// task is a call of Within.
type task struct {
	limit time.Duration // d
	takes time.Duration // how long f sleeps
	v     int           // what f returns
	err   error
}

func (k task) String() string {
	after := "at once"
	if k.takes > 0 {
		after = fmt.Sprintf("after %v", k.takes)
	}
	return fmt.Sprintf("Within(%v, f), where f returns %s %s,", k.limit, both(k.v, k.err), after)
}

// both names two results.
func both(v int, err error) string {
	switch {
	case err == nil:
		return fmt.Sprintf("%d and nil", v)
	case err == deadline.ErrTimeout:
		return fmt.Sprintf("%d and ErrTimeout", v)
	}
	return fmt.Sprintf("%d and the error %q", v, err)
}

// outcome is what came of it.
type outcome struct {
	v    int
	err  error
	took time.Duration
}

// run calls Within, and returns when f has had time to return, too. It must be called in a bubble.
func (k task) run(t *testing.T) (o outcome) {
	t.Helper()
	calls := make(chan struct{}, 2)
	f := func() (int, error) {
		calls <- struct{}{}
		if k.takes > 0 {
			time.Sleep(k.takes)
		}
		return k.v, k.err
	}
	start := time.Now()
	o.v, o.err = deadline.Within(k.limit, f)
	o.took = time.Since(start)
	time.Sleep(k.takes + time.Second)
	synctest.Wait()
	switch len(calls) {
	case 0:
		t.Fatalf("%v has returned %s, and f has not been called", k, both(o.v, o.err))
	case 2:
		t.Fatalf("%v has called f twice", k)
	}
	return o
}

// timedOut wants the zero value and ErrTimeout.
func (k task) timedOut(t *testing.T, o outcome) {
	t.Helper()
	switch {
	case o.took < k.limit:
		t.Errorf("%v returned after %v: it must wait until f has returned or %v have passed", k, o.took, k.limit)
	case o.took > k.limit+late:
		t.Errorf("%v returned after %v: it must return when %v have passed", k, o.took, k.limit)
	case o.err != deadline.ErrTimeout:
		t.Errorf("%v returned %s, want ErrTimeout", k, both(o.v, o.err))
	case o.v != 0:
		t.Errorf("%v returned %s, want the zero value, 0", k, both(o.v, o.err))
	}
}

// inTime wants what f has returned.
func (k task) inTime(t *testing.T, o outcome) {
	t.Helper()
	switch {
	case o.took < k.takes:
		t.Errorf("%v returned %s after %v: it must wait until f has returned or %v have passed", k, both(o.v, o.err), o.took, k.limit)
	case o.took > k.takes+late:
		t.Errorf("%v returned after %v: it must return as soon as f has, woken by its result, and not look now and then", k, o.took)
	case o.err != k.err || o.v != k.v:
		t.Errorf("%v returned %s, want both results of f", k, both(o.v, o.err))
	}
}

// either wants what f has returned, or a timeout, and no mixture.
func (k task) either(t *testing.T, o outcome) {
	t.Helper()
	switch timedOut := o.err == deadline.ErrTimeout; {
	case timedOut && o.took < k.limit:
		t.Errorf("%v returned %s after %v: it must wait until f has returned or %v have passed", k, both(o.v, o.err), o.took, k.limit)
	case timedOut && o.v != 0, !timedOut && (o.err != k.err || o.v != k.v):
		t.Errorf("%v returned %s: want what f returned, or 0 and ErrTimeout, and no mixture", k, both(o.v, o.err))
	}
}

// nothingLeft wants no goroutine of Within to be there. f has returned, and some time has passed.
func nothingLeft(t *testing.T) {
	t.Helper()
	buf := make([]byte, 1<<16)
	buf = buf[:runtime.Stack(buf, true)]
	_, others, _ := strings.Cut(string(buf), "\n\n") // the first one is this goroutine
	for g := range strings.SplitSeq(others, "\n\n") {
		state, stack, _ := strings.Cut(g, "\n")
		if strings.Contains(state, "[chan send") {
			continue // for ever: a leak, which the grader explains
		}
		if _, at, ok := strings.Cut(stack, "/deadline.go:"); ok {
			line, _, _ := strings.Cut(strings.Fields(at)[0], "\n")
			t.Fatalf("Within has returned, and so has f, and a goroutine of Within is left, at deadline.go:%s: it must end as well", line)
		}
	}
}

// each runs the tasks, one after the other, and checks each.
func each(t *testing.T, check func(task, *testing.T, outcome), tasks ...task) {
	synctest.Test(t, func(t *testing.T) {
		for _, k := range tasks {
			if check(k, t, k.run(t)); t.Failed() {
				return
			}
			nothingLeft(t)
		}
	})
}

func TestInTime(t *testing.T) {
	each(t, task.inTime,
		task{limit: time.Minute, takes: time.Second, v: 42},
		task{limit: 2 * time.Second, takes: 1500*time.Millisecond + 500*time.Microsecond, v: 43})
}

func TestTooLate(t *testing.T) {
	each(t, task.timedOut,
		task{limit: time.Second, takes: time.Minute, v: 42},
		task{limit: 300*time.Millisecond + 500*time.Microsecond, takes: time.Second, v: 43, err: errBroken})
}

func TestNearly(t *testing.T) {
	each(t, task.inTime, task{limit: time.Second, takes: 990 * time.Millisecond, v: 1})
	each(t, task.timedOut, task{limit: time.Second, takes: 1010 * time.Millisecond, v: 1})
}

// TestError has errors of f, with a value and without.
func TestError(t *testing.T) {
	each(t, task.inTime,
		task{limit: time.Minute, takes: time.Second, v: 0, err: errBroken},
		task{limit: time.Minute, takes: time.Second, v: 7, err: errBroken})
}

// TestItsTimeout has an f that has found ErrTimeout itself, and another error that wraps it.
func TestItsTimeout(t *testing.T) {
	each(t, task.inTime,
		task{limit: time.Minute, takes: time.Second, v: 7, err: deadline.ErrTimeout},
		task{limit: time.Minute, takes: time.Second, v: 8, err: fmt.Errorf("f: %w", deadline.ErrTimeout)})
}

// TestStressExact looks at the clock of a bubble, which stands still while anybody is at work: whoever is woken by
// what has happened sees the very moment, and whoever looks now and then comes later.
func TestStressExact(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const odd = 12_345_671 * time.Nanosecond
		fast := task{limit: time.Second, takes: odd, v: 1}
		switch o := fast.run(t); {
		case o.took > odd:
			t.Fatalf("%v returned after %v: it must return as soon as f has, woken by its result, and not look now and then", fast, o.took)
		default:
			fast.inTime(t, o)
		}
		slow := task{limit: odd, takes: time.Second, v: 1}
		switch o := slow.run(t); {
		case o.took > odd:
			t.Fatalf("%v returned after %v: it must return when %v have passed, woken by a timer, and not look now and then", slow, o.took, odd)
		default:
			slow.timedOut(t, o)
		}
	})
}

// TestZero has an f that returns the zero value, and no error.
func TestZero(t *testing.T) {
	each(t, task.inTime, task{limit: time.Minute, takes: time.Second})
}

func TestAtOnce(t *testing.T) {
	each(t, task.inTime, task{limit: time.Second, v: 42, err: errBroken})
}

// TestSameMoment has f return when the time is over.
func TestSameMoment(t *testing.T) {
	each(t, task.either, task{limit: time.Second, takes: time.Second, v: 42, err: errBroken})
}

// TestBusyMachine has so much to do that the time may be over before a goroutine comes to its next step.
//
//workbook:early-timers
func TestBusyMachine(t *testing.T) {
	each(t, task.either, task{limit: time.Second, v: 42, err: errBroken})
}

func TestErrTimeout(t *testing.T) {
	if deadline.ErrTimeout == nil {
		t.Fatalf("ErrTimeout is nil: nobody could tell a timeout from success")
	}
	if errors.Is(errBroken, deadline.ErrTimeout) {
		t.Fatalf("ErrTimeout is equal to another error")
	}
}

// TestAfterATimeout has a result come too late, and asks again.
func TestAfterATimeout(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		slow := task{limit: time.Second, takes: 3 * time.Second, v: 1}
		slow.timedOut(t, slow.run(t))
		fast := task{limit: time.Minute, takes: time.Second, v: 2}
		fast.inTime(t, fast.run(t))
		nothingLeft(t)
	})
}

// TestTwo has two calls at the same time, of which one is too late.
func TestTwo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		slow := task{limit: time.Second, takes: 4 * time.Second, v: 1}
		fast := task{limit: 3 * time.Second, takes: 2 * time.Second, v: 2}
		other := make(chan outcome)
		go func() { other <- slow.run(t) }()
		fast.inTime(t, fast.run(t))
		slow.timedOut(t, <-other)
		nothingLeft(t)
	})
}

// TestText has values of another type.
func TestText(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		text, err := deadline.Within(time.Second, func() (string, error) { return "done", nil })
		if text != "done" || err != nil {
			t.Errorf(`f returned "done" and nil at once, and Within(1s, f) returned %q, %v`, text, err)
		}
		synctest.Wait()
	})
}

// TestHandsOver reads what f has written.
func TestHandsOver(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, err := deadline.Within(time.Second, func() (*int, error) {
			p := new(int)
			*p = 42
			return p, nil
		})
		switch {
		case err != nil || p == nil:
			t.Errorf("f returned a pointer and nil at once, and Within(1s, f) returned %v, %v", p, err)
		case *p != 42:
			t.Errorf("f returned a pointer to 42, and Within one to %d", *p)
		}
		synctest.Wait()
	})
}
