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
	// No close: Walk calls itself, once for each part of the tree, and only one of these calls is the last. Which one,
	// is known to whoever made the first call.
	Walk(t.Right, ch)
}

// values returns a channel on which all values of t come, and which is closed after the last.
func values(t *Tree) <-chan int {
	ch := make(chan int)
	go func() {
		defer close(ch) // when the outermost Walk has returned
		Walk(t, ch)
	}()
	return ch
}

// Same reports whether t1 and t2 hold the same values. It leaves no goroutine behind.
func Same(t1, t2 *Tree) bool {
	ch1, ch2 := values(t1), values(t2)
	same := true
	for {
		// The second result tells the end of a tree from a 0 that it holds. Both trees have to end at the same time,
		// so both are asked in every round, and none is longer than the other unnoticed.
		v1, ok1 := <-ch1
		v2, ok2 := <-ch2
		if !ok1 && !ok2 {
			return same
		}
		if ok1 != ok2 || v1 != v2 {
			// The answer is known, and the goroutines are in the middle of their trees. To return here would leave
			// them at their next send for ever. So the loop goes on, and receives what is left. (A closed channel
			// does not make the loop wait.)
			same = false
		}
	}
}
