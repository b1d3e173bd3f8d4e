package p

import "C" // want "cgo"
