package run

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"time"
)

// channels connect the runner with the harness in the child: the job goes in, events come out, and
// so do the words of the testing package. They are pipes on descriptors 3, 4 and 5 of the child, or
// named files where descriptors cannot be inherited.
type channels struct {
	child  []*os.File // the child's ends, closed here once it has started
	parent []*os.File // our ends of events and words
	files  []string   // or the names of the files

	wg     sync.WaitGroup
	events []byte // owned by the reading goroutine until wait
	words  []byte
}

// maxWords bounds what is kept of the events and of the testing package's words.
const maxWords = 1 << 20

// pipes makes channels of pipes and puts the job into the first.
func pipes(j job) (*channels, error) {
	c := &channels{}
	var in *os.File
	for i := range 3 {
		r, w, err := os.Pipe()
		if err != nil {
			c.close()
			return nil, fmt.Errorf("making a pipe: %w", err)
		}
		if i == 0 {
			in = w
			c.child = append(c.child, r)
			continue
		}
		c.child = append(c.child, w)
		c.parent = append(c.parent, r)
	}
	line, err := json.Marshal(j)
	if err == nil {
		_, err = in.Write(append(line, '\n')) // far smaller than a pipe's buffer
	}
	if err = errors.Join(err, in.Close()); err != nil {
		c.close()
		return nil, fmt.Errorf("writing the job: %w", err)
	}
	return c, nil
}

// named makes channels of files in a folder.
func named(dir string, j job) (*channels, error) {
	line, err := json.Marshal(j)
	if err != nil {
		return nil, fmt.Errorf("writing the job: %w", err)
	}
	c := &channels{}
	for name, data := range map[string][]byte{"job": append(line, '\n'), "events": nil, "words": nil} {
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o600); err != nil {
			return nil, fmt.Errorf("writing the job: %w", err)
		}
	}
	c.files = []string{filepath.Join(dir, "job"), filepath.Join(dir, "events"), filepath.Join(dir, "words")}
	return c, nil
}

// attach gives the child its ends.
func (c *channels) attach(cmd *exec.Cmd) {
	cmd.ExtraFiles = c.child
	cmd.Args = append(cmd.Args, c.files...)
}

// started closes the child's ends on our side and begins to read. It calls begun when the first
// event comes: at once where events come by a file, which nobody watches.
func (c *channels) started(begun func()) {
	for _, f := range c.child {
		f.Close()
	}
	c.child = nil
	if len(c.parent) == 0 {
		begun()
		return
	}
	c.wg.Go(func() { c.events = drain(&noticed{Reader: c.parent[0], first: begun}) })
	c.wg.Go(func() { c.words = drain(c.parent[1]) })
}

// drain reads to the end and keeps the first maxWords bytes.
func drain(r io.Reader) []byte {
	data, _ := io.ReadAll(io.LimitReader(r, maxWords))
	io.Copy(io.Discard, r)
	return data
}

// noticed calls first when the first bytes are read.
type noticed struct {
	io.Reader
	first func()
}

func (n *noticed) Read(p []byte) (int, error) {
	count, err := n.Reader.Read(p)
	if count > 0 && n.first != nil {
		n.first()
		n.first = nil
	}
	return count, err
}

// wait returns what came, once the child has ended. A descendant that escaped its group and holds
// a pipe open is not waited for.
func (c *channels) wait() (events, words []byte) {
	for _, f := range c.parent {
		f.SetReadDeadline(time.Now().Add(200 * time.Millisecond))
	}
	c.wg.Wait()
	if len(c.parent) == 2 { // on a busy machine the deadline passes before the readers have read all
		c.events = append(c.events, rest(c.parent[0], maxWords-len(c.events))...)
		c.words = append(c.words, rest(c.parent[1], maxWords-len(c.words))...)
	}
	if len(c.files) == 3 {
		c.events, _ = os.ReadFile(c.files[1])
		c.words, _ = os.ReadFile(c.files[2])
	}
	c.close()
	return c.events, c.words
}

func (c *channels) close() {
	for _, f := range append(c.child, c.parent...) {
		f.Close()
	}
}

// read adds the events with the right nonce to the records of a process, one after the other, and returns the
// record that it ended in, with what the canary found. What follows an event that cannot be read is not believed.
func read(events []byte, nonce string, records []Record) (last *Record, detector string) {
	last, records = &records[0], records[1:]
	lines := bufio.NewScanner(bytes.NewReader(events))
	lines.Buffer(nil, maxWords+1)
	for lines.Scan() {
		var e event
		if json.Unmarshal(lines.Bytes(), &e) != nil || e.Nonce != nonce || e.Test != last.Test {
			last.Forged = true
			return last, ""
		}
		if e.Event == "begin" && last.Done && !last.Forged && len(records) > 0 {
			last, records = &records[0], records[1:]
		}
		if last.apply(e); e.Event == "end" {
			detector = e.Detector
		}
	}
	return last, detector
}
