//go:build unix

package run

import (
	"bytes"
	"os"
	"testing"
	"time"
)

// TestLateReader: what a process wrote before it ended is read, even where its reader did not get to run meanwhile.
func TestLateReader(t *testing.T) {
	c, err := pipes(job{})
	if err != nil {
		t.Fatal(err)
	}
	events, words := bytes.Repeat([]byte("event\n"), 5000), []byte("words")
	for i, text := range [][]byte{events, words} {
		if _, err := c.child[1+i].Write(text); err != nil {
			t.Fatal(err)
		}
	}
	c.started(func() { time.Sleep(time.Second) }) // longer than wait waits
	gotEvents, gotWords := c.wait()
	if !bytes.Equal(gotEvents, events) || !bytes.Equal(gotWords, words) {
		t.Errorf("wait() = %d and %d bytes, want %d and %d", len(gotEvents), len(gotWords), len(events), len(words))
	}
}

// TestRest: what is in a pipe is read to its end or to the bound, and nobody waits for more.
func TestRest(t *testing.T) {
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	defer w.Close()
	r.SetReadDeadline(time.Now())
	if got := rest(r, 10); len(got) != 0 {
		t.Errorf("rest of an empty pipe = %q", got)
	}
	if _, err := w.WriteString("0123456789"); err != nil {
		t.Fatal(err)
	}
	if got := rest(r, 4); string(got) != "0123" {
		t.Errorf("rest(4) = %q", got)
	}
	if _, err := w.WriteString("abc"); err != nil {
		t.Fatal(err)
	}
	if got := rest(r, 10); string(got) != "abc" {
		t.Errorf("rest(10) = %q", got)
	}
}
