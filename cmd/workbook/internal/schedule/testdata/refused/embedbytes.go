package p

import _ "embed"

//go:embed embedbytes.go
var data []byte // want "go:embed"
