//go:build amd64 || arm64

package sched

// getg returns the address of the running goroutine's descriptor. The runtime reuses descriptors
// of goroutines that have ended and never moves one.
func getg() uintptr

// goid identifies the running goroutine among those that live.
//
//go:norace
func goid() uintptr { return getg() }
