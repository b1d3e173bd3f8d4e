// Package icons has the pictures of the four suits of cards.
package icons

// Load reads a picture from the disk, which is slow. It may be replaced before the first Icon, but
// not later.
var Load = func(name string) string { return "picture of " + name }

// names are the names of all icons.
var names = []string{"spades.png", "hearts.png", "diamonds.png", "clubs.png"}

// icons holds the pictures by name once they are loaded.
var icons map[string]string

// TODO: What does a second goroutine find while the first one is loading?

// Icon returns the picture of that name, or "" if there is none. Each picture is loaded at most
// once, and none before the first Icon.
func Icon(name string) string {
	if icons == nil {
		icons = make(map[string]string)
		for _, name := range names {
			icons[name] = Load(name)
		}
	}
	return icons[name]
}
