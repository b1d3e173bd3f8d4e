//go:build !race

package sched

import "unsafe"

// raceOn says whether the race detector is linked in.
const raceOn = false

func raceDisable()                      {}
func raceEnable()                       {}
func raceAcquire(_ unsafe.Pointer)      {}
func raceRelease(_ unsafe.Pointer)      {}
func raceReleaseMerge(_ unsafe.Pointer) {}
func raceRead(_ unsafe.Pointer)         {}
func raceWrite(_ unsafe.Pointer)        {}
func raceErrors() int                   { return 0 }
