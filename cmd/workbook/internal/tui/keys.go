package tui

import (
	"strings"
	"unicode"

	tea "charm.land/bubbletea/v2"
)

// binding is keys with what they do, for the help screen, which fits in 40 columns.
type binding struct{ keys, does string }

var bindings = []binding{
	{"j k", "a line down, up; arrows too"},
	{"space b", "a screen down, up"},
	{"d u", "half a screen down, up"},
	{"g G", "to the beginning, the end"},
	{"t", "table of contents"},
	{"/ s n N", "search here, all; next, back"},
	{"] [", "next cell, previous cell"},
	{"p P", "answer the question, skip it"},
	{"r esc", "run the cell marked, stop it"},
	{"o e", "fold its output, edit the task"},
	{"? q", "these keys, quit"},
}

// key does what a key asks for.
func (m *model) key(msg tea.KeyPressMsg) tea.Cmd {
	key := msg.String()
	m.message = ""
	if key != "r" {
		m.confirm = nil
	}
	switch {
	case key == "ctrl+c":
		return tea.Quit
	case key == "ctrl+z":
		return tea.Suspend
	case m.mode == typing, m.mode == typingFar:
		return m.typeKey(key, msg.Text)
	case m.mode == choosing:
		return m.farKey(key)
	case m.mode == contents:
		return m.contentsKey(key)
	case m.mode == helping:
		m.mode = reading
		return nil
	case m.mode == answering:
		return m.answerKey(key)
	}
	if by, ok := m.distance(key); ok {
		m.scroll(by)
		return nil
	}
	return m.command(key)
}

// distance returns how many rows a key scrolls.
func (m *model) distance(key string) (rows int, ok bool) {
	screen := max(m.body()-1, 1)
	switch key {
	case "j", "down", "enter", "ctrl+n", "ctrl+e":
		return 1, true
	case "k", "up", "ctrl+p", "ctrl+y":
		return -1, true
	case "space", "f", "pgdown", "ctrl+f":
		return screen, true
	case "b", "pgup", "ctrl+b", "shift+space":
		return -screen, true
	case "d", "ctrl+d":
		return max(m.body()/2, 1), true
	case "u", "ctrl+u":
		return -max(m.body()/2, 1), true
	case "g", "home":
		return -len(m.rows), true
	case "G", "end":
		return len(m.rows), true
	}
	return 0, false
}

// moved is the place in a list, whose last place is last, that a key leads to from another place.
func (m *model) moved(from int, key string, last int) int {
	switch key {
	case "g", "home":
		return 0
	case "G", "end":
		return last
	}
	by, _ := m.distance(key)
	return max(min(from+by, last), 0)
}

// command does what the keys other than the scrolling ones do.
func (m *model) command(key string) tea.Cmd {
	switch key {
	case "q":
		return tea.Quit
	case "t":
		m.openContents()
	case "/":
		m.mode, m.search.typed = typing, ""
	case "s":
		m.openFar()
	case "n":
		m.nextMatch(1)
	case "N":
		m.nextMatch(-1)
	case "]":
		m.nextCell(1)
	case "[":
		m.nextCell(-1)
	case "o":
		m.toggle()
	case "p":
		m.ask()
	case "P":
		m.skip()
	case "r":
		return m.runCell()
	case "e":
		return m.edit()
	case "?", "h":
		m.mode = helping
	case "esc":
		if !m.stop() {
			m.search = search{}
		}
	default:
		m.message = "? lists the keys"
	}
	return nil
}

// edit leaves the pager for the editor.
func (m *model) edit() tea.Cmd {
	e := m.exerciseHere()
	if e == nil {
		m.message = "no exercise on the screen; t lists the sections"
		return nil
	}
	m.action, m.exercise = Edit, e
	return tea.Quit
}

// typeKey edits the search that is being typed.
func (m *model) typeKey(key, text string) tea.Cmd {
	switch key {
	case "enter":
		if m.mode == typingFar {
			return m.findFar()
		}
		m.mode = reading
		m.startSearch()
	case "esc":
		m.mode = reading
	case "backspace":
		runes := []rune(m.search.typed)
		if len(runes) == 0 {
			m.mode = reading
			return nil
		}
		m.search.typed = string(runes[:len(runes)-1])
	case "ctrl+u":
		m.search.typed = ""
	default:
		m.search.typed += strings.Map(printable, text)
	}
	return nil
}

// printable drops what is no text.
func printable(r rune) rune {
	if unicode.IsControl(r) {
		return -1
	}
	return r
}
