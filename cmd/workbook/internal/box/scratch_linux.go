//go:build amd64 || arm64

package box

import (
	"io/fs"
	"os/exec"
	"path/filepath"
	"sync"
	"time"
)

// watchEvery is how often a scratch folder on the real disk is looked at. What a disk takes in that time
// can be too much; it goes with the folder.
const watchEvery = 25 * time.Millisecond

// keeper ends a program that writes more than its share. A program with a file system of its own needs
// none: there the share is the file system's size (attack 54).
type keeper struct {
	quit chan struct{} // closed by stop
	done sync.WaitGroup
}

// keep watches the scratch folder of a program that has been started, until stop.
func keep(dir string, cmd *exec.Cmd) *keeper {
	k := &keeper{quit: make(chan struct{})}
	k.done.Go(func() {
		ticks := time.NewTicker(watchEvery)
		defer ticks.Stop()
		for {
			select {
			case <-k.quit:
				return
			case <-ticks.C:
				if over(dir) {
					cmd.Process.Kill()
				}
			}
		}
	})
	return k
}

func (k *keeper) stop() {
	if k != nil {
		close(k.quit)
		k.done.Wait()
	}
}

// over reports whether a folder holds more than a scratch folder may.
func over(dir string) bool {
	bytes, files := int64(0), 0
	filepath.WalkDir(dir, func(_ string, d fs.DirEntry, err error) error {
		if err != nil {
			return nil // it went away meanwhile
		}
		if info, err := d.Info(); err == nil && info.Mode().IsRegular() {
			bytes += info.Size()
		}
		if files++; bytes > scratch || files > scratchFiles {
			return fs.SkipAll
		}
		return nil
	})
	return bytes > scratch || files > scratchFiles
}
