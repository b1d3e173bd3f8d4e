package interfacelocks

import "sync"

type Keeper interface {
	sync.Locker
	Name() string
	Items() *int
}

type shelf struct {
	sync.Mutex
	name  string
	items int
}

func (s *shelf) Name() string { return s.name }
func (s *shelf) Items() *int  { return &s.items }

func NewShelf(name string, n int) Keeper { return &shelf{name: name, items: n} }

func Swap(x, y Keeper) {
	first, second := x, y
	if second.Name() < first.Name() {
		first, second = second, first
	}
	for _, k := range []Keeper{first, second} {
		k.Lock()
		defer k.Unlock()
	}
	p, q := x.Items(), y.Items()
	*p, *q = *q, *p
}
