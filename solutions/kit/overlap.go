package kit

import (
	"fmt"
	"sync/atomic"
)

// Overlap holds calls back until enough of them are inside at the same time, which proves that
// they run concurrently however loaded the machine is.
//
// A program that never lets enough of them in leaves Inside blocked with nothing else to run.
// That is no deadlock of the program: whoever finds everything blocked, and a goroutine in Inside,
// has found a program that is not concurrent. Where the test can tell by itself that no more will
// come, it calls Close and then Err.
type Overlap struct {
	want   int64
	what   string
	inside atomic.Int64
	most   atomic.Int64
	opened atomic.Bool
	open   chan struct{} // closed by whoever sets opened
}

// NewOverlap returns an Overlap that waits for want calls; what names them in the plural: "loads".
func NewOverlap(want int, what string) *Overlap {
	return &Overlap{want: int64(want), what: what, open: make(chan struct{})}
}

// Inside is the body of the calls that must overlap. It returns once enough of them are, or have
// been, inside together, or after Close.
func (o *Overlap) Inside() {
	unseen(func() {
		n := o.inside.Add(1)
		raise(&o.most, n)
		if n >= o.want {
			o.letGo()
		}
		<-o.open
		o.inside.Add(-1)
	})
}

// Close says that no more calls will come, and lets go those who wait.
func (o *Overlap) Close() { unseen(o.letGo) }

// Err returns nil if enough calls have been inside together, else an error whose text begins with
// "not concurrent: ". It is another one if there was no call: then the program has not waited for its calls, or
// has not made them, and that says nothing of how many could run at once.
func (o *Overlap) Err() error {
	switch most := o.most.Load(); {
	case most == 0:
		return fmt.Errorf("none of the %s had begun when all of them should have ended", o.what)
	case most < o.want:
		return fmt.Errorf("not concurrent: of the %s never more than %d ran at the same time, and %d could have",
			o.what, most, o.want)
	}
	return nil
}

// letGo opens the gate, once.
func (o *Overlap) letGo() {
	if o.opened.CompareAndSwap(false, true) {
		close(o.open)
	}
}

// Gauge counts how many are inside at the same time, without holding anybody back. The zero Gauge
// is ready to use.
type Gauge struct {
	now, most atomic.Int64
}

// Enter counts one more inside.
func (g *Gauge) Enter() { g.EnterN(1) }

// EnterN counts n more inside, at once.
func (g *Gauge) EnterN(n int64) { unseen(func() { raise(&g.most, g.now.Add(n)) }) }

// Leave counts one less.
func (g *Gauge) Leave() { g.LeaveN(1) }

// LeaveN counts n less, at once.
func (g *Gauge) LeaveN(n int64) { unseen(func() { g.now.Add(-n) }) }

// Most returns the largest number that was ever inside.
func (g *Gauge) Most() int64 { return g.most.Load() }

// raise sets a to v unless it is larger already.
func raise(a *atomic.Int64, v int64) {
	for {
		old := a.Load()
		if old >= v || a.CompareAndSwap(old, v) {
			return
		}
	}
}
