package diff

import (
	"context"
	"errors"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

func Mutexes(p printer) {
	var (
		mu sync.Mutex
		wg sync.WaitGroup
		n  int
	)
	for i := range 4 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for range 5 {
				mu.Lock()
				n += i
				mu.Unlock()
			}
		}()
	}
	wg.Wait()
	p(n, mu.TryLock(), mu.TryLock())
}

type registry struct {
	sync.RWMutex
	m map[string]int
}

func (r *registry) get(k string) (v int, ok bool) {
	r.RLock()
	defer r.RUnlock()
	v, ok = r.m[k]
	return
}

func (r *registry) add(k string, n int) {
	r.Lock()
	defer r.Unlock()
	r.m[k] += n
}

func Embedded(p printer) {
	r := &registry{m: map[string]int{}}
	var wg sync.WaitGroup
	for i := range 3 {
		wg.Go(func() { r.add("k", i); r.get("k") })
	}
	wg.Wait()
	p(r.get("k"))
	l := r.RLocker()
	l.Lock()
	p(r.TryRLock(), r.TryLock())
	l.Unlock()
	r.RUnlock()
	p(r.TryLock())
}

func Onces(p printer) {
	var once sync.Once
	n := 0
	for range 3 {
		once.Do(func() { n++ })
	}
	f := sync.OnceValue(func() int { n++; return n })
	g := sync.OnceValues(func() (int, error) { n++; return n, errors.New("e") })
	h := sync.OnceFunc(func() { panic("once") })
	f()
	g()
	a, err := g()
	p(n, f(), a, err)
	for range 2 {
		func() {
			defer func() { p(recover()) }()
			h()
		}()
	}
	func() {
		defer func() { recover() }()
		new(sync.Once).Do(func() { panic(1) })
	}()
}

type queue[T any] struct {
	mu    sync.Mutex
	full  *sync.Cond
	empty sync.Cond
	xs    []T
}

func newQueue[T any]() *queue[T] {
	q := &queue[T]{}
	q.full = sync.NewCond(&q.mu)
	q.empty.L = &q.mu
	return q
}

func (q *queue[T]) put(x T) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for len(q.xs) == 2 {
		q.full.Wait()
	}
	q.xs = append(q.xs, x)
	q.empty.Signal()
}

func (q *queue[T]) get() T {
	q.mu.Lock()
	defer q.mu.Unlock()
	for len(q.xs) == 0 {
		q.empty.Wait()
	}
	x := q.xs[0]
	q.xs = q.xs[1:]
	q.full.Broadcast()
	return x
}

func Conds(p printer) {
	q := newQueue[int]()
	go func() {
		for i := range 5 {
			q.put(i)
		}
	}()
	for range 5 {
		p(q.get())
	}
}

func Pipeline(p printer) {
	gen := func(n int) <-chan int {
		c := make(chan int)
		go func() {
			defer close(c)
			for i := range n {
				c <- i
			}
		}()
		return c
	}
	square := func(in <-chan int) <-chan int {
		out := make(chan int, 1)
		go func() {
			defer close(out)
			for x := range in {
				out <- x * x
			}
		}()
		return out
	}
	s := 0
	for x := range square(square(gen(5))) {
		s += x
	}
	v, ok := <-gen(0)
	p(s, v, ok)
}

func ChannelsOfChannels(p printer) {
	type request struct {
		n     int
		reply chan int
	}
	reqs := make(chan request)
	done := make(chan struct{})
	go func() {
		defer close(done)
		total := 0
		for r := range reqs {
			total += r.n
			r.reply <- total
		}
	}()
	for i := range 4 {
		r := request{i, make(chan int)}
		reqs <- r
		p(<-r.reply)
	}
	close(reqs)
	<-done
}

func Selects(p printer) {
	a, b, quit := make(chan int, 1), make(chan string), make(chan struct{})
	var nothing chan int
	for i := range 3 {
		select {
		case a <- i:
			p("sent", i)
		case v := <-nothing:
			p(v)
		default:
			p("full", <-a)
		}
	}
	go func() { b <- "x"; close(quit) }()
	select {
	case s, ok := <-b:
		p(s, ok)
	case nothing <- 1:
		p("never")
	}
	<-quit
	select {
	case _, ok := <-quit:
		p(ok)
	case v := <-nothing:
		p(v)
	}
	c := &cell{xs: make([]int, 2)}
	<-a
	a <- 7
	select {
	case c.xs[mark("index", 1)] = <-a:
	case nothing <- mark("evaluated", 1):
	}
	p(c.xs, flush())
loop:
	for i := 0; ; i++ {
		select {
		case <-quit:
			if i < 2 {
				continue loop
			}
			break loop
		case nothing <- i:
		}
	}
	e := make(chan error, 2)
	select {
	case e <- nil:
	case <-nothing:
	}
	select {
	case e <- &notFound{"a"}:
	case <-nothing:
	}
	p(<-e, <-e)
	func() {
		defer func() { p(recover()) }()
		select {
		case quit <- struct{}{}:
		case <-nothing:
		}
	}()
}

