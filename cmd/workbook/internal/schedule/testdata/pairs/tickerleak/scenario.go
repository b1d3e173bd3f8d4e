package tickerleak

import (
	"testing"
	"time"
)

func Scenario(t *testing.T) {
	c := Start(time.Second)
	time.Sleep(2500 * time.Millisecond)
	c.Stop()
	if n := c.Beats(); n != 2 {
		t.Errorf("%d beats in two and a half seconds", n)
	}
}
