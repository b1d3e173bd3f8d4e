package iterators

import (
	"iter"
	"maps"
	"slices"
)

type list[T any] struct {
	v    T
	next *list[T]
	n    int
}

func (l *list[T]) All() iter.Seq2[int, T] {
	return func(yield func(int, T) bool) {
		for i := 0; l != nil; l = l.next {
			if !yield(i, l.v) {
				return
			}
			i++
		}
	}
}

func sum[T int | float64](l *list[T], m map[string]T) (s T) {
	for i, v := range l.All() {
		if i > 3 {
			break
		}
		s += v
		l.n++
	}
	for _, k := range slices.Sorted(maps.Keys(m)) {
		s += m[k]
	}
	return s
}
