package semaphoreleak

import (
	"errors"
	"sync"
)

type Shop struct {
	room  chan struct{}
	mu    sync.Mutex
	stock int
}

var ErrSoldOut = errors.New("sold out")

func NewShop(stock int) *Shop { return &Shop{room: make(chan struct{}, 1), stock: stock} }

func (s *Shop) Buy() error {
	s.room <- struct{}{}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.stock == 0 {
		return ErrSoldOut
	}
	s.stock--
	<-s.room
	return nil
}
