// Package sleeps waits by sleeping.
package sleeps

import (
	"sync/atomic"
	"time"
)

// Result calls work in a goroutine and returns what it returned.
func Result(work func() int) int {
	var result atomic.Int64
	go func() { result.Store(int64(work())) }()
	time.Sleep(10 * time.Millisecond)
	return int(result.Load())
}
