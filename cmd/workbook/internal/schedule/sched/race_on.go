//go:build race

package sched

import (
	"runtime"
	"unsafe"
)

// raceOn says whether the race detector is linked in.
const raceOn = true

// raceDisable hides from the detector what this package does until raceEnable. In an interpreted program it hides
// nothing: there one goroutine hands over to the next, which orders all that they do.
//
//go:norace
func raceDisable() {
	if s := active; s == nil || s.in == nil {
		runtime.RaceDisable()
	}
}

//go:norace
func raceEnable() {
	if s := active; s == nil || s.in == nil {
		runtime.RaceEnable()
	}
}

func raceAcquire(p unsafe.Pointer)      { runtime.RaceAcquire(p) }
func raceRelease(p unsafe.Pointer)      { runtime.RaceRelease(p) }
func raceReleaseMerge(p unsafe.Pointer) { runtime.RaceReleaseMerge(p) }
func raceRead(p unsafe.Pointer)         { runtime.RaceRead(p) }
func raceWrite(p unsafe.Pointer)        { runtime.RaceWrite(p) }
func raceErrors() int                   { return runtime.RaceErrors() }
