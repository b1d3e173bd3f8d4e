//go:build race

package harness

import "runtime"

// canaryPrey is what canary races for.
var canaryPrey int

// canary commits a data race on purpose, and returns whether the detector has noticed. The runner
// looks for the report, which names this function, in what the detector wrote.
//
//go:noinline
func canary() string {
	before := runtime.RaceErrors()
	done := make(chan struct{})
	go func() {
		canaryPrey++
		unseen(func() { close(done) })
	}()
	unseen(func() { <-done })
	canaryPrey++
	if runtime.RaceErrors() == before {
		return DetectorDead
	}
	return DetectorAlive
}

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
