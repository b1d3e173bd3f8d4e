// Package symbols holds what an interpreted cell may import of the standard library.
//
// There is no os, net, syscall, os/exec, reflect or unsafe in it. The tables are functions, built
// when a worker asks for them: a table filled at start would cost every command some milliseconds.
package symbols

import "reflect"

//go:generate go run gen.go

// Packages returns the import paths that there are, in no order.
func Packages() []string {
	var list []string
	for key := range tables {
		list = append(list, importPath(key))
	}
	return list
}

// Table returns the symbols of one package and the key under which the interpreter takes them.
// It returns nil for a package that a cell may not import.
func Table(path string) (key string, table map[string]reflect.Value) {
	for key, build := range tables {
		if importPath(key) == path {
			return key, build()
		}
	}
	return "", nil
}

// importPath cuts the package's name from a key, "math/rand/v2/rand" or "fmt/fmt".
func importPath(key string) string {
	for i := len(key) - 1; i >= 0; i-- {
		if key[i] == '/' {
			return key[:i]
		}
	}
	return key
}