func Atomics(p printer) {
	var n atomic.Int64
	var u uint32
	var ptr atomic.Pointer[cell]
	var v atomic.Value
	var wg sync.WaitGroup
	for range 3 {
		wg.Go(func() {
			n.Add(2)
			atomic.AddUint32(&u, 1)
			for {
				old := ptr.Load()
				next := &cell{n: 1, next: old}
				if old != nil {
					next.n = old.n + 1
				}
				if ptr.CompareAndSwap(old, next) {
					return
				}
			}
		})
	}
	wg.Wait()
	v.Store("s")
	old := v.Swap("t")
	n.Store(n.Load()*n.Load() + int64(atomic.LoadUint32(&u)))
	p(n.Load(), u, ptr.Load().n, old, v.Load().(string)+"!", n.CompareAndSwap(1, 2), n.Or(1), n.And(6), n.Swap(3))
}

func SyncMap(p printer) {
	var m sync.Map
	m.Store("a", 1)
	v, loaded := m.LoadOrStore("a", 2)
	p(v, loaded)
	_, ok := m.Load("b")
	p(ok, m.CompareAndSwap("a", 1, 5))
	m.Store("c", 3)
	keys := []string{}
	m.Range(func(k, v any) bool { keys = append(keys, k.(string)); return true })
	slices.Sort(keys)
	v, loaded = m.LoadAndDelete("a")
	m.Clear()
	p(keys, v, loaded)
}

func Contexts(p printer) {
	ctx, cancel := context.WithCancelCause(context.WithValue(context.Background(), "k", "v"))
	out := make(chan error)
	go func() {
		select {
		case <-ctx.Done():
			out <- context.Cause(ctx)
		case <-time.After(time.Minute):
			out <- nil
		}
	}()
	cancel(errors.New("enough"))
	p(<-out, ctx.Err(), ctx.Value("k"))
	child, stop := context.WithTimeout(ctx, time.Hour)
	defer stop()
	p(child.Err())
}

type group struct {
	wg   sync.WaitGroup
	once sync.Once
	err  error
	sem  chan struct{}
}

func (g *group) Go(f func() error) {
	g.sem <- struct{}{}
	g.wg.Add(1)
	go func() {
		defer func() { <-g.sem; g.wg.Done() }()
		if err := f(); err != nil {
			g.once.Do(func() { g.err = err })
		}
	}()
}

func (g *group) Wait() error { g.wg.Wait(); return g.err }

func Groups(p printer) {
	g := &group{sem: make(chan struct{}, 2)}
	var n atomic.Int32
	for i := range 5 {
		g.Go(func() error {
			n.Add(1)
			if i == 3 {
				return errors.New("three")
			}
			return nil
		})
	}
	p(g.Wait(), n.Load())
}

func add(c *cell, wg *sync.WaitGroup, ns ...int) {
	defer wg.Done()
	for _, n := range ns {
		c.n += n
	}
}

func GoStatements(p printer) {
	c, wg := &cell{}, &sync.WaitGroup{}
	step := func(f func()) { wg.Add(1); f(); wg.Wait() }
	step(func() { go add(c, wg, 1, 2) })
	step(func() { go add(c, wg) })
	step(func() { go add(c, wg, []int{3, 4}...) })
	f := func(n int) { c.n *= n; wg.Done() }
	step(func() { go f(2) })
	step(func() { go c.done(wg) })
	step(func() { go wg.Done() })
	var s interface{ done(*sync.WaitGroup) } = c
	step(func() { go s.done(wg) })
	step(func() { go generic(wg, c.n) })
	step(func() { go generic[int](wg, c.n) })
	ch := make(chan int)
	go close(ch)
	<-ch
	x := 1
	out := make(chan int)
	go func(n int) { out <- n }(x)
	x = 2
	p(c.n, <-out)
}

func (c *cell) done(wg *sync.WaitGroup) { c.n++; wg.Done() }

func generic[T any](wg *sync.WaitGroup, x T) { wg.Done() }

type myLock sync.Mutex

func (l *myLock) Lock()   { (*sync.Mutex)(l).Lock() }
func (l *myLock) Unlock() { (*sync.Mutex)(l).Unlock() }

type alias = sync.Mutex

func Named(p printer) {
	var l myLock
	var m alias
	var ls = []sync.Locker{&l, &m, new(sync.RWMutex), new(sync.RWMutex).RLocker()}
	for _, x := range ls {
		x.Lock()
	}
	for _, x := range ls {
		defer x.Unlock()
	}
	with := func(l sync.Locker, f func()) { l.Lock(); defer l.Unlock(); f() }
	n := 0
	with(new(alias), func() { n++ })
	lock, unlock := new(sync.Mutex).Lock, (*sync.Mutex).Unlock
	lock()
	func() {
		x := struct {
			sync.Mutex
			n int
		}{n: 4}
		x.Lock()
		unlock(&x.Mutex)
		n += x.n
	}()
	p(n, len(ls))
}

func Timers(p printer) {
	t := time.NewTimer(time.Hour)
	p(t.Stop(), t.Reset(time.Nanosecond))
	<-t.C
	done := make(chan bool)
	time.AfterFunc(time.Nanosecond, func() { done <- true })
	p(<-done)
	tick := time.NewTicker(time.Microsecond)
	for range 3 {
		<-tick.C
	}
	tick.Stop()
}

func Pools(p printer) {
	pool := sync.Pool{New: func() any { return new(cell) }}
	c := pool.Get().(*cell)
	c.n++
	pool.Put(c)
	p(c.n, new(sync.Pool).Get())
}

func NegativeCounter(p printer) {
	defer func() { p(recover()) }()
	var wg sync.WaitGroup
	wg.Done()
}
