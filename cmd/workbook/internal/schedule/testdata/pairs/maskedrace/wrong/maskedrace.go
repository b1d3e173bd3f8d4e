package maskedrace

import "sync"

type Note struct {
	mu   sync.Mutex
	text string
	uses int
}

func (n *Note) use() {
	n.mu.Lock()
	n.uses++
	n.mu.Unlock()
}

func (n *Note) Write(s string) {
	n.text = s
	n.use()
}

func (n *Note) Read() string {
	n.use()
	return n.text
}
