package state

import (
	_ "embed"
	"errors"
	"flag"
	"regexp"
	"sync"
)

var (
	mu      sync.Mutex
	balance int
	names   = map[string]int{
		"a": 1,
	}
	deposits             = make(chan int)
	ErrNone              = errors.New("none")
	word                 = regexp.MustCompile(`\w+`)
	verbose              = flag.Bool("verbose", false, "more")
	limit                = 3
	handler              = func() { balance++ }
	next                 = counter()
	load                 = sync.OnceValue(func() int { mu.Lock(); defer mu.Unlock(); return len(names) })
	a, b                 = two()
	_                    = register("x")
	_, c                 = two()
	first                = second + 1
	second               = limit * 2
	shift    uint8       = 1 << limit
	iface    any         = 3
	_        sync.Locker = &mu
)

//go:embed state.go
var text string

func two() (int, int) { return 1, 2 }

func register(s string) bool { names[s] = 1; return true }

func counter() func() int { n := 0; return func() int { n++; return n } }

func init() { go serve() }

func init() {
	limit = 4
	second++
	a, b, c, shift, iface = 0, 0, 0, 0, nil
}

func serve() {
	for d := range deposits {
		balance += d + first
	}
}
