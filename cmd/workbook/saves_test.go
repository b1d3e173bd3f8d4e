//go:build unix

package main

import (
	"bytes"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/creack/pty"
)

// patience bounds every wait; it decides nothing but how long a failure takes.
const patience = 60 * time.Second

// terminal is a workbook that watches in a pseudo-terminal.
type terminal struct {
	t    *testing.T
	dir  string // the workspace
	tty  *os.File
	cmd  *exec.Cmd
	done chan struct{} // closed by the reader when the terminal's other end is closed

	mu   sync.Mutex // guards seen
	seen bytes.Buffer
}

// startTerminal runs `workbook watch counter` on a new workspace, with a home folder of its own, which is
// how processes left behind are found.
func startTerminal(t *testing.T) *terminal {
	t.Helper()
	return startCommand(t, t.TempDir(), "watch", "counter")
}

// startCommand runs a command of the workbook on the workspace home/ws.
func startCommand(t *testing.T, home string, args ...string) *terminal {
	t.Helper()
	program, err := exec.LookPath("workbook")
	if err != nil {
		t.Fatal(err)
	}
	term := &terminal{t: t, dir: filepath.Join(home, "ws"), done: make(chan struct{})}
	term.cmd = exec.Command(program, append(args, "--dir", term.dir)...)
	term.cmd.Dir = home
	term.cmd.Env = append(os.Environ(), "HOME="+home, "TERM=xterm-256color", "WORKBOOK_CACHE="+sharedCache,
		"GOCACHE="+goEnv("GOCACHE"), "GOMODCACHE="+goEnv("GOMODCACHE"), "GOPATH="+goEnv("GOPATH"))
	term.tty, err = pty.StartWithSize(term.cmd, &pty.Winsize{Rows: 40, Cols: 100})
	if err != nil {
		t.Fatal(err)
	}
	go term.read()
	t.Cleanup(term.close)
	return term
}

// read collects what the terminal shows until its other end closes.
func (term *terminal) read() {
	defer close(term.done)
	buf := make([]byte, 4096)
	for {
		n, err := term.tty.Read(buf)
		term.mu.Lock()
		term.seen.Write(buf[:n])
		term.mu.Unlock()
		if err != nil {
			return
		}
	}
}

func (term *terminal) close() {
	if term.cmd.ProcessState == nil {
		term.cmd.Process.Kill()
		term.cmd.Wait()
	}
	term.tty.Close()
	<-term.done
}

var escapes = regexp.MustCompile("\x1b(\\[[0-9;?=<>]*[a-zA-Z]|\\][^\x07\x1b]*(\x07|\x1b\\\\)|[()=>].?)")

// text is what was shown so far, without escape sequences.
func (term *terminal) text() string {
	term.mu.Lock()
	defer term.mu.Unlock()
	return strings.ReplaceAll(escapes.ReplaceAllString(term.seen.String(), ""), "\r", "")
}

// wait waits until what is shown after the first `from` bytes contains want.
func (term *terminal) wait(from int, want string) {
	term.t.Helper()
	for limit := time.Now().Add(patience); time.Now().Before(limit); time.Sleep(10 * time.Millisecond) {
		if text := term.text(); len(text) >= from && strings.Contains(text[from:], want) {
			return
		}
	}
	text := term.text()
	term.t.Fatalf("%q was not shown within %v; the last of what was:\n%s", want, patience, text[max(0, len(text)-3000):])
}

func (term *terminal) press(key string) {
	term.t.Helper()
	if _, err := io.WriteString(term.tty, key); err != nil {
		term.t.Fatal(err)
	}
}

// file is the exercise's file.
func (term *terminal) file() string {
	return filepath.Join(term.dir, "exercises", "atomicity", "counter", "counter.go")
}

// quit presses q and wants everything gone.
func (term *terminal) quit() {
	term.t.Helper()
	term.press("q")
	if err := term.cmd.Wait(); err != nil {
		term.t.Errorf("after q: %v", err)
	}
	for limit := time.Now().Add(patience); ; time.Sleep(20 * time.Millisecond) {
		left := processesOf(filepath.Dir(term.dir))
		if len(left) == 0 {
			return
		}
		if time.Now().After(limit) {
			term.t.Fatalf("processes left behind: %v", left)
		}
	}
}

// processesOf lists the processes that have home in their environment, as the workbook and the go command
// have, or whose program lies in the workbook's cache, as hidden tests do. Only Linux can be asked.
func processesOf(home string) []string {
	var found []string
	environs, _ := filepath.Glob("/proc/[0-9]*/environ")
	for _, file := range environs {
		environ, err := os.ReadFile(file)
		if err != nil {
			continue
		}
		command, _ := os.ReadFile(filepath.Join(filepath.Dir(file), "cmdline"))
		if bytes.Contains(environ, []byte(home)) || bytes.HasPrefix(command, []byte(sharedCache+"/")) {
			found = append(found, string(bytes.ReplaceAll(command, []byte{0}, []byte{' '})))
		}
	}
	return found
}

