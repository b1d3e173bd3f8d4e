package handle_test

import (
	"errors"
	"runtime"
	"strings"
	"testing"

	"workbook/solutions/goroutine-identity/handle"
	"workbook/solutions/kit"
)

var errHalf = errors.New("half done")

// answer is an f with results that can be told from zero values.
func answer() (int, error) { return 42, errHalf }

func TestWait(t *testing.T) {
	h := handle.Go(answer)
	checkResult(t, "Wait", h)
	checkResult(t, "the second Wait", h)
	s, err := handle.Go(func() (string, error) { return "fine", nil }).Wait()
	if s != "fine" || err != nil {
		t.Errorf(`f returned ("fine", nil), and Wait (%q, %v)`, s, err)
	}
}

// checkResult wants Wait to return what answer does.
func checkResult(t *testing.T, what string, h *handle.Handle[int]) {
	if n, err := h.Wait(); n != 42 || err != errHalf {
		t.Errorf("f returned (42, %q), and %s (%d, %v)", errHalf, what, n, err)
	}
}

func TestTwoWaiters(t *testing.T) {
	h := handle.Go(answer)
	kit.Together(
		func() { checkResult(t, "the Wait of one goroutine", h) },
		func() { checkResult(t, "the Wait of another goroutine", h) },
	)
}

// TestAtOnce needs three functions under way at the same time.
func TestAtOnce(t *testing.T) {
	meet := kit.NewOverlap(3, "functions")
	f := func() (int, error) {
		meet.Inside()
		return 42, errHalf
	}
	for _, h := range []*handle.Handle[int]{handle.Go(f), handle.Go(f), handle.Go(f)} {
		checkResult(t, "Wait", h)
	}
	if err := meet.Err(); err != nil {
		t.Error(err)
	}
}

func TestDone(t *testing.T) {
	for range 2 {
		h := handle.Go(answer)
		<-h.Done()
		<-h.Done()
		checkResult(t, "Wait after Done", h)
	}
}

// TestDoneInSelect asks whether f has ended while it has not, and waits for it in two goroutines.
func TestDoneInSelect(t *testing.T) {
	meet := kit.NewOverlap(2, "function and its caller")
	h := handle.Go(func() (int, error) {
		meet.Inside() // until the test comes too
		return answer()
	})
	select {
	case <-h.Done():
		t.Errorf("the channel of Done was ready while f was at work")
	default:
	}
	done := h.Done()
	meet.Inside()
	kit.Together(
		func() { <-done },
		func() { <-h.Done() },
	)
	checkResult(t, "Wait after Done", h)
}

// TestWrittenBefore reads in two ways what f has written without a lock.
func TestWrittenBefore(t *testing.T) {
	a, b := 0, 0
	h := handle.Go(func() (int, error) {
		a, b = 1, 1
		return answer()
	})
	kit.Together(
		func() {
			h.Wait()
			checkSeen(t, "Wait", a)
		},
		func() {
			<-h.Done()
			checkSeen(t, "Done", b)
		},
	)
}

// checkSeen wants what f wrote to be seen.
func checkSeen(t *testing.T, after string, got int) {
	if got != 1 {
		t.Errorf("f set a variable to 1, and after %s it is %d", after, got)
	}
}

func TestPanic(t *testing.T) {
	h := handle.Go(func() (int, error) { panic("no such file") })
	for range 2 {
		n, err := h.Wait()
		if err == nil || !strings.Contains(err.Error(), "no such file") {
			t.Fatalf("f panicked with %q, and Wait returned the error %v: it must contain what f panicked with", "no such file", err)
		}
		if n != 0 {
			t.Errorf("f panicked, and Wait returned the value %d instead of 0", n)
		}
	}
	<-h.Done()
}

// TestPanicOfWaiter has the panicking goroutine and the waiting one meet.
func TestPanicOfWaiter(t *testing.T) {
	var err error
	h := handle.Go(func() (string, error) { panic(errHalf) })
	kit.Together(
		func() { <-h.Done() },
		func() { _, err = h.Wait() },
	)
	if err == nil || !strings.Contains(err.Error(), errHalf.Error()) {
		t.Errorf("f panicked with %q, and Wait returned the error %v: it must contain what f panicked with", errHalf, err)
	}
}

// TestGoexit calls Go and Wait in goroutines that an f in the wrong place ends. Where f is called in
// the caller's goroutine is for TestAtOnce to say.
func TestGoexit(t *testing.T) {
	var h *handle.Handle[int]
	var waited bool
	var err error
	kit.Together(func() {
		h = handle.Go(func() (int, error) {
			runtime.Goexit()
			return 42, nil
		})
	})
	if h == nil {
		return
	}
	kit.Together(func() {
		_, err = h.Wait()
		waited = true
	})
	if waited && err == nil {
		t.Errorf("f never returned, because runtime.Goexit ended its goroutine, and Wait returned no error: as if all were well")
	}
	<-h.Done()
}

// TestNobodyWaits leaves the goroutine to itself: it must run and end all the same.
func TestNobodyWaits(t *testing.T) {
	meet := kit.NewOverlap(2, "function and its caller")
	handle.Go(func() (int, error) {
		meet.Inside()
		return answer()
	})
	meet.Inside()
}

func TestStressWaiters(t *testing.T) {
	for range 500 {
		x := 0
		h := handle.Go(func() (int, error) {
			runtime.Gosched()
			x = 1
			return answer()
		})
		kit.Each(8, func(i int) {
			if i%2 == 0 {
				<-h.Done()
			}
			checkResult(t, "Wait", h)
			checkSeen(t, "Wait", x)
		})
		if t.Failed() {
			return
		}
	}
}

func TestStressPanics(t *testing.T) {
	for range 500 {
		h := handle.Go(func() (int, error) { panic("no such file") })
		kit.Each(4, func(i int) {
			if i%2 == 0 {
				<-h.Done()
			}
			if n, err := h.Wait(); n != 0 || err == nil {
				t.Errorf("f panicked, and Wait returned (%d, %v)", n, err)
			}
		})
		if t.Failed() {
			return
		}
	}
}
