// Package sametree compares binary trees with the help of channels.
package sametree

// Tree is a binary tree of numbers: those in Left are smaller than Value, those in Right are larger. The nil *Tree is
// the empty tree.
type Tree struct {
	Left  *Tree
	Value int
	Right *Tree
}

// Walk sends all values of t on ch, from the smallest to the largest. It returns when the last one has been sent.
func Walk(t *Tree, ch chan int) {
	if t == nil {
		return
	}
	Walk(t.Left, ch)
	ch <- t.Value
	Walk(t.Right, ch)
}

// TODO: Who says that all trees have ten values?

// Same reports whether t1 and t2 hold the same values. It leaves no goroutine behind.
func Same(t1, t2 *Tree) bool {
	ch1, ch2 := make(chan int), make(chan int)
	go Walk(t1, ch1)
	go Walk(t2, ch2)
	for range 10 {
		if <-ch1 != <-ch2 {
			return false
		}
	}
	return true
}
