// Package myonce has a Once of your own.
package myonce

import "sync/atomic"

// Once calls one function once. The zero Once is ready to use.
type Once struct {
	called atomic.Bool
}

// TODO: Only one goroutine calls f. What do the others find when Do has returned to them?

// Do calls f if it is the first Do of this Once. Each Do returns when the call of f has ended.
// It has ended too if f panics. f does not call Do of the same Once.
func (o *Once) Do(f func()) {
	if o.called.CompareAndSwap(false, true) {
		f()
	}
}
