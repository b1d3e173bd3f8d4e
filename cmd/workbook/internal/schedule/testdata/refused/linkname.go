package p

import _ "unsafe"

//go:linkname nanotime runtime.nanotime
func nanotime() int64 // want "go:linkname" "has no body"
