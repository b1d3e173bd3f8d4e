package sleepsync

import (
	"strings"
	"sync"
	"time"
)

func Fetch(name string) string {
	var mu sync.Mutex
	var out string
	go func() {
		time.Sleep(9 * time.Millisecond)
		mu.Lock()
		defer mu.Unlock()
		out = strings.ToUpper(name)
	}()
	time.Sleep(9 * time.Millisecond)
	mu.Lock()
	defer mu.Unlock()
	return out
}
