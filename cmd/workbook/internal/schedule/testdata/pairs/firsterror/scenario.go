package firsterror

import (
	"errors"
	"testing"
)

func Scenario(t *testing.T) {
	var g Group
	for _, s := range []string{"a", "b"} {
		g.Go(func() error { return errors.New(s) })
	}
	first := g.Wait()
	if first == nil || g.cancelled != 1 {
		t.Errorf("error %v, cancelled %d times", first, g.cancelled)
	}
}
