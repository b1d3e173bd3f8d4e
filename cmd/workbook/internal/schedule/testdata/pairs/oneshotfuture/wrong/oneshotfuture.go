package oneshotfuture

type Future[T any] struct{ c chan T }

func Later[T any](f func() T) *Future[T] {
	x := &Future[T]{make(chan T, 1)}
	go func() { x.c <- f() }()
	return x
}

// Get puts the value back for the next one, if nobody did.
func (f *Future[T]) Get() T {
	v, ok := <-f.c
	if !ok {
		return v
	}
	close(f.c)
	return v
}
