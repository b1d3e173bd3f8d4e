package donetwice

import "sync"

type Crew struct {
	wg   sync.WaitGroup
	mu   sync.Mutex
	gone map[string]bool
}

func NewCrew(n int) *Crew {
	c := &Crew{gone: map[string]bool{}}
	c.wg.Add(n)
	return c
}

func (c *Crew) leave(name string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.gone[name] {
		c.gone[name] = true
		c.wg.Done()
	}
}

// Finish makes the one leave, whoever notices it.
func (c *Crew) Finish(name string) {
	noticed := make(chan bool)
	go func() {
		c.leave(name)
		noticed <- true
	}()
	c.leave(name)
	<-noticed
}

func (c *Crew) Join() { c.wg.Wait() }
