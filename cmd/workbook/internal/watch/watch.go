// Package watch says which files of a folder changed, once they have settled.
//
// It watches folders, never files: editors save by writing a second file and renaming it over the
// first, which silently ends a watch on the file itself. An event only says "look again"; whether
// something changed is decided by the contents, so that a save without a change, a chmod or an
// access-time update is not a change. Where no events arrive (network drives, some virtual machines
// and containers) it looks by itself, at intervals, and says so.
package watch

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/fsnotify/fsnotify"
)

// Config says what to watch and how patiently.
type Config struct {
	Root  string                 // the folder; its subfolders are watched too, also those made later
	Match func(path string) bool // which files count; path is absolute
	Quiet time.Duration          // no event for this long means settled; 50 ms if zero
	Max   time.Duration          // a change is told at most this long after its first event; 250 ms if zero
	Poll  time.Duration          // interval of looking where no events arrive; 300 ms if zero
	Force bool                   // look at intervals whether events arrive or not
}

// Change is a set of files whose contents differ from what was last told.
type Change struct {
	Paths []string // absolute, sorted; a file that is gone is in it too
}

// Watcher watches until its context ends.
type Watcher struct {
	cfg     Config
	fsw     *fsnotify.Watcher // nil where the system refuses to watch at all
	changes chan Change
	modes   chan Mode
	seen    map[string]hash // what was last told; owned by the loop, as missing is
	missing map[string]bool // files of seen that were not there at the last look
	done    sync.WaitGroup
}

type hash = [sha256.Size]byte

// Mode says how the watcher learns of changes.
type Mode struct {
	Polling bool
	Reason  string // why it polls, for people
}

// Start begins to watch. What the files hold now is where changes are counted from. The watcher
// ends with ctx; Wait then waits for it.
func Start(ctx context.Context, cfg Config) (*Watcher, error) {
	cfg.Quiet = or(cfg.Quiet, 50*time.Millisecond)
	cfg.Max = or(cfg.Max, 250*time.Millisecond)
	cfg.Poll = or(cfg.Poll, 300*time.Millisecond)
	root, err := filepath.Abs(cfg.Root)
	if err != nil {
		return nil, fmt.Errorf("watching %s: %w", cfg.Root, err)
	}
	if _, err := os.Stat(root); err != nil {
		return nil, fmt.Errorf("watching %s: %w", cfg.Root, err)
	}
	cfg.Root = root
	w := &Watcher{cfg: cfg, changes: make(chan Change), modes: make(chan Mode, 1), missing: map[string]bool{}}
	poll := Mode{}
	if cfg.Force {
		poll = Mode{Polling: true, Reason: "asked to"}
	} else if w.fsw, err = fsnotify.NewWatcher(); err != nil {
		poll = Mode{Polling: true, Reason: err.Error()}
	} else if err := w.addFolders(); err != nil {
		poll = Mode{Polling: true, Reason: err.Error()}
	}
	w.seen = w.scan()
	w.done.Go(func() { w.loop(ctx, poll) })
	return w, nil
}

func or(d, otherwise time.Duration) time.Duration {
	if d > 0 {
		return d
	}
	return otherwise
}

// Changes delivers what changed. Changes that nobody has taken yet are merged into one.
// The channel is closed when the watcher ends.
func (w *Watcher) Changes() <-chan Change { return w.changes }

// Modes delivers the mode once it is known: right away, or after the probe's 500 ms.
func (w *Watcher) Modes() <-chan Mode { return w.modes }

// Wait returns when the watcher has ended, which its context's end makes it do.
func (w *Watcher) Wait() { w.done.Wait() }

