package oneshotfuture

type Future[T any] struct {
	done chan struct{}
	v    T
}

func Later[T any](f func() T) *Future[T] {
	x := &Future[T]{done: make(chan struct{})}
	go func() {
		defer close(x.done)
		x.v = f()
	}()
	return x
}

func (f *Future[T]) Get() T {
	<-f.done
	return f.v
}
