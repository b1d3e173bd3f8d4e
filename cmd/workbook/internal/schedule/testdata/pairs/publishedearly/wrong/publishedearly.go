package publishedearly

import "sync/atomic"

type Page struct{ title string }

type Site struct{ page atomic.Pointer[Page] }

func (s *Site) Put(title string) {
	p := new(Page)
	s.page.Store(p)
	p.title = title
}

func (s *Site) Get() *Page { return s.page.Load() }
