package sendafterclose

import "sync"

type Mailbox struct {
	mu     sync.Mutex
	closed bool
	c      chan string
}

func NewMailbox() *Mailbox { return &Mailbox{c: make(chan string, 4)} }

func (m *Mailbox) Post(s string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if !m.closed {
		m.c <- s
	}
}

func (m *Mailbox) Close() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.closed = true
	close(m.c)
}
