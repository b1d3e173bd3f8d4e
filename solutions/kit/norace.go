//go:build !race

package kit

// raceEnabled says whether the race detector is in this binary.
const raceEnabled = false

// unseen runs f.
func unseen(f func()) { f() }
