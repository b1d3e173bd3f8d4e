//go:build race

package harness

import "runtime"

// raceErrors returns how many races the detector has reported in this process.
func raceErrors() int { return runtime.RaceErrors() }

// unseen calls f without the detector taking what f waits for as an order between goroutines: the
// harness's own sleeping would otherwise order what the submission left unordered. f may not make
// a timer with a channel: the detector crashes when one that it did not see made goes off.
func unseen(f func()) {
	runtime.RaceDisable()
	defer runtime.RaceEnable()
	f()
}
