package watch

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/fsnotify/fsnotify"
)

const (
	probePrefix = ".workbook-probe-"
	probeLimit  = 500 * time.Millisecond
)

// probe is a file made to see whether an event for it arrives.
type probe struct {
	path  string
	timer *time.Timer
}

// startProbe makes a probe in the watched folder. It returns nil where no file can be made there:
// then nobody can save there either.
func (w *Watcher) startProbe() *probe {
	f, err := os.CreateTemp(w.cfg.Root, probePrefix)
	if err != nil {
		w.modes <- Mode{}
		return nil
	}
	f.Close()
	return &probe{path: f.Name(), timer: time.NewTimer(probeLimit)}
}

// saw reports whether ev is the probe's, and ends the probe if it is.
func (p *probe) saw(ev fsnotify.Event) bool {
	if p == nil || !strings.HasPrefix(filepath.Base(ev.Name), probePrefix) {
		return false
	}
	p.end()
	return true
}

// expired delivers once the probe has waited long enough; never on a nil probe.
func (p *probe) expired() <-chan time.Time {
	if p == nil {
		return nil
	}
	return p.timer.C
}

// end removes the probe's file.
func (p *probe) end() {
	if p == nil {
		return
	}
	p.timer.Stop()
	os.Remove(p.path)
}

// ErrNoEvents is returned by Probe where files can be made and no event tells of them.
var ErrNoEvents = errors.New("no event arrived for a new file within 500 ms")

// Probe makes a file in dir and waits for the event that tells of it.
func Probe(ctx context.Context, dir string) error {
	fsw, err := fsnotify.NewWatcher()
	if err != nil {
		return fmt.Errorf("starting to watch: %w", err)
	}
	defer fsw.Close()
	if err := fsw.Add(dir); err != nil {
		return fmt.Errorf("watching %s: %w", dir, err)
	}
	f, err := os.CreateTemp(dir, probePrefix)
	if err != nil {
		return fmt.Errorf("making a probe file: %w", err)
	}
	defer os.Remove(f.Name())
	f.Close()
	timer := time.NewTimer(probeLimit)
	defer timer.Stop()
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-timer.C:
			return ErrNoEvents
		case err := <-fsw.Errors:
			return fmt.Errorf("watching %s: %w", dir, err)
		case ev := <-fsw.Events:
			if filepath.Base(ev.Name) == filepath.Base(f.Name()) {
				return nil
			}
		}
	}
}
