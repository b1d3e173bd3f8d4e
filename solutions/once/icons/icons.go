// Package icons has the pictures of the four suits of cards.
package icons

import "sync"

// Load reads a picture from the disk, which is slow. It may be replaced before the first Icon, but
// not later.
var Load = func(name string) string { return "picture of " + name }

// names are the names of all icons.
var names = []string{"spades.png", "hearts.png", "diamonds.png", "clubs.png"}

// icons returns the pictures by name. The first call makes the map; calls at the same time wait
// until it is complete, and all calls return that one map. Nobody writes to it any more, so it can
// be read without a lock.
//
// OnceValue itself runs when the package is initialised. It is cheap: it calls nothing, and only
// returns the function that will.
var icons = sync.OnceValue(func() map[string]string {
	m := make(map[string]string)
	for _, name := range names {
		m[name] = Load(name)
	}
	return m
})

// Icon returns the picture of that name, or "" if there is none. Each picture is loaded at most
// once, and none before the first Icon.
func Icon(name string) string { return icons()[name] }
