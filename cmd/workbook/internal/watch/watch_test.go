package watch

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"
)

// patience bounds every wait in these tests. It decides nothing but how long a failure takes.
const patience = 20 * time.Second

type folder struct {
	t    *testing.T
	dir  string
	file string
	w    *Watcher
}

func start(t *testing.T, force bool) *folder {
	t.Helper()
	dir := t.TempDir()
	file := filepath.Join(dir, "atomicity", "counter", "counter.go")
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		t.Fatal(err)
	}
	write(t, file, "package counter\n")
	ctx, cancel := context.WithCancel(t.Context())
	w, err := Start(ctx, Config{
		Root: dir, Force: force, Poll: 10 * time.Millisecond,
		Match: func(p string) bool { return strings.HasSuffix(p, ".go") },
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cancel(); w.Wait() })
	return &folder{t, dir, file, w}
}

func write(t *testing.T, file, text string) {
	t.Helper()
	if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// next waits for a change that names path.
func (f *folder) next(path string) {
	f.t.Helper()
	limit := time.After(patience)
	for {
		select {
		case c := <-f.w.Changes():
			for _, p := range c.Paths {
				if p == path {
					return
				}
			}
		case <-limit:
			f.t.Fatalf("no change of %s was told", path)
		}
	}
}

// quiet saves a marker file and wants its change to be the only one told.
func (f *folder) quiet() {
	f.t.Helper()
	marker := filepath.Join(f.dir, "marker.go")
	write(f.t, marker, "package marker // "+time.Now().String())
	select {
	case c := <-f.w.Changes():
		if len(c.Paths) != 1 || c.Paths[0] != marker {
			f.t.Errorf("told %v, want nothing but the marker", c.Paths)
		}
	case <-time.After(patience):
		f.t.Fatal("no change of the marker was told")
	}
}

// ways are the ways in which editors and tools save a file.
var ways = map[string]func(t *testing.T, file, text string){
	"truncate and write": write,
	"atomic rename": func(t *testing.T, file, text string) {
		write(t, file+".tmp", text)
		rename(t, file+".tmp", file)
	},
	"backup, rename, write (vim)": func(t *testing.T, file, text string) {
		write(t, filepath.Join(filepath.Dir(file), "4913"), "")
		os.Remove(filepath.Join(filepath.Dir(file), "4913"))
		rename(t, file, file+"~")
		write(t, file, text)
		os.Remove(file + "~")
	},
	"remove and write": func(t *testing.T, file, text string) {
		os.Remove(file)
		write(t, file, text)
	},
	"replace the folder (git checkout)": func(t *testing.T, file, text string) {
		dir := filepath.Dir(file)
		if err := os.RemoveAll(dir); err != nil {
			t.Fatal(err)
		}
		if err := os.MkdirAll(dir, 0o755); err != nil {
			t.Fatal(err)
		}
		write(t, file, text)
	},
	"sed -i": func(t *testing.T, file, text string) {
		if _, err := exec.LookPath("sed"); err != nil || runtime.GOOS != "linux" {
			t.Skip("no GNU sed")
		}
		if out, err := exec.Command("sed", "-i", "1c\\"+strings.TrimSpace(text), file).CombinedOutput(); err != nil {
			t.Fatalf("sed: %v\n%s", err, out)
		}
	},
}

func rename(t *testing.T, from, to string) {
	t.Helper()
	if err := os.Rename(from, to); err != nil {
		t.Fatal(err)
	}
}

func TestEveryWayOfSaving(t *testing.T) {
	for name, save := range ways {
		for _, polling := range []bool{false, true} {
			t.Run(name+map[bool]string{true: ", polling"}[polling], func(t *testing.T) {
				f := start(t, polling)
				for range 3 {
					save(t, f.file, "package counter // "+time.Now().String()+"\n")
					f.next(f.file)
				}
			})
		}
	}
}

func TestNoChange(t *testing.T) {
	f := start(t, false)
	write(t, f.file, "package counter\n") // the same bytes
	if err := os.Chtimes(f.file, time.Now(), time.Now()); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(f.file, 0o600); err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(f.dir, "notes.txt"), "not a Go file")
	write(t, filepath.Join(f.dir, ".hidden.txt"), "")
	f.quiet()
}

func TestFolderMadeLater(t *testing.T) {
	f := start(t, false)
	file := filepath.Join(f.dir, "once", "lazy", "lazy.go")
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		t.Fatal(err)
	}
	write(t, file, "package lazy\n")
	f.next(file)
	write(t, file, "package lazy // again\n")
	f.next(file)
}

func TestRemovedFile(t *testing.T) {
	f := start(t, false)
	if err := os.Remove(f.file); err != nil {
		t.Fatal(err)
	}
	f.next(f.file)
	write(t, f.file, "package counter\n")
	f.next(f.file)
}

func TestChangesMergeWhileNobodyListens(t *testing.T) {
	f := start(t, true)
	other := filepath.Join(f.dir, "other.go")
	write(t, f.file, "package counter // 1\n")
	write(t, other, "package other\n")
	f.next(other)
	write(t, f.file, "package counter // 2\n")
	f.next(f.file)
	f.quiet()
}

func TestMode(t *testing.T) {
	if m := <-start(t, true).w.Modes(); !m.Polling {
		t.Errorf("forced: Mode = %+v, want polling", m)
	}
	select {
	case <-start(t, false).w.Modes():
	case <-time.After(patience):
		t.Error("the probe told nothing")
	}
}

func TestEnd(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	w, err := Start(ctx, Config{Root: t.TempDir(), Match: func(string) bool { return true }})
	if err != nil {
		t.Fatal(err)
	}
	cancel()
	w.Wait()
	if _, ok := <-w.Changes(); ok {
		t.Error("a change after the end")
	}
	left, err := os.ReadDir(w.cfg.Root)
	if err != nil || len(left) != 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

func TestMissingFolder(t *testing.T) {
	_, err := Start(t.Context(), Config{Root: filepath.Join(t.TempDir(), "nowhere")})
	if err == nil || !strings.Contains(err.Error(), "nowhere") {
		t.Errorf("Start = %v, want an error that names the folder", err)
	}
}

func TestProbe(t *testing.T) {
	dir := t.TempDir()
	if err := Probe(t.Context(), dir); err != nil {
		t.Errorf("Probe = %v", err)
	}
	if err := Probe(t.Context(), filepath.Join(dir, "nowhere")); err == nil {
		t.Error("Probe of a missing folder = nil, want an error")
	}
	if left, _ := os.ReadDir(dir); len(left) != 0 {
		t.Errorf("left behind: %v", left)
	}
}
