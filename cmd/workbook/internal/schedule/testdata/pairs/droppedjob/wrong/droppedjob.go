package droppedjob

type Pool struct {
	jobs chan int
	quit chan struct{}
	sum  chan int
}

func NewPool() *Pool {
	p := &Pool{make(chan int, 2), make(chan struct{}), make(chan int)}
	go func() {
		sum := 0
		for {
			select {
			case n := <-p.jobs:
				sum += n
			case <-p.quit:
				p.sum <- sum
				return
			}
		}
	}()
	return p
}

func (p *Pool) Submit(n int) { p.jobs <- n }

// Stop waits for the jobs that were submitted.
func (p *Pool) Stop() int {
	close(p.quit)
	return <-p.sum
}
