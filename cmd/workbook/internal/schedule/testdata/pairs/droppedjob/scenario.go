package droppedjob

import "testing"

func Scenario(t *testing.T) {
	p := NewPool()
	p.Submit(1)
	p.Submit(2)
	if n := p.Stop(); n != 3 {
		t.Errorf("the jobs 1 and 2 sum up to %d", n)
	}
}