// saving is the ways in which editors and tools save a file.
var saving = []struct {
	name string
	save func(t *testing.T, file, text string)
}{
	{"truncate and write", func(t *testing.T, file, text string) { write(t, file, text) }},
	{"atomic rename", func(t *testing.T, file, text string) {
		write(t, file+".new", text)
		rename(t, file+".new", file)
	}},
	{"vim", func(t *testing.T, file, text string) {
		rename(t, file, file+"~")
		write(t, file, text)
		os.Remove(file + "~")
	}},
	{"two steps", func(t *testing.T, file, text string) {
		write(t, file, text[:len(text)/2])
		write(t, file, text)
	}},
	{"sed -i", func(t *testing.T, file, text string) {
		write(t, file+".sed", text)
		script := fmt.Sprintf("1r %s.sed\n1,$d", file)
		if out, err := exec.Command("sed", "-i", script, file).CombinedOutput(); err != nil {
			t.Fatalf("sed: %v\n%s", err, out)
		}
		os.Remove(file + ".sed")
	}},
	{"git checkout", func(t *testing.T, file, text string) {
		dir := filepath.Dir(file)
		if err := os.RemoveAll(dir); err != nil {
			t.Fatal(err)
		}
		if err := os.MkdirAll(dir, 0o755); err != nil {
			t.Fatal(err)
		}
		write(t, file, text)
	}},
}

func write(t *testing.T, file, text string) {
	t.Helper()
	if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

func rename(t *testing.T, from, to string) {
	t.Helper()
	if err := os.Rename(from, to); err != nil {
		t.Fatal(err)
	}
}

// unfinished is a submission that does not compile, and says so with its own number.
func unfinished(n int) string { return fmt.Sprintf("package counter\n\nvar _ = missing%d\n", n) }

// TestSavesAtRandomMoments saves 200 times, in every way, at moments that fall before, during and after
// gradings. Whenever the saving pauses, the last thing shown must be the verdict on the last save.
func TestSavesAtRandomMoments(t *testing.T) {
	if testing.Short() {
		t.Skip("takes a minute")
	}
	term := startTerminal(t)
	term.wait(0, "not passed: ")
	solution, err := os.ReadFile(filepath.Join(repository(), "solutions", "atomicity", "counter", "counter.go"))
	if err != nil {
		t.Fatal(err)
	}
	starter, err := os.ReadFile(filepath.Join(repository(), "exercises", "atomicity", "counter", "counter.go"))
	if err != nil {
		t.Fatal(err)
	}
	rng := rand.New(rand.NewPCG(1, 2))
	for n := 0; n < 200; {
		from := len(term.text())
		want := ""
		for range 1 + rng.IntN(8) {
			n++
			way := saving[rng.IntN(len(saving))]
			switch rng.IntN(6) {
			case 0:
				way.save(t, term.file(), fmt.Sprintf("%s\n// save %d\n", solution, n))
				want = "PASS  counter"
			case 1:
				way.save(t, term.file(), fmt.Sprintf("%s\n// save %d\n", starter, n))
				want = "RACE  counter"
			default:
				way.save(t, term.file(), unfinished(n))
				want = fmt.Sprintf("undefined: missing%d", n)
			}
			time.Sleep(time.Duration(rng.IntN(400)) * time.Millisecond)
		}
		term.settled(from, want)
	}
	term.quit()
}

var verdicts = regexp.MustCompile(`undefined: missing\d+|(PASS|RACE|WRONG|BUILD)  counter`)

// settled waits until the last verdict shown after the first `from` bytes is want, and still is once the
// watcher's longest pause has passed: then no older one can come any more.
func (term *terminal) settled(from int, want string) {
	term.t.Helper()
	last := func() string {
		text := term.text()
		all := verdicts.FindAllString(text[min(from, len(text)):], -1)
		if len(all) == 0 {
			return ""
		}
		return all[len(all)-1]
	}
	limit := time.Now().Add(patience)
	for last() != want {
		if time.Now().After(limit) {
			text := term.text()
			term.t.Fatalf("the last verdict is %q, want %q; what was shown last:\n%s", last(), want, text[max(0, len(text)-3000):])
		}
		time.Sleep(10 * time.Millisecond)
	}
	time.Sleep(300 * time.Millisecond)
	if got := last(); got != want {
		term.t.Errorf("after the verdict on the last save, %q, an older one was shown: %q", want, got)
	}
}

// TestEndings ends a watch at bad moments and wants nothing left behind and the terminal as it was.
func TestEndings(t *testing.T) {
	for _, ending := range []string{"interrupt", "terminate", "hang up", "ctrl-c"} {
		t.Run(ending, func(t *testing.T) {
			term := startTerminal(t)
			term.wait(0, "grading counter")
			switch ending {
			case "interrupt":
				term.cmd.Process.Signal(syscall.SIGINT)
			case "terminate":
				term.cmd.Process.Signal(syscall.SIGTERM)
			case "hang up":
				term.cmd.Process.Signal(syscall.SIGHUP)
			case "ctrl-c":
				term.press("\x03")
			}
			ended := make(chan error, 1)
			go func() { ended <- term.cmd.Wait() }()
			select {
			case <-ended:
			case <-time.After(patience):
				t.Fatal("it did not end")
			}
			for limit := time.Now().Add(patience); ; time.Sleep(20 * time.Millisecond) {
				left := processesOf(filepath.Dir(term.dir))
				if len(left) == 0 {
					break
				}
				if time.Now().After(limit) {
					t.Fatalf("processes left behind: %v", left)
				}
			}
		})
	}
}
