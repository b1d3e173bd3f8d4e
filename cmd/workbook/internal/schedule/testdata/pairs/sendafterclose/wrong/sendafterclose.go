package sendafterclose

import "sync"

type Mailbox struct {
	mu     sync.Mutex
	closed bool
	c      chan string
}

func NewMailbox() *Mailbox { return &Mailbox{c: make(chan string, 4)} }

func (m *Mailbox) open() bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	return !m.closed
}

func (m *Mailbox) Post(s string) {
	if m.open() {
		m.c <- s
	}
}

func (m *Mailbox) Close() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.closed = true
	close(m.c)
}
