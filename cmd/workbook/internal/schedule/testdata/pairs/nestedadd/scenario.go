package nestedadd

import "testing"

func Scenario(t *testing.T) {
	if n := Walk(&Tree{n: 1, left: &Tree{n: 2}, right: &Tree{n: 4}}); n != 7 {
		t.Errorf("the sum is %d", n)
	}
}
