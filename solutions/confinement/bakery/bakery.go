// Package bakery bakes, ices and boxes cakes, each at a station of its own.
package bakery

// Cake is a cake on its way through the bakery.
type Cake struct {
	Number int      // 1, 2, 3, …
	State  string   // "baked", "iced" or "boxed"
	Layers []string // from the bottom up
}

// Bake bakes n cakes, one after another, and closes the channel.
func Bake(n int) <-chan *Cake {
	baked := make(chan *Cake)
	go func() {
		defer close(baked) // by the only goroutine that sends, after its last send
		for i := range n {
			// A new Cake in each round, with a new slice: what hangs on the cake goes with it.
			c := &Cake{Number: i + 1, Layers: []string{"sponge"}}
			c.State = "baked"
			// The send is the last thing that this goroutine does with the cake. Whatever it wrote
			// before happens before the receive. Nothing orders what it would do after.
			baked <- c
		}
	}()
	return baked
}

// Ice puts icing on every cake that comes, gives it on, and closes the channel when no more come.
func Ice(baked <-chan *Cake) <-chan *Cake {
	iced := make(chan *Cake)
	go func() {
		defer close(iced)
		for c := range baked {
			// From the receive to the send the cake is confined to this goroutine.
			c.Layers = append(c.Layers, "icing")
			c.State = "iced"
			iced <- c
		}
	}()
	return iced
}

// Box boxes every cake that comes, and returns all of them when no more come.
func Box(iced <-chan *Cake) []Cake {
	// No goroutine: the caller waits anyway.
	var boxed []Cake
	for c := range iced {
		c.State = "boxed"
		// The copy has the same Layers as *c. That is fine here, because nobody uses *c any more.
		boxed = append(boxed, *c)
	}
	return boxed
}
