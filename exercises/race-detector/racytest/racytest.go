// Package racytest tests stacks that many goroutines use.
package racytest

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

// TODO: All is well here, and nothing happens at the same time. A stack without a lock passes.

// TestStack tests the stacks that newStack returns, each of them new and empty.
func TestStack(t T, newStack func() Stack) {
	s := newStack()
	s.Push(1)
	s.Push(2)
	if n := s.Len(); n != 2 {
		t.Errorf("after 2 Push, Len is %d", n)
	}
	for want := 2; want >= 1; want-- {
		if v, ok := s.Pop(); v != want || !ok {
			t.Errorf("after Push of 1 and 2, Pop returned %d and %t, want %d and true", v, ok, want)
		}
	}
	if v, ok := s.Pop(); ok {
		t.Errorf("Pop of an empty stack returned %d and true", v)
	}
}
