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
// Two goroutines do the same, and all that the interface has: so each method meets itself and each other
// one, with nothing in the test to order them. That is all the race detector needs. What it cannot know is
// which results are right. So all numbers are different, and in the end each must have come out once.
func TestStack(t T, newStack func() Stack) {
	s := newStack()
	s.Push(1)
	s.Push(2)
	var wg sync.WaitGroup
	var popped [2][]int // each goroutine has its own: a test must not race either
	for g := range popped {
		wg.Go(func() {
			s.Push(3 + g)
			if n := s.Len(); n < 2 || n > 4 {
				t.Errorf("Len is %d, of a stack with 2 to 4 numbers", n)
			}
			for range 2 {
				if v, ok := s.Pop(); ok {
					popped[g] = append(popped[g], v)
				}
			}
		})
	}
	wg.Wait()
	out := append(popped[0], popped[1]...)
	if n := s.Len(); n != 4-len(out) {
		t.Errorf("4 numbers were pushed and %d popped, but Len is %d", len(out), n)
	}
	once(t, append(out, drain(s)...), 4)
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

// once wants each number from 1 to n to have come out once. A number that comes out twice was read by two
// Pops before either took it off; one that never does was lost between the two steps of a Push.
func once(t T, out []int, n int) {
	times := map[int]int{}
	for _, v := range out {
		times[v]++
	}
	for v := 1; v <= n; v++ {
		if times[v] != 1 {
			t.Errorf("%d was pushed once and came out %d times", v, times[v])
		}
	}
	if len(out) > n {
		t.Errorf("%d numbers came out of a stack of %d", len(out), n)
	}
}
