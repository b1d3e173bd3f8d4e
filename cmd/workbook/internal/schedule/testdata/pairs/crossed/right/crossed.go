package crossed

import "sync"

type Purse struct {
	id    int
	mu    sync.Mutex
	coins int
}

func Pay(from, to *Purse) {
	first, second := from, to
	if second.id < first.id {
		first, second = second, first
	}
	first.mu.Lock()
	second.mu.Lock()
	from.coins--
	to.coins++
	second.mu.Unlock()
	first.mu.Unlock()
}
