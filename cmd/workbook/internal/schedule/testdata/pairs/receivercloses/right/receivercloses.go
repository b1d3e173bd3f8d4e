package receivercloses

type Feed struct {
	items chan string
	done  chan struct{}
}

func NewFeed() *Feed { return &Feed{make(chan string, 2), make(chan struct{})} }

func (f *Feed) Send(s string) {
	select {
	case f.items <- s:
	case <-f.done:
	}
}

// First returns the first item; nobody wants the others.
func (f *Feed) First() string {
	s := <-f.items
	close(f.done)
	return s
}
