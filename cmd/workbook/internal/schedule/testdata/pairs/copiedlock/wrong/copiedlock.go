package copiedlock

import "sync"

type Words struct {
	mu sync.Mutex
	m  map[string]int
}

func NewWords() Words { return Words{m: map[string]int{}} }

func (w Words) Seen(s string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.m[s]++
}

func (w Words) Times(s string) int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.m[s]
}
