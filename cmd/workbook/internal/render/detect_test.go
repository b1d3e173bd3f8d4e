package render

import (
	"os"
	"strings"
	"testing"
)

func TestStyleFromEnvironment(t *testing.T) {
	const none = ""
	for _, tt := range []struct {
		name string
		tty  bool
		env  string // blank-separated
		want Style
	}{
		{"a terminal", true, "TERM=xterm-256color", Style{Width: 100, Color: true}},
		{"a pipe", false, "TERM=xterm-256color", Style{Width: 80, Plain: true}},
		{"a pipe with a width", false, "COLUMNS=120", Style{Width: 120, Plain: true}},
		{"a dumb terminal", true, "TERM=dumb", Style{Width: 100, Plain: true}},
		{"no colour", true, "NO_COLOR=1", Style{Width: 100}},
		{"no colour, empty", true, "NO_COLOR=", Style{Width: 100, Color: true}},
		{"no colour, BSD", true, "CLICOLOR=0", Style{Width: 100}},
		{"forced into a pipe", false, "CLICOLOR_FORCE=1", Style{Width: 80, Color: true}},
		{"forced by zero is not", false, "CLICOLOR_FORCE=0", Style{Width: 80, Plain: true}},
		{"forced and refused", false, "CLICOLOR_FORCE=1 NO_COLOR=1", Style{Width: 80}},
		{"exported columns", true, "COLUMNS=60", Style{Width: 60, Color: true}},
		{"columns that are none", true, "COLUMNS=wide", Style{Width: 100, Color: true}},
		{"columns below one", true, "COLUMNS=-3", Style{Width: 100, Color: true}},
		{"the last one counts", true, "NO_COLOR=1 NO_COLOR=", Style{Width: 100, Color: true}},
		{"links: vte", true, "VTE_VERSION=6003", Style{Width: 100, Color: true, Links: true}},
		{"links: old vte", true, "VTE_VERSION=4205", Style{Width: 100, Color: true}},
		{"links: kitty", true, "TERM=xterm-kitty", Style{Width: 100, Color: true, Links: true}},
		{"links: iTerm", true, "TERM_PROGRAM=iTerm.app", Style{Width: 100, Color: true, Links: true}},
		{"links: Apple's terminal", true, "TERM_PROGRAM=Apple_Terminal", Style{Width: 100, Color: true}},
		{"links: Windows Terminal", true, "WT_SESSION=1-2", Style{Width: 100, Color: true, Links: true}},
		{"links: inside tmux", true, "VTE_VERSION=6003 TMUX=/tmp/x", Style{Width: 100, Color: true}},
		{"links: inside screen", true, "VTE_VERSION=6003 TERM=screen.xterm", Style{Width: 100, Color: true}},
		{"links: forced", true, "FORCE_HYPERLINK=1", Style{Width: 100, Color: true, Links: true}},
		{"links: refused", true, "VTE_VERSION=6003 FORCE_HYPERLINK=0", Style{Width: 100, Color: true}},
		{"nothing", true, none, Style{Width: 100, Color: true}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := environment(strings.Fields(tt.env)).style(tt.tty, func() int { return 100 })
			if got != tt.want {
				t.Errorf("style(%q) = %+v, want %+v", tt.env, got, tt.want)
			}
		})
	}
	if got := environment(nil).style(true, func() int { return 0 }); got.Width != 80 {
		t.Errorf("a terminal without a size has width %d, want 80", got.Width)
	}
}

func TestDetectWithoutTerminal(t *testing.T) {
	file, err := os.Create(t.TempDir() + "/out")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	for _, out := range []*os.File{nil, file} {
		if got := Detect(out, []string{"COLUMNS=50"}); got != (Style{Width: 50, Plain: true}) {
			t.Errorf("Detect(%v) = %+v", out, got)
		}
	}
}
