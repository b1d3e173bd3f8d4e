// Package seats sells the seats of a show.
package seats

import "sync"

// Show is a show whose seats, 1 to n, are sold by any number of goroutines.
type Show struct {
	freeMu sync.Mutex
	free   int // how many seats are free; guarded by freeMu

	takenMu sync.Mutex
	taken   []bool // taken[i] says that seat i+1 is sold; guarded by takenMu
}

// New returns a Show with n seats, all of them free.
func New(n int) *Show {
	return &Show{free: n, taken: make([]bool, n)}
}

// TODO: Each field has its lock, but free and taken say the same thing twice, and must not differ.

// Book sells k free seats, k ≥ 1, and returns their numbers and true. If fewer than k are free it
// sells none and returns false. The slice is the caller's to keep and to change.
func (s *Show) Book(k int) ([]int, bool) {
	s.freeMu.Lock()
	enough := k <= s.free
	s.freeMu.Unlock()
	if !enough {
		return nil, false
	}

	var seats []int
	s.takenMu.Lock()
	for i := range s.taken {
		if len(seats) < k && !s.taken[i] {
			s.taken[i] = true
			seats = append(seats, i+1)
		}
	}
	s.takenMu.Unlock()

	s.freeMu.Lock()
	s.free -= k
	s.freeMu.Unlock()
	return seats, true
}
