package crossed

import "sync"

type Purse struct {
	id    int
	mu    sync.Mutex
	coins int
}

func Pay(from, to *Purse) {
	from.mu.Lock()
	to.mu.Lock()
	from.coins--
	to.coins++
	to.mu.Unlock()
	from.mu.Unlock()
}
