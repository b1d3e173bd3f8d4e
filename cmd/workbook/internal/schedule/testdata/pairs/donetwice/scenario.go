package donetwice

import "testing"

func Scenario(t *testing.T) {
	c := NewCrew(2)
	c.Finish("ann")
	c.Finish("bob")
	c.Join()
}
