package sleepsync

import (
	"strings"
	"time"
)

func Fetch(name string) string {
	out := make(chan string)
	go func() {
		time.Sleep(9 * time.Millisecond)
		out <- strings.ToUpper(name)
	}()
	return <-out
}
