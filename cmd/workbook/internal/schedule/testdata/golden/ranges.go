package ranges

var i, v int

type box struct{ at [2]int }

var b *box

// stores has a point before the store that begins an iteration, the first one too.
func stores(list []int, ch chan int, seq func(func(int) bool)) int {
	for i = range 3 {
		if i == 1 {
			continue
		}
	}
	for i, v = range list {
	}
	for _, v = range [...]int{1, 2} {
	}
	for b.at[1] = range list {
	}
	for v = range ch {
	}
	for v = range seq {
	}
	var own int
	for own = range list {
	}
	return own
}
