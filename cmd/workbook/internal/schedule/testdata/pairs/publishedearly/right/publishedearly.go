package publishedearly

import "sync/atomic"

type Page struct{ title string }

type Site struct{ page atomic.Pointer[Page] }

func (s *Site) Put(title string) {
	p := new(Page)
	p.title = title
	s.page.Store(p)
}

func (s *Site) Get() *Page { return s.page.Load() }
