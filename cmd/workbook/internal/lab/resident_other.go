//go:build !linux

package lab

// resident is not known here without calls that the standard library does not have.
func resident() (uint64, bool) { return 0, false }
