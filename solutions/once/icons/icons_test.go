package icons_test

import (
	"strings"
	"sync/atomic"
	"testing"

	"workbook/solutions/kit"
	"workbook/solutions/once/icons"
)

var names = []string{"spades.png", "hearts.png", "diamonds.png", "clubs.png"}

// disk is where the icons are loaded from.
type disk struct {
	t     *testing.T
	loads [4]atomic.Int64 // of each name
}

// newDisk replaces Load. Where several tests share a process, the first one's disk is in use for
// good, and the others' loads stay 0.
func newDisk(t *testing.T) *disk {
	d := &disk{t: t}
	icons.Load = func(name string) string {
		for i := range names {
			if names[i] == name {
				d.loads[i].Add(1)
			}
		}
		return "disk: " + name
	}
	return d
}

// icon wants Icon to return what was loaded.
func (d *disk) icon(name string) {
	switch got := icons.Icon(name); {
	case got == "disk: "+name:
	case strings.HasPrefix(got, "picture of "):
		d.t.Errorf("Icon(%q) did not get its picture from the Load of the first call: it was loaded before anybody called Icon", name)
	default:
		d.t.Errorf("Icon(%q) returned %q, want what Load had returned, %q", name, got, "disk: "+name)
	}
}

// check wants nothing to have been loaded twice.
func (d *disk) check() {
	for i, name := range names {
		if n := d.loads[i].Load(); n > 1 {
			d.t.Errorf("Icon loaded %q more than once: %d times", name, n)
		}
	}
}

func TestOneGoroutine(t *testing.T) {
	d := newDisk(t)
	for _, name := range names {
		d.icon(name)
	}
	if got := icons.Icon("jokers.png"); got != "" {
		t.Errorf("Icon(%q) returned %q, want %q", "jokers.png", got, "")
	}
	d.icon("hearts.png")
	d.check()
}

func TestSameIcon(t *testing.T) {
	d := newDisk(t)
	kit.Together(
		func() { d.icon("spades.png") },
		func() { d.icon("spades.png") },
	)
	d.check()
}

// TestLastIcon asks for an icon that comes late in the map, and for one that is not there.
func TestLastIcon(t *testing.T) {
	d := newDisk(t)
	kit.Together(
		func() { d.icon("spades.png") },
		func() {
			d.icon("clubs.png")
			if got := icons.Icon("jokers.png"); got != "" {
				t.Errorf("Icon(%q) returned %q, want %q", "jokers.png", got, "")
			}
		},
	)
	d.check()
}

// TestLaterCalls has goroutines call Icon when a call has returned already.
func TestLaterCalls(t *testing.T) {
	d := newDisk(t)
	d.icon("hearts.png")
	kit.Together(
		func() { d.icon("hearts.png") },
		func() { d.icon("clubs.png") },
	)
	d.check()
}

// TestStressFirstCalls has many goroutines call Icon for the first time.
func TestStressFirstCalls(t *testing.T) {
	d := newDisk(t)
	kit.Each(64, func(i int) { d.icon(names[i%4]) })
	d.check()
}
