package publish_test

import (
	"testing"

	"workbook/solutions/kit"
	"workbook/solutions/memory-synchronization/publish"
)

// put reports whether Put panicked.
func put[T any](b *publish.Box[T], v T) (panicked bool) {
	defer func() { panicked = recover() != nil }()
	b.Put(v)
	return false
}

func TestOneGoroutine(t *testing.T) {
	var b publish.Box[int]
	if v, ok := b.Get(); v != 0 || ok {
		t.Errorf("Get of an empty Box[int] returned (%d, %t), want (0, false)", v, ok)
	}
	b.Put(0)
	if v, ok := b.Get(); v != 0 || !ok {
		t.Errorf("after Put(0) Get returned (%d, %t), want (0, true): a zero is a value too", v, ok)
	}
	if !put(&b, 8) {
		t.Errorf("a second Put did not panic")
	}
	if v, ok := b.Get(); v != 0 || !ok {
		t.Errorf("after Put(0), and a Put(8) that must panic, Get returned (%d, %t), want (0, true)", v, ok)
	}
}

// TestNilInterface puts a value in of which nothing is left where it is turned into an interface.
func TestNilInterface(t *testing.T) {
	var b publish.Box[error]
	if put(&b, nil) {
		t.Fatalf("Put(nil) into an empty Box[error] panicked: an interface may be nil, and is a value like all others")
	}
	if v, ok := b.Get(); v != nil || !ok {
		t.Errorf("after Put(nil) into a Box[error] Get returned (%v, %t), want (nil, true): an interface may be nil, and is a value like all others", v, ok)
	}
	if !put(&b, nil) {
		t.Errorf("a second Put(nil) into a Box[error] did not panic: an interface may be nil, and is a value like all others")
	}
}

// TestGetDuringPut looks twice while another goroutine puts.
func TestGetDuringPut(t *testing.T) {
	var b publish.Box[int]
	kit.Together(
		func() { b.Put(42) },
		func() {
			first, before := b.Get()
			second, after := b.Get()
			checkGet(t, first, before)
			checkGet(t, second, after)
			if before && !after {
				t.Errorf("Get returned the value, and the next Get by the same goroutine found the box empty")
			}
		},
	)
	v, ok := b.Get()
	checkGet(t, v, ok)
	if !ok {
		t.Errorf("Put had returned, and Get found the box empty")
	}
}

// checkGet wants the result of a Get beside a Put(42) to be of before it or of after it.
func checkGet(t *testing.T, v int, ok bool) {
	if ok && v != 42 || !ok && v != 0 {
		t.Errorf("during a Put(42) Get returned (%d, %t), want (42, true) or (0, false)", v, ok)
	}
}

// letter is written without a lock before it is put into a box.
type letter struct{ lines [2]int }

// TestMessage reads without a lock what was written before the Put.
func TestMessage(t *testing.T) {
	var b publish.Box[*letter]
	read := func() {
		l, ok := b.Get()
		if ok && (l == nil || l.lines != [2]int{1, 2}) {
			t.Errorf("Get returned a letter that was not written completely, and it had been before the Put")
		}
	}
	kit.Together(
		func() {
			l := new(letter)
			l.lines = [2]int{1, 2}
			b.Put(l)
		},
		read,
		read,
	)
}

// TestPutReturned calls Get after Put has returned in another goroutine.
func TestPutReturned(t *testing.T) {
	var b publish.Box[int]
	returned := make(chan bool)
	kit.Together(
		func() {
			b.Put(42)
			close(returned)
		},
		func() {
			<-returned
			if v, ok := b.Get(); v != 42 || !ok {
				t.Errorf("Put(42) had returned, and Get returned (%d, %t), want (42, true)", v, ok)
			}
		},
	)
}

// TestTwoGets has two goroutines look into a full box.
func TestTwoGets(t *testing.T) {
	var b publish.Box[int]
	b.Put(42)
	kit.Each(2, func(int) { checkFull(t, &b) })
	checkFull(t, &b)
}

// TestGetDuringSecondPut has one goroutine look into a full box while another puts once more.
func TestGetDuringSecondPut(t *testing.T) {
	var b publish.Box[int]
	b.Put(42)
	kit.Together(
		func() {
			if !put(&b, 8) {
				t.Errorf("the box was full, and a Put while another goroutine looked into it did not panic")
			}
		},
		func() { checkFull(t, &b) },
	)
	checkFull(t, &b)
}

// checkFull wants a box that 42 was put into to be full, also while others look into it.
func checkFull(t *testing.T, b *publish.Box[int]) {
	t.Helper()
	if v, ok := b.Get(); v != 42 || !ok {
		t.Errorf("Get returned (%d, %t), and Put(42) had returned long before, want (42, true): nobody takes the value away", v, ok)
	}
}

// TestTwoPuts has two goroutines put different values.
func TestTwoPuts(t *testing.T) {
	var b publish.Box[int]
	var panicked [2]bool
	kit.Each(2, func(i int) { panicked[i] = put(&b, i+1) })
	if panicked[0] && panicked[1] {
		t.Fatalf("the box was empty, and of two Put at once both panicked")
	}
	if !panicked[0] && !panicked[1] {
		t.Fatalf("of two Put at once none panicked: both found the box empty, and one value was put over the other")
	}
	want := 1
	if panicked[0] {
		want = 2
	}
	if v, ok := b.Get(); v != want || !ok {
		t.Errorf("of Put(1) and Put(2) at once Put(%d) did not panic, and then Get returned (%d, %t)", want, v, ok)
	}
}

// TestStressReaders has many goroutines read while one writes and puts.
func TestStressReaders(t *testing.T) {
	for range 100 {
		var b publish.Box[*letter]
		kit.Each(8, func(i int) {
			if i == 0 {
				b.Put(&letter{[2]int{1, 2}})
				return
			}
			for range 50 {
				if l, ok := b.Get(); ok && (l == nil || l.lines != [2]int{1, 2}) {
					t.Errorf("Get returned a letter that was not written completely, and it had been before the Put")
				}
			}
		})
	}
}
