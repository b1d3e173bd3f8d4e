package cell

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// Step is one step of a schedule.
type Step struct {
	G    int    // 0 is main; others count from 1 in the order of their start
	Line int    // in the lesson
	Text string // the code in that line
	Note string // "", or "read", "write", "waits" (for ever), "returns" (main does, and the program ends)
}

// GoroutineName is how a drawing names the goroutine g: "main", "A", "B", ….
func GoroutineName(g int) string {
	if g == 0 {
		return "main"
	}
	g--
	if g < 26 {
		return string(rune('A' + g))
	}
	return fmt.Sprintf("G%d", g+1)
}

// Draw draws a schedule with a column for each goroutine, time running down, no line longer than
// width where that can be. Halves of a statement that nothing came between are drawn as one.
func Draw(steps []Step, width int) string {
	steps = joined(steps)
	order := columns(steps)
	if len(order) == 0 {
		return ""
	}
	column := map[int]int{}
	for i, g := range order {
		column[g] = i
	}
	const gap = 2
	w := columnWidths(steps, order, width-gap*(len(order)-1))
	var b strings.Builder
	row := func(at int, text string) {
		indent := 0
		for i := range at {
			indent += w[i] + gap
		}
		b.WriteString(strings.Repeat(" ", indent) + text + "\n")
	}
	var head strings.Builder
	for i, g := range order {
		head.WriteString(pad(GoroutineName(g), w[i]+gap))
	}
	b.WriteString(strings.TrimRight(head.String(), " ") + "\n")
	for _, s := range steps {
		at := column[s.G]
		row(at, clip(s.label(), w[at]))
	}
	return b.String()
}

// label is a step's text in its column.
func (s Step) label() string {
	switch s.Note {
	case "":
		return fmt.Sprintf("%d %s", s.Line, s.Text)
	case "waits":
		return fmt.Sprintf("%d waits for ever: %s", s.Line, s.Text)
	case "returns":
		return "main returns"
	}
	return fmt.Sprintf("%d %ss: %s", s.Line, s.Note, s.Text)
}

// joined makes one step of a read and the write that follows it, and of whole statements that stand
// in one line.
func joined(steps []Step) []Step {
	var out []Step
	for _, s := range steps {
		n := len(out)
		if n == 0 || out[n-1].G != s.G || out[n-1].Line != s.Line {
			out = append(out, s)
			continue
		}
		last := &out[n-1]
		switch {
		case last.Note == "read" && (s.Note == "write" || s.Note == ""):
			last.Note = ""
		case last.Note == "" && (s.Note == "" || s.Note == "write"):
		default:
			out = append(out, s)
		}
	}
	return joinedPairs(out)
}

// joinedPairs joins the statements that joining halves made neighbours.
func joinedPairs(steps []Step) []Step {
	var out []Step
	for _, s := range steps {
		if n := len(out); n > 0 && s.Note == "" && out[n-1] == s {
			continue
		}
		out = append(out, s)
	}
	return out
}

// columns returns the goroutines that take part, main first.
func columns(steps []Step) []int {
	last := -1
	for _, s := range steps {
		last = max(last, s.G)
	}
	takes := make([]bool, last+1)
	for _, s := range steps {
		takes[s.G] = true
	}
	var order []int
	for g, ok := range takes {
		if ok {
			order = append(order, g)
		}
	}
	return order
}

// columnWidths gives each column what it needs, and takes from the widest where that is too much.
func columnWidths(steps []Step, order []int, total int) []int {
	const least = 12
	w := make([]int, len(order))
	sum := 0
	for i, g := range order {
		w[i] = utf8.RuneCountInString(GoroutineName(g))
		for _, s := range steps {
			if s.G == g {
				w[i] = max(w[i], utf8.RuneCountInString(s.label()))
			}
		}
		sum += w[i]
	}
	for ; sum > total; sum-- {
		widest := slices.Index(w, slices.Max(w))
		if w[widest] <= least {
			break
		}
		w[widest]--
	}
	return w
}

func pad(s string, width int) string {
	return s + strings.Repeat(" ", max(0, width-utf8.RuneCountInString(s)))
}

func clip(s string, width int) string {
	r := []rune(s)
	if len(r) <= width {
		return s
	}
	return string(r[:max(0, width-1)]) + "…"
}
