//go:build !race

// The code in this file contains DATA RACES on purpose: they are what the experiment shows. Never copy
// it. Builds with -race leave it out (race_on.go stands in), and so do tests with -race.

package lab

// plainLitmus returns a litmus test's two sides with plain variables.
func plainLitmus(test string) (sides, bool) {
	switch test {
	case storeBuffering:
		return sides{
			func(c *cell) { c.x.v = 1; c.r1.v = c.y.v },
			func(c *cell) { c.y.v = 1; c.r2.v = c.x.v },
		}, true
	case messagePassing:
		return sides{
			func(c *cell) { c.x.v = 1; c.y.v = 1 },
			func(c *cell) { c.r1.v = c.y.v; c.r2.v = c.x.v },
		}, true
	}
	return sides{
		func(c *cell) { set(&c.x.v, 1); set(&c.x.v, 2) },
		func(c *cell) { c.r1.v = get(&c.x.v); c.r2.v = get(&c.x.v) },
	}, true
}

// set and get are not inlined, or the compiler would join two of them to one.
//
//go:noinline
func set(p *int32, v int32) { *p = v }

//go:noinline
func get(p *int32) int32 { return *p }
