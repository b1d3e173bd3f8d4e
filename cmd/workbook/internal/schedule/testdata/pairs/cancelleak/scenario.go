package cancelleak

import (
	"context"
	"testing"
)

func Scenario(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	for n := range Numbers(ctx) {
		if n == 1 {
			break
		}
	}
}
