package mergeclosed

import "testing"

func Scenario(t *testing.T) {
	a, b := make(chan int), make(chan int)
	for i, c := range []chan int{a, b} {
		go func() {
			defer close(c)
			c <- i + 1
		}()
	}
	if n := Sum(a, b); n != 3 {
		t.Errorf("the sum is %d", n)
	}
}
