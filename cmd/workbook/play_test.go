//go:build unix

package main

import (
	"strings"
	"testing"
	"time"
)

// TestPlayInTerminal plays at a prompt: ctrl-c ends an evaluation and not the play, arrows bring back
// earlier lines, also those of the last time, and the terminal is given back.
func TestPlayInTerminal(t *testing.T) {
	home := t.TempDir()
	term := startCommand(t, home, "play")
	term.wait(0, "interpreted>")
	for _, step := range []struct{ keys, then string }{
		{"x := 20\r", ">"},
		{"x + 1\r", "21\n"},
		{"for {\r", "...>"},
		{"}\r", "ctrl-c stops it"},
		{"\x03", "stopped; not kept"},
		{"x * 2\r", "40\n"},
		{"\x1b[A\x1b[A\x1b[A\x1b[A\r", "21\n"}, // x + 1
		{"abc\x03", "abc^C"},
		{"\x03", "ctrl-d or :quit ends"},
		{"x * 3\x1b[D\x1b[D\x7f + 5 \x01 2 + \x05\r", "\n"}, // 2 + x + 5 3 is no Go
		{":list\r", "3  fmt.Println(x * 2)"},
	} {
		from := len(term.text())
		term.press(step.keys)
		term.wait(from, step.then)
	}
	term.press("\x04")
	if err := term.cmd.Wait(); err != nil {
		t.Fatal(err)
	}
	term = startCommand(t, home, "play")
	term.wait(0, "interpreted>")
	term.press("x := 30\r\x1b[A\x1b[A\x1b[A\x1b[A\x1b[A\r") // x * 2 of the last time
	term.wait(0, "60\n")
	term.press(":quit\r")
	if err := term.cmd.Wait(); err != nil {
		t.Fatal(err)
	}
	if out := term.seen.String(); strings.Contains(out, "\x1b[?1049h") {
		t.Errorf("play takes the whole screen: %q", out)
	}
}

// TestPlayPlainInTerminal plays without screen control: an interrupt ends the evaluation that it meets, and
// an entry that is not finished; the play goes on.
func TestPlayPlainInTerminal(t *testing.T) {
	term := startCommand(t, t.TempDir(), "play", "--plain")
	term.wait(0, "interpreted> ")
	term.press("for {\n")
	term.wait(0, "... ")
	from := len(term.text())
	term.press("\x03")
	term.wait(from, "interpreted> ")
	for range 50 { // an interrupt that comes too early drops what was typed
		term.press("for {\n}\n")
		time.Sleep(300 * time.Millisecond)
		term.press("\x03")
		if time.Sleep(100 * time.Millisecond); strings.Contains(term.text(), "stopped; not kept") {
			break
		}
	}
	term.wait(0, "stopped; not kept")
	from = len(term.text())
	term.press("6 * 7\n")
	term.wait(from, "\n42\n")
	term.press(":quit\n")
	if err := term.cmd.Wait(); err != nil {
		t.Error(err)
	}
	if text := term.seen.String(); strings.Contains(text, "\x1b") {
		t.Errorf("escape sequences in plain mode: %q", text)
	}
}
