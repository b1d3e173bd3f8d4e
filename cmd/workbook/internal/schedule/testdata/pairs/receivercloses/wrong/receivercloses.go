package receivercloses

type Feed struct{ items chan string }

func NewFeed() *Feed { return &Feed{make(chan string, 2)} }

func (f *Feed) Send(s string) { f.items <- s }

// First returns the first item; nobody wants the others.
func (f *Feed) First() string {
	s := <-f.items
	close(f.items)
	return s
}
