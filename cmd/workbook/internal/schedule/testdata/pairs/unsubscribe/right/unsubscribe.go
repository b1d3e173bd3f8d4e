package unsubscribe

import (
	"slices"
	"sync"
)

type Bus struct {
	mu   sync.Mutex
	subs []chan string
}

func (b *Bus) Subscribe() chan string {
	b.mu.Lock()
	defer b.mu.Unlock()
	c := make(chan string, 1)
	b.subs = append(b.subs, c)
	return c
}

func (b *Bus) Unsubscribe(c chan string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.subs = slices.DeleteFunc(b.subs, func(x chan string) bool { return x == c })
	close(c)
}

// Publish drops the message for a subscriber that has no room.
func (b *Bus) Publish(s string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, c := range b.subs {
		select {
		case c <- s:
		default:
		}
	}
}
