//go:build amd64 || arm64

package box

import (
	"bytes"
	"context"
	"fmt"
	"io/fs"
	"net"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// secret is what no program in a box may get hold of.
const secret = "SECRET-canary-5d1f"

// tiers calls f for every tier that a box can have here. A tier that is not to be had is skipped, loudly,
// and where CI promises it the test fails.
func tiers(t *testing.T, f func(t *testing.T, tier Tier)) {
	t.Helper()
	r := Probe(t.Context(), nil)
	promised, _ := ParseTier(os.Getenv(requireVar))
	for _, tier := range []Tier{Fenced, Apart} {
		t.Run(tier.String(), func(t *testing.T) {
			if tier > r.Own && tier <= promised {
				t.Fatalf("%s=%s, and the machine gives less: %s", requireVar, promised, r.Line())
			}
			if tier > r.Own {
				t.Skipf("NOT TESTED HERE: this machine gives less: %s", r.Line())
			}
			f(t, tier)
		})
	}
}

// world is what a program in a box may do harm to, with the means to see whether it did.
type world struct {
	dir      string       // with a canary in it
	dialled  atomic.Int64 // connections and packets that came
	signals  chan os.Signal
	address  string
	duration string // of the sleep that would give a spawned program away
	before   string // what dir looked like
}

func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{dir: t.TempDir(), signals: make(chan os.Signal, 10), duration: "98" + strconv.Itoa(os.Getpid())}
	if err := os.WriteFile(filepath.Join(w.dir, "canary"), []byte(secret), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("WORKBOOK_SECRET", secret)
	tcp, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	w.address = tcp.Addr().String()
	udp, err := net.ListenPacket("udp", w.address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { udp.Close() })
	go func() {
		for data := make([]byte, 10); ; w.dialled.Add(1) {
			if _, _, err := udp.ReadFrom(data); err != nil {
				return
			}
		}
	}()
	w.accept(t, tcp)
	for _, name := range []string{w.dir + "/socket", "@" + w.dir} {
		l, err := net.Listen("unix", name)
		if err != nil {
			t.Fatal(err)
		}
		w.accept(t, l)
	}
	signal.Notify(w.signals, unix.SIGUSR1)
	t.Cleanup(func() { signal.Stop(w.signals) })
	w.before = snapshot(t, w.dir)
	return w
}

func (w *world) accept(t *testing.T, l net.Listener) {
	t.Cleanup(func() { l.Close() })
	go func() {
		for ; ; w.dialled.Add(1) {
			c, err := l.Accept()
			if err != nil {
				return
			}
			c.Close()
		}
	}()
}

// snapshot is all that there is to see of a folder's files.
func snapshot(t *testing.T, dir string) string {
	t.Helper()
	var b strings.Builder
	err := filepath.WalkDir(dir, func(name string, _ fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := os.Lstat(name)
		if err != nil {
			return err
		}
		b.WriteString(strings.Join([]string{name, info.Mode().String(), info.ModTime().String(), strconv.Itoa(int(info.Sys().(*syscall.Stat_t).Uid))}, " ") + "\n")
		if info.Mode().IsRegular() {
			data, err := os.ReadFile(name)
			fmt.Fprintln(&b, string(data), err)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// outcome is how a program in a box ended.
type outcome struct {
	output string
	err    error
	state  *os.ProcessState
	dir    string // its own
}

// in runs a harm in a box of a tier.
func (w *world) in(t *testing.T, tier Tier, harm string, read ...string) outcome {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	scratch := filepath.Join(dir, "cwd")
	if err := os.Mkdir(scratch, 0o700); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	cmd := exec.CommandContext(ctx, self, "harm", harm, w.dir, strconv.Itoa(os.Getpid()), w.address, w.duration)
	var out bytes.Buffer
	cmd.Dir, cmd.Env, cmd.Stdout, cmd.Stderr, cmd.WaitDelay = scratch, []string{"A=b"}, &out, &out, time.Second
	b, err := Spec{Tier: tier, Dir: dir, Scratch: scratch, Read: append(read, self), Files: []string{dir + "/race." + PID, dir + "/journal"}}.Enclose(cmd)
	if err != nil {
		t.Fatal(err)
	}
	err = cmd.Start()
	b.Started()
	if err != nil {
		t.Fatal(err)
	}
	err = cmd.Wait()
	if fault := b.Err(); fault != nil {
		t.Fatal(fault)
	}
	return outcome{out.String(), err, cmd.ProcessState, dir}
}

// running returns the number of a process that sleeps for the given time, 0 where there is none.
func running(duration string) int {
	files, _ := filepath.Glob("/proc/[0-9]*/cmdline")
	for _, f := range files {
		if text, _ := os.ReadFile(f); strings.HasPrefix(string(text), "/bin/sleep\x00"+duration) {
			pid, _ := strconv.Atoi(strings.Split(f, "/")[2])
			return pid
		}
	}
	return 0
}

// damage lists the harm that a program has done.
func (w *world) damage(t *testing.T, o outcome) (all []string) {
	t.Helper()
	if now := snapshot(t, w.dir); now != w.before {
		all = append(all, "it changed files:\n"+w.before+"is now\n"+now)
		w.before = now
	}
	if strings.Contains(o.output, secret) {
		all = append(all, "it read what it may not")
	}
	if w.dialled.Swap(0) > 0 {
		all = append(all, "it reached a socket")
	}
	select {
	case s := <-w.signals:
		all = append(all, "it sent the signal "+s.String())
	default:
	}
	if pid := running(w.duration); pid > 0 {
		all = append(all, "it started a program")
		unix.Kill(pid, unix.SIGKILL)
	}
	if strings.Contains(o.output, "another program") || strings.Contains(o.output, "linked") {
		all = append(all, "it went where it may not")
	}
	return all
}

// unharmed wants nothing of the world to have come to harm.
func (w *world) unharmed(t *testing.T, o outcome) {
	t.Helper()
	if all := w.damage(t, o); len(all) > 0 {
		t.Errorf("%s\noutput: %.500s", strings.Join(all, "\n"), o.output)
	}
}

// TestHarm: what hostile programs do outside of a box they do not do in one. That each does it outside,
// where trying is safe, shows that the test would see it.
func TestHarm(t *testing.T) {
	inside := map[string]bool{ // not to be tried without a box, or nothing to be seen there
		"group": true, "nothing": true, "own": true, "say": true, "survive": true, "fill memory": true, "share memory": true, "fill disk": true,
		"large file": true, "threads": true, "calls": true, "fork": true, "inherited": true, "race file": true, "take": true, "hardlink": true,
		"chown": true, "list": true, "environment": true, "memory": true, "descriptors": true, "listen": true, "become": true, "again": true, "self": true,
	}
	tiers(t, func(t *testing.T, tier Tier) {
		w := newWorld(t)
		for harm := range harms {
			if bounded[harm] || harm == "survive" || harm == "say" || harm == "own" {
				continue
			}
			t.Run(harm, func(t *testing.T) {
				o := w.in(t, tier, harm)
				w.unharmed(t, o)
				if harm != "nothing" && harm != "inherited" && !strings.Contains(o.output, "held:") {
					t.Errorf("nothing held it: %s %v", o.output, o.err)
				}
				if harm == "nothing" && (o.err != nil || o.output != "done\n") {
					t.Errorf("a harmless program ended with %v: %s", o.err, o.output)
				}
			})
		}
	})
	t.Run("T0", func(t *testing.T) {
		for harm := range harms {
			if inside[harm] {
				continue
			}
			w := newWorld(t)
			if o := w.in(t, Open, harm); !w.harmed(t, o) {
				t.Errorf("%s does no harm that this test sees without a box: %s", harm, o.output)
			}
		}
	})
}

// harmed reports whether a program has done harm, and gives signals, packets and connections time to come.
func (w *world) harmed(t *testing.T, o outcome) bool {
	for range 200 {
		if len(w.damage(t, o)) > 0 {
			return true
		}
		time.Sleep(5 * time.Millisecond) // for the kernel
	}
	return false
}

// bounded are the harms that are not prevented but bounded.
var bounded = map[string]bool{"fill memory": true, "share memory": true, "fill disk": true, "large file": true, "threads": true}

// TestBounds: what a program may use is bounded, and so is what it leaves behind.
func TestBounds(t *testing.T) {
	tiers(t, func(t *testing.T, tier Tier) {
		w := newWorld(t)
		for harm := range bounded {
			t.Run(harm, func(t *testing.T) {
				o := w.in(t, tier, harm)
				w.unharmed(t, o)
				if o.err == nil {
					t.Errorf("nothing bounded it: %.200s", o.output)
				}
				if used := o.state.SysUsage().(*syscall.Rusage).Maxrss << 10; used > memory+256<<20 {
					t.Errorf("it used %d MiB of memory", used>>20)
				}
				if size := weigh(t, o.dir); size > 4*scratch {
					t.Errorf("it left %d MiB on the disk", size>>20)
				}
			})
		}
	})
}

// weigh adds up the files of a folder, by the blocks that they take.
func weigh(t *testing.T, dir string) (size int64) {
	t.Helper()
	filepath.WalkDir(dir, func(name string, _ fs.DirEntry, err error) error {
		if info, err := os.Lstat(name); err == nil {
			size += info.Sys().(*syscall.Stat_t).Blocks * 512
		}
		return nil
	})
	return size
}

// TestOwnFolder: a program's folder is its to fill where it lies in one that it may only read, too.
func TestOwnFolder(t *testing.T) {
	tiers(t, func(t *testing.T, tier Tier) {
		w := newWorld(t)
		for _, read := range [][]string{nil, {os.TempDir()}} {
			if o := w.in(t, tier, "own", read...); o.err != nil {
				t.Errorf("with %v to read: %v: %s", read, o.err, o.output)
			}
		}
	})
}

// TestInherited: what the workbook's caller has left open is not there in the box.
func TestInherited(t *testing.T) {
	tiers(t, func(t *testing.T, tier Tier) {
		w := newWorld(t)
		fd, err := unix.Open(filepath.Join(w.dir, "canary"), unix.O_RDONLY, 0) // not closed by exec
		if err != nil {
			t.Fatal(err)
		}
		defer unix.Close(fd)
		w.unharmed(t, w.in(t, tier, "inherited"))
	})
}
