package goroutines

import (
	"context"
	"fmt"
	"sync"
	"time"
)

type group struct {
	wg  sync.WaitGroup
	err error
	mu  sync.Mutex
}

func (g *group) run(f func() error) {
	g.wg.Add(1)
	go func() {
		defer g.wg.Done()
		if err := f(); err != nil {
			g.mu.Lock()
			defer g.mu.Unlock()
			g.err = err
		}
	}()
}

func (g *group) work(i int, names ...string) error { return nil }

func worker(i int) {}

func generic[T any](x T) {}

func starts(g *group, ch chan int, f func(), t *time.Timer) {
	go worker(1)
	go worker(<-ch)
	go g.work(2, "a", "b")
	go f()
	go generic(1)
	go generic[int](1)
	go g.wg.Wait()
	go close(ch)
	go t.Stop()
	go fmt.Println("x")
	go func(n int) { ch <- n }(3)
	go (func() {})()
	g.wg.Go(func() { ch <- 1 })
	g.wg.Go(f)
	time.AfterFunc(time.Second, func() { ch <- 2 })
	stop := context.AfterFunc(context.Background(), func() { close(ch) })
	defer stop()
	g.run(func() error { return nil })
}

func defers(g *group, ch chan int, cancel context.CancelFunc) (err error) {
	defer close(ch)
	defer cancel()
	defer g.mu.Unlock()
	defer g.wg.Done()
	defer worker(len(ch))
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("caught %v", r)
		}
	}()
	defer func() { ch <- 1 }()
	go func() {
		defer func() { recover() }()
		panic("x")
	}()
	return nil
}
