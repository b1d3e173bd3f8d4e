package p

import (
	"sync"

	"lab/other"
)

func f() {
	var mu sync.Mutex
	other.Take(&mu) // want "other.Take has a type of package sync"
	var s other.Struct
	s.Lock()         // want "Lock belongs to a type of package other"
	s.Named.Lock()   // want "other.Named|Named has a type of package sync"
	var _ other.Func // want "other.Func has a type of package sync"
	other.Keep(&mu)
	other.Generic(&mu)
}
