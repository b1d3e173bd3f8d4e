package p

import (
	"sync"
	"unsafe"
)

type t struct {
	mu sync.Mutex
	n  int
}

const size = unsafe.Sizeof(t{}) // want "unsafe.Sizeof"

const off = unsafe.Offsetof(t{}.n) // want "unsafe.Offsetof"

func f(x *t) *int {
	p := unsafe.Pointer(x) // want "unsafe.Pointer"
	return (*int)(p)
}

func fine(b []byte) string { return unsafe.String(&b[0], len(b)) }
