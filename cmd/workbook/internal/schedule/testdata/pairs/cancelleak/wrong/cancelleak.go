package cancelleak

import "context"

// Numbers counts until ctx is cancelled.
func Numbers(ctx context.Context) <-chan int {
	out := make(chan int)
	go func() {
		defer close(out)
		for n := 0; ctx.Err() == nil; n++ {
			out <- n
		}
	}()
	return out
}
