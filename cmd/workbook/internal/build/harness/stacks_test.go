package harness

import (
	"slices"
	"strings"
	"testing"
)

const recorded = `goroutine 12 [running]:
workbook/harness.(*snapshot).take(0x1)
	harness/stacks.go:58 +0x10
created by sync.(*WaitGroup).Go in goroutine 7
	/go/src/sync/waitgroup.go:238 +0x73

goroutine 1 [chan receive]:
testing.(*T).Run(0xc0000f66c8, {0x1, 0x8}, 0x2)
	/go/src/testing/testing.go:2109 +0x4e5
testing.(*M).Run(0xc000080b40)
	/go/src/testing/testing.go:2443 +0x6ac
main.main()
	_testmain.go:61 +0x165

goroutine 22 [sync.WaitGroup.Wait, 2 minutes]:
sync.runtime_SemacquireWaitGroup(0xc000080b40?, 0x0?)
	/go/src/runtime/sema.go:114 +0x2e
workbook/exercises/x/lab_test.hiddenTestX(0xc0000f66c8)
	exercises/x/lab/lab_test.go:228 +0x2c
created by testing.(*T).Run in goroutine 20
	/go/src/testing/testing.go:2101 +0xb13

goroutine 23 [chan receive (nil chan) (durable), 3 minutes, synctest bubble 1]:
main.f()
	a/a.go:1 +0x1
created by main.g in goroutine 22
	a/a.go:2 +0x1

goroutine 24 [runnable]:
main.f()
	a/a.go:1 +0x1

goroutine 25 gp=0xc000082d20 m=0 mp=0x84ec20 [sleep]:
time.Sleep(0x1)
	/go/src/runtime/time.go:1 +0x1
`

func TestParse(t *testing.T) {
	want := []goroutine{
		{id: 12, parent: 7, state: busy, ours: false},
		{id: 1, state: waiting, ours: true},
		{id: 22, parent: 20, state: waiting},
		{id: 23, parent: 22, state: waiting},
		{id: 24, state: busy},
		{id: 25, state: resting},
	}
	got := parse([]byte(recorded))
	if len(got) != len(want) {
		t.Fatalf("parse finds %d goroutines, want %d", len(got), len(want))
	}
	d := dump{[]byte(recorded), got}
	for i, g := range got {
		if text := d.show([]goroutine{g}); !strings.HasPrefix(text, "goroutine ") || strings.Contains(text, "\n\n") {
			t.Errorf("goroutine %d is\n%s", g.id, text)
		}
		if g.at, g.end = 0, 0; g != want[i] {
			t.Errorf("goroutine %+v, want %+v", g, want[i])
		}
	}
}

func TestStateOf(t *testing.T) {
	for s, want := range map[string]string{
		"chan receive": waiting, "chan send (nil chan)": waiting, "select (no cases)": waiting, "select (durable)": waiting,
		"sync.Mutex.Lock": waiting, "sync.RWMutex.RLock (scan)": waiting, "chan send (leaked)": waiting, "sync.WaitGroup.Wait (durable) (scan)": waiting,
		"running": busy, "runnable (scan)": busy, "preempted": busy,
		"sleep": resting, "sleep (durable)": resting, "IO wait": resting, "syscall": resting, "GC assist wait": resting, "finalizer wait": resting, "": resting, ")": resting, "()": resting,
	} {
		if got := stateOf([]byte(s)); got != want {
			t.Errorf("stateOf(%q) = %s, want %s", s, got, want)
		}
	}
}

func dumpOf(states ...string) dump {
	d := dump{}
	for i, s := range states {
		d.all = append(d.all, goroutine{id: i, state: s})
	}
	return d
}

func TestQuiet(t *testing.T) {
	for _, tt := range []struct {
		d              dump
		quiet, starved bool
	}{
		{dumpOf(), false, false},
		{dumpOf(busy), true, false},
		{dumpOf(busy, waiting, waiting), true, false},
		{dumpOf(busy, waiting, resting), false, false},
		{dumpOf(busy, waiting, busy), false, true},
	} {
		if tt.d.quiet() != tt.quiet || tt.d.starved() != tt.starved {
			t.Errorf("%+v: quiet %v, starved %v, want %v, %v", tt.d.all, tt.d.quiet(), tt.d.starved(), tt.quiet, tt.starved)
		}
	}
	a, b := dumpOf(busy, waiting), dumpOf(resting, waiting)
	if !a.sameAs(b) || a.sameAs(dumpOf(busy, busy)) || a.sameAs(dumpOf(busy)) || dumpOf().sameAs(dumpOf()) {
		t.Error("sameAs must compare all but the first goroutine, and find nothing the same as no dump")
	}
	b.all[1].id = 7
	if a.sameAs(b) {
		t.Error("sameAs must tell goroutines apart")
	}
}

// TestTests tells the test's goroutines from those that were there before, and from their children.
func TestTests(t *testing.T) {
	w := &watch{others: []int{1, 2, 3}, daemons: []int{3}}
	d := dump{all: []goroutine{
		{id: 1, ours: true}, {id: 2, ours: true}, {id: 3}, {id: 6, parent: 5}, {id: 5, parent: 3}, {id: 7, parent: 2}, {id: 8, parent: 7}, {id: 9, parent: 2, ours: true},
	}}
	var got []int
	for _, g := range w.tests(d) {
		got = append(got, g.id)
	}
	if want := []int{7, 8}; !slices.Equal(got, want) {
		t.Errorf("the test's goroutines are %v, want %v", got, want)
	}
	if len(w.daemons) != 1 {
		t.Errorf("tests changed the daemons to %v", w.daemons)
	}
}

func TestShowIsBounded(t *testing.T) {
	text := strings.Repeat("goroutine 7 [select]:\nmain.f()\n\ta.go:1\n\n", 200)
	d := dump{[]byte(text), parse([]byte(text))}
	if got := strings.Count(d.show(d.all), "goroutine 7"); len(d.all) != 200 || got != maxShown {
		t.Errorf("%d goroutines shown of %d, want %d of 200", got, len(d.all), maxShown)
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(recorded))
	f.Add([]byte("goroutine 7 ["))
	f.Add([]byte("goroutine 99999999999999999999 [select (x)]:\n\ncreated by "))
	f.Fuzz(func(t *testing.T, text []byte) {
		last := 0
		for _, g := range parse(text) {
			if g.at < last || g.end <= g.at || g.end > len(text) || g.id < 0 {
				t.Fatalf("goroutine %+v in a text of %d bytes, the one before ends at %d", g, len(text), last)
			}
			last = g.end
		}
	})
}
