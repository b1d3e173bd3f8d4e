//go:build race

package kit

import "runtime"

// raceEnabled says whether the race detector is in this binary.
const raceEnabled = true

// unseen runs f so that its atomics and channel operations order nothing in the eyes of the race
// detector. f may touch shared memory by those only.
func unseen(f func()) {
	runtime.RaceDisable()
	defer runtime.RaceEnable()
	f()
}
