package eachcloses

import "testing"

func Scenario(t *testing.T) {
	n := 0
	for x := range Merge([]int{1}, []int{2}) {
		n += x
	}
	if n != 3 {
		t.Errorf("the sum is %d", n)
	}
}
