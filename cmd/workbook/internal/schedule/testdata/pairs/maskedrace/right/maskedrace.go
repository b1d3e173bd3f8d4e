package maskedrace

import "sync"

type Note struct {
	mu   sync.Mutex
	text string
	uses int
}

func (n *Note) Write(s string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.text = s
	n.uses++
}

func (n *Note) Read() string {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.uses++
	return n.text
}
