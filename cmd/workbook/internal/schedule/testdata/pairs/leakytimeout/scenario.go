package leakytimeout

import (
	"testing"
	"time"
)

func Scenario(t *testing.T) {
	release := make(chan struct{})
	if _, ok := Within(time.Millisecond, func() int { <-release; return 1 }); ok {
		t.Error("an answer before there was one")
	}
	close(release)
}
