package course

import (
	"strings"
)

// Nearest returns the lesson or exercise whose name is most like the given one, or "" where none is
// near enough to be what was meant.
func (c *Course) Nearest(name string) string { return nearest(name, c.Names()) }

// nearest returns the candidate that is most like name, or "" where none is near enough to be what was
// meant.
func nearest(name string, candidates []string) string {
	name = strings.ToLower(strings.TrimSpace(name))
	if name == "" {
		return ""
	}
	best, bestCost := "", max(2, len(name)/3)+1
	for _, candidate := range candidates {
		lower := strings.ToLower(candidate)
		cost := distance(name, lower)
		if len(name) >= 2 && strings.HasPrefix(lower, name) {
			cost = min(cost, 1)
		}
		if cost < bestCost && cost < len(candidate) {
			best, bestCost = candidate, cost
		}
	}
	return best
}

// Names returns the names of all exercises and the slugs of all lessons, in course order.
func (c *Course) Names() []string {
	var all []string
	for _, e := range c.Exercises() {
		all = append(all, e.Name)
	}
	for _, l := range c.Lessons {
		all = append(all, l.Slug)
	}
	return all
}

// distance is the number of single-letter edits and swaps of neighbours that turn a into b.
func distance(a, b string) int {
	x, y := []rune(a), []rune(b)
	before := make([]int, len(y)+1)
	last := make([]int, len(y)+1)
	for j := range last {
		last[j] = j
	}
	for i := range x {
		row := make([]int, len(y)+1)
		row[0] = i + 1
		for j := range y {
			cost := last[j]
			if x[i] != y[j] {
				cost++
			}
			row[j+1] = min(cost, last[j+1]+1, row[j]+1)
			if i > 0 && j > 0 && x[i] == y[j-1] && x[i-1] == y[j] {
				row[j+1] = min(row[j+1], before[j-1]+1)
			}
		}
		before, last = last, row
	}
	return last[len(y)]
}
