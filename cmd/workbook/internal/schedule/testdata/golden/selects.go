package selects

import (
	"context"
	"time"
)

type msg struct{ n int }

type queue struct {
	in   chan msg
	out  chan<- msg
	done <-chan struct{}
	errs chan error
	fs   chan float64
}

type myErr struct{}

func (*myErr) Error() string { return "my" }

func loop(ctx context.Context, q *queue) error {
	var last msg
	for {
		select {
		case m, ok := <-q.in:
			if !ok {
				return nil
			}
			last = m
		case q.out <- last:
		case <-q.done:
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

func values(q *queue, i int) {
	select {
	case q.errs <- nil:
	case q.errs <- &myErr{}:
	case q.fs <- 1:
	case q.fs <- float64(i) / 2:
	default:
		q.fs <- 2
	}
}

func few(q *queue) {
	select {
	case m := <-q.in:
		_ = m
	default:
	}
	select {
	case <-q.done:
	}
	select {}
}

func labelled(a, b chan int) (n int) {
loop:
	for {
	sel:
		select {
		case n = <-a:
			if n > 3 {
				break sel
			}
			continue loop
		case <-b:
			break loop
		case (<-a):
		}
	}
again:
	select {
	case <-a:
		goto again
	case <-b:
	}
	return
}

func operands(a, b chan int, cc chan chan int, get func() chan int) {
	select {
	case a <- <-b:
	case v := <-<-cc:
		_ = v
	case <-get():
	case <-func() chan int { a <- 1; return b }():
	case <-time.After(time.Second): // a comment
	}
	select {
	case <-func() chan int {
		return a
	}():
	case <-b:
	}
}

type pipe chan int

func generic[T any, C ~chan T](c C, p pipe, x T) {
	select {
	case c <- x:
	case v := <-p:
		p <- v
	case y, ok := <-c:
		_, _ = y, ok
	}
}

func constraint[C chan int | <-chan int](c C) int {
	select {
	case v := <-c:
		return v
	case <-time.After(1):
		return 0
	}
}
