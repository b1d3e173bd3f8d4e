//go:build !amd64 && !arm64

package sched

// goid identifies the running goroutine among those that live.
//
//go:norace
func goid() uintptr { return stackID() }
