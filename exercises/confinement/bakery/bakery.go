// Package bakery bakes, ices and boxes cakes, each at a station of its own.
package bakery

// Cake is a cake on its way through the bakery.
type Cake struct {
	Number int      // 1, 2, 3, …
	State  string   // "baked", "iced" or "boxed"
	Layers []string // from the bottom up
}

// TODO: A cake that was given away is changed once more.

// Bake bakes n cakes, one after another, and closes the channel.
func Bake(n int) <-chan *Cake {
	baked := make(chan *Cake)
	go func() {
		defer close(baked)
		for i := range n {
			c := &Cake{Number: i + 1, Layers: []string{"sponge"}}
			baked <- c
			c.State = "baked" // it has cooled down by now
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
			c.Layers = append(c.Layers, "icing")
			c.State = "iced"
			iced <- c
		}
	}()
	return iced
}

// Box boxes every cake that comes, and returns all of them when no more come.
func Box(iced <-chan *Cake) []Cake {
	var boxed []Cake
	for c := range iced {
		c.State = "boxed"
		boxed = append(boxed, *c)
	}
	return boxed
}
