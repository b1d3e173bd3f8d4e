package waitonce

import "sync"

type Basket struct {
	mu     sync.Mutex
	filled sync.Cond
	eggs   []int
}

func NewBasket() *Basket {
	b := &Basket{}
	b.filled.L = &b.mu
	return b
}

func (b *Basket) Put(x int) {
	b.mu.Lock()
	b.eggs = append(b.eggs, x)
	b.mu.Unlock()
	b.filled.Broadcast()
}

func (b *Basket) Take() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	for len(b.eggs) == 0 {
		b.filled.Wait()
	}
	x := b.eggs[0]
	b.eggs = b.eggs[1:]
	return x
}
