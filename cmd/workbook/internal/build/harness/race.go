//go:build race

package harness

import "runtime"

// raceErrors returns how many races the detector has reported in this process.
func raceErrors() int { return runtime.RaceErrors() }
