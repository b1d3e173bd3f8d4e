// Package racytest tests stacks that many goroutines use.
package racytest

import "sync"

// T is what a test needs of *testing.T. Any goroutine may call it.
type T interface {
	Errorf(format string, args ...any) // the test has failed, and goes on
}

// Stack is a stack of numbers. Any number of goroutines may use it at the same time.
type Stack interface {
	Push(v int)       // puts v on top
	Pop() (int, bool) // takes the top off, or returns false if the stack is empty
	Len() int         // says how many numbers there are
}

// TestStack tests the stacks that newStack returns, each of them new and empty.
//
// Each method meets itself and each other one, with nothing in the test to order them: that is all the
// race detector needs. What it cannot know is which results are right. So all numbers are different,
// and in the end each must have come out once.
func TestStack(t T, newStack func() Stack) {
	pushPush(t, newStack())
	popPop(t, newStack())
	pushPopLen(t, newStack())
}

// pushPush has two goroutines that push, and sees whether both numbers are there.
func pushPush(t T, s Stack) {
	var wg sync.WaitGroup
	wg.Go(func() { s.Push(1) })
	wg.Go(func() { s.Push(2) })
	wg.Wait()
	once(t, "two Push at the same time", drain(s), 2)
}

// popPop has two goroutines that pop, each into a variable of its own: a test must not race either.
func popPop(t T, s Stack) {
	s.Push(1)
	s.Push(2)
	var wg sync.WaitGroup
	var popped [2]int
	for i := range popped {
		wg.Go(func() {
			v, ok := s.Pop()
			if !ok {
				t.Errorf("Pop found nothing in a stack of 2")
			}
			popped[i] = v
		})
	}
	wg.Wait()
	once(t, "two Pop at the same time", append(drain(s), popped[:]...), 2)
}

// pushPopLen has all three methods at the same time. The Pop may come before the Push or after it, so
// there is no one answer, but there are wrong ones.
func pushPopLen(t T, s Stack) {
	s.Push(1)
	var wg sync.WaitGroup
	var popped int
	wg.Go(func() { s.Push(2) })
	wg.Go(func() { popped, _ = s.Pop() })
	wg.Go(func() {
		if n := s.Len(); n < 0 || n > 2 {
			t.Errorf("Len is %d, of a stack that never had more than 2", n)
		}
	})
	wg.Wait()
	once(t, "Push, Pop and Len at the same time", append(drain(s), popped), 2)
}

// drain pops all that is left, and no more than a handful, in case a Pop never says that it is done.
func drain(s Stack) []int {
	var left []int
	for range 5 {
		v, ok := s.Pop()
		if !ok {
			break
		}
		left = append(left, v)
	}
	return left
}

// once wants each number from 1 to n to have come out once.
func once(t T, what string, got []int, n int) {
	times := map[int]int{}
	for _, v := range got {
		times[v]++
	}
	for v := 1; v <= n; v++ {
		if times[v] != 1 {
			t.Errorf("after %s, %d came out %d times, want once", what, v, times[v])
		}
	}
	if len(got) > n {
		t.Errorf("after %s, %d numbers came out of a stack of %d", what, len(got), n)
	}
}
