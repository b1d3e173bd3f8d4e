// Package seats sells the seats of a show.
package seats

import "sync"

// Show is a show whose seats, 1 to n, are sold by any number of goroutines.
type Show struct {
	// One lock guards both fields, because what has to hold is about both: free is the number of
	// seats that are not taken. With a lock each, every field would be right in itself, and between
	// the two changes they would contradict each other for everybody to see.
	mu    sync.Mutex
	free  int    // how many seats are free; guarded by mu
	taken []bool // taken[i] says that seat i+1 is sold; guarded by mu
}

// New returns a Show with n seats, all of them free.
func New(n int) *Show {
	return &Show{free: n, taken: make([]bool, n)}
}

// Book sells k free seats, k ≥ 1, and returns their numbers and true. If fewer than k are free it
// sells none and returns false. The slice is the caller's to keep and to change.
func (s *Show) Book(k int) ([]int, bool) {
	// The critical section lasts from the look at free until free and taken agree again. In between
	// they do not, and nobody can see it.
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.free < k {
		return nil, false
	}
	// A new slice for each caller. A piece of a slice that the Show keeps would share its memory
	// with the Show, and be written there by an append in a goroutine that holds no lock.
	seats := make([]int, 0, k)
	for i := range s.taken {
		if len(seats) == k {
			break
		}
		if !s.taken[i] {
			s.taken[i] = true
			seats = append(seats, i+1)
		}
	}
	s.free -= k
	return seats, true
}
