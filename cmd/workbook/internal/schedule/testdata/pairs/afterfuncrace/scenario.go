package afterfuncrace

import (
	"context"
	"testing"
)

func Scenario(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	s := Watch(ctx)
	cancel()
	s.Close()
	if why := s.Why(); why == "" {
		t.Error("closed for no reason")
	}
}
