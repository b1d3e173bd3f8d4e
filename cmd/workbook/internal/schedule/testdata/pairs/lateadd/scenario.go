package lateadd

import "testing"

func Scenario(t *testing.T) {
	if n := Total(1, 2, 4); n != 7 {
		t.Errorf("Total(1, 2, 4) = %d", n)
	}
}
