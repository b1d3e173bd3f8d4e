//go:build !windows

package render

// takesEscapes reports whether a terminal obeys escape sequences; here all do.
func takesEscapes(uintptr) bool { return true }