// loop is the one goroutine of a watcher; it alone touches seen and closes changes.
func (w *Watcher) loop(ctx context.Context, mode Mode) {
	defer close(w.changes)
	var events <-chan fsnotify.Event
	var failures <-chan error
	if w.fsw != nil {
		defer w.fsw.Close()
		events, failures = w.fsw.Events, w.fsw.Errors
	}
	settle := newSettler(w.cfg.Quiet, w.cfg.Max)
	defer settle.stop()
	var probe *probe
	if !mode.Polling {
		probe = w.startProbe()
	}
	defer probe.end()
	ticker := time.NewTicker(w.cfg.Poll)
	defer ticker.Stop()
	tick := ticker.C
	if !mode.Polling {
		ticker.Stop()
	} else {
		w.modes <- mode
	}
	pending := map[string]bool{}
	for {
		var out chan<- Change
		if len(pending) > 0 {
			out = w.changes
		}
		select {
		case <-ctx.Done():
			return
		case ev, ok := <-events:
			if !ok {
				events = nil
				continue
			}
			if probe.saw(ev) {
				w.modes <- Mode{}
				probe = nil
			} else if w.matters(ev) {
				settle.note()
			}
		case _, ok := <-failures: // an overflow of the kernel's queue among them: look again
			if !ok {
				failures = nil
				continue
			}
			settle.note()
		case <-probe.expired():
			probe.end()
			probe = nil
			w.modes <- Mode{Polling: true, Reason: "this folder's file system reports no changes"}
			ticker.Reset(w.cfg.Poll)
		case <-tick:
			w.look(pending, settle)
		case <-settle.fired():
			settle.reset()
			w.look(pending, settle)
		case out <- Change{Paths: sorted(pending)}:
			clear(pending)
		}
	}
}

// matters reports whether an event is a reason to look: anything but a change of attributes.
func (w *Watcher) matters(ev fsnotify.Event) bool {
	if ev.Op == fsnotify.Chmod {
		return false
	}
	return !strings.HasPrefix(filepath.Base(ev.Name), probePrefix)
}

// look compares the files with what was last told and adds the differences to pending.
//
// A file that has just gone may be in the middle of a save by rename: it is told as gone only when
// it is still missing at the next look, which settle is asked for.
func (w *Watcher) look(pending map[string]bool, settle *settler) {
	if w.fsw != nil {
		_ = w.addFolders() // a folder that cannot be watched is looked at when something else happens
	}
	now := w.scan()
	for path, sum := range now {
		if old, ok := w.seen[path]; !ok || old != sum {
			pending[path] = true
		}
		w.seen[path] = sum
		delete(w.missing, path)
	}
	for path := range w.seen {
		if _, ok := now[path]; ok {
			continue
		}
		if !w.missing[path] {
			w.missing[path] = true
			settle.note()
			continue
		}
		pending[path] = true
		delete(w.seen, path)
		delete(w.missing, path)
	}
}

// scan hashes every matching file; one that cannot be read has the hash of why.
func (w *Watcher) scan() map[string]hash {
	sums := map[string]hash{}
	_ = filepath.WalkDir(w.cfg.Root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return skipHidden(w.cfg.Root, path, d)
		}
		if !w.cfg.Match(path) {
			return nil
		}
		data, err := readSome(path)
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			data = []byte("unreadable: " + err.Error())
		} else if err != nil {
			return nil
		}
		sums[path] = sha256.Sum256(data)
		return nil
	})
	return sums
}

// addFolders watches the root and every folder below it. Adding one again does nothing.
func (w *Watcher) addFolders() error {
	return filepath.WalkDir(w.cfg.Root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.IsDir() {
			return nil
		}
		if err := skipHidden(w.cfg.Root, path, d); err != nil {
			return err
		}
		if err := w.fsw.Add(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("watching %s: %w", path, err)
		}
		return nil
	})
}

// skipHidden leaves out folders whose names begin with a dot, .git and .workbook among them.
func skipHidden(root, path string, d fs.DirEntry) error {
	if d != nil && d.IsDir() && path != root && strings.HasPrefix(d.Name(), ".") {
		return fs.SkipDir
	}
	return nil
}

func sorted(set map[string]bool) []string {
	paths := make([]string, 0, len(set))
	for p := range set {
		paths = append(paths, p)
	}
	slices.Sort(paths)
	return paths
}
