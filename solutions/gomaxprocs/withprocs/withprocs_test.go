package withprocs_test

import (
	"runtime"
	"testing"

	"workbook/solutions/gomaxprocs/withprocs"
)

// begin sets GOMAXPROCS for the time of a test.
func begin(t *testing.T, procs int) {
	old := runtime.GOMAXPROCS(procs)
	t.Cleanup(func() { runtime.GOMAXPROCS(old) })
}

func TestInside(t *testing.T) {
	begin(t, 5)
	for _, n := range []int{1, 3, 5, 6} {
		calls, inside := 0, 0
		withprocs.WithProcs(n, func() {
			calls++
			inside = runtime.GOMAXPROCS(0)
		})
		if calls != 1 {
			t.Fatalf("WithProcs(%d, f) called f %d times, want once", n, calls)
		}
		if inside != n {
			t.Errorf("in the f of WithProcs(%d, f) GOMAXPROCS was %d", n, inside)
		}
	}
}

// checkAfter wants GOMAXPROCS to be as it was.
func checkAfter(t *testing.T, what string, before int) {
	if after := runtime.GOMAXPROCS(0); after != before {
		t.Errorf("GOMAXPROCS was %d before %s, and stayed %d after it", before, what, after)
	}
}

func TestAfter(t *testing.T) {
	for _, procs := range []int{5, 1} {
		begin(t, procs)
		withprocs.WithProcs(3, func() {})
		checkAfter(t, "WithProcs(3, f)", procs)
		withprocs.WithProcs(procs, func() {})
		checkAfter(t, "WithProcs with the very same number", procs)
	}
}

func TestTwice(t *testing.T) {
	begin(t, 5)
	withprocs.WithProcs(3, func() {})
	begin(t, 4)
	withprocs.WithProcs(2, func() {})
	checkAfter(t, "a second call WithProcs(2, f)", 4)
}

func TestPanic(t *testing.T) {
	begin(t, 5)
	var value any
	calls := 0
	func() {
		defer func() { value = recover() }()
		withprocs.WithProcs(3, func() {
			calls++
			panic("boom")
		})
	}()
	if calls != 1 {
		t.Errorf("f panicked, and WithProcs(3, f) called it %d times, want once", calls)
	}
	if value != "boom" {
		t.Errorf("f panicked with \"boom\", and the caller of WithProcs recovered %v: the panic must go on to the caller", value)
	}
	checkAfter(t, "an f that panicked in WithProcs(3, f)", 5)
}

func TestGoexit(t *testing.T) {
	begin(t, 5)
	done := make(chan bool)
	went := false
	go func() {
		defer close(done)
		withprocs.WithProcs(3, func() { runtime.Goexit() })
		went = true
	}()
	<-done
	if went {
		t.Errorf("f called runtime.Goexit, and WithProcs returned: f must be called in the goroutine of the caller")
	}
	checkAfter(t, "an f that called runtime.Goexit in WithProcs(3, f)", 5)
}

func TestNested(t *testing.T) {
	begin(t, 5)
	withprocs.WithProcs(3, func() {
		withprocs.WithProcs(2, func() {
			withprocs.WithProcs(4, func() {})
			checkAfter(t, "the innermost WithProcs(4, f) of three", 2)
		})
		checkAfter(t, "the inner WithProcs(2, f)", 3)
	})
	checkAfter(t, "WithProcs calls one in the other", 5)
}

func TestChangedInside(t *testing.T) {
	begin(t, 5)
	withprocs.WithProcs(3, func() { runtime.GOMAXPROCS(6) })
	checkAfter(t, "an f that set GOMAXPROCS to 6 itself", 5)
	begin(t, 5)
	withprocs.WithProcs(5, func() { runtime.GOMAXPROCS(6) })
	checkAfter(t, "WithProcs(5, f), where 5 changes nothing but f set GOMAXPROCS to 6 itself,", 5)
}

func TestLessThanOne(t *testing.T) {
	for _, procs := range []int{5, 1} {
		begin(t, procs)
		for _, n := range []int{0, -1} {
			calls, inside := 0, 0
			withprocs.WithProcs(n, func() {
				calls++
				inside = runtime.GOMAXPROCS(0)
			})
			switch {
			case calls == 0:
				t.Errorf("WithProcs(%d, f) did not call f: with n < 1 f is called too, and GOMAXPROCS stays as it is", n)
			case calls > 1:
				t.Errorf("WithProcs(%d, f) called f %d times, want once, with n < 1 too", n, calls)
			case inside != procs:
				t.Errorf("in the f of WithProcs(%d, f) GOMAXPROCS was %d: it must stay %d", n, inside, procs)
			}
			checkAfter(t, "WithProcs with n < 1", procs)
		}
	}
}
