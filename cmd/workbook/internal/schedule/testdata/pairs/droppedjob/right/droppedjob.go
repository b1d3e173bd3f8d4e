package droppedjob

type Pool struct {
	jobs chan int
	sum  chan int
}

func NewPool() *Pool {
	p := &Pool{make(chan int, 2), make(chan int)}
	go func() {
		sum := 0
		for n := range p.jobs {
			sum += n
		}
		p.sum <- sum
	}()
	return p
}

func (p *Pool) Submit(n int) { p.jobs <- n }

// Stop waits for the jobs that were submitted.
func (p *Pool) Stop() int {
	close(p.jobs)
	return <-p.sum
}
