package render

import (
	"os"
	"strconv"
	"strings"

	"golang.org/x/term"
)

// Detect returns the style for a file and an environment ("NAME=value", the last one of a name counts).
// A nil file is no terminal.
//
//   - What is no terminal, or TERM=dumb, gets plain text, unless CLICOLOR_FORCE asks for more.
//   - NO_COLOR and CLICOLOR=0 take the colours.
//   - COLUMNS, where it is exported, wins over the terminal's size.
//   - Hyperlinks go only to terminals that are known to take them; FORCE_HYPERLINK=1 or 0 decides.
func Detect(out *os.File, environ []string) Style {
	env := environment(environ)
	if out == nil {
		return env.style(false, nil)
	}
	fd := int(out.Fd())
	tty := term.IsTerminal(fd) && takesEscapes(out.Fd())
	return env.style(tty, func() int {
		columns, _, err := term.GetSize(fd)
		if err != nil {
			return 0
		}
		return columns
	})
}

// IsTerminal reports whether a file is a terminal that people read and type at.
func IsTerminal(f *os.File) bool { return term.IsTerminal(int(f.Fd())) }

// environment is a list of "NAME=value".
type environment []string

// value returns the value of a name, "" where it is not set.
func (e environment) value(name string) string {
	for i := len(e) - 1; i >= 0; i-- {
		if value, ok := strings.CutPrefix(e[i], name+"="); ok {
			return value
		}
	}
	return ""
}

// style decides; size returns the terminal's columns, 0 where unknown.
func (e environment) style(tty bool, size func() int) Style {
	forced := on(e.value("CLICOLOR_FORCE"))
	s := Style{Width: e.columns()}
	if s.Width == 0 && tty {
		s.Width = size()
	}
	if s.Width == 0 {
		s.Width = defaultWidth
	}
	if (!tty || e.value("TERM") == "dumb") && !forced {
		s.Plain = true
		return s
	}
	s.Color = e.value("NO_COLOR") == "" && (forced || e.value("CLICOLOR") != "0")
	s.Links = e.links(tty)
	return s
}

func on(value string) bool { return value != "" && value != "0" }

// columns returns COLUMNS where it is a sensible number.
func (e environment) columns() int {
	n, err := strconv.Atoi(e.value("COLUMNS"))
	if err != nil || n < 1 || n > 10000 {
		return 0
	}
	return n
}

// links reports whether the terminal is known to show hyperlinks. One that does not know them prints
// nothing wrong in most cases, but then the address would be lost.
func (e environment) links(tty bool) bool {
	if force := e.value("FORCE_HYPERLINK"); force != "" {
		return on(force)
	}
	name := e.value("TERM")
	if !tty || strings.HasPrefix(name, "screen") || strings.HasPrefix(name, "tmux") || e.value("TMUX") != "" {
		return false
	}
	switch e.value("TERM_PROGRAM") {
	case "iTerm.app", "WezTerm", "vscode", "ghostty", "Hyper", "rio", "Tabby", "zed":
		return true
	}
	switch name {
	case "xterm-kitty", "xterm-ghostty", "alacritty", "foot", "contour":
		return true
	}
	return e.atLeast("VTE_VERSION", 5000) || e.atLeast("KONSOLE_VERSION", 201200) || e.value("WT_SESSION") != ""
}

// atLeast reports whether a variable is a number that is not below n.
func (e environment) atLeast(name string, n int) bool {
	value, err := strconv.Atoi(e.value(name))
	return err == nil && value >= n
}
