package explain

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// A timeline is drawn for a terminal of 80 columns: the renderer indents it by two and keeps two free.
const (
	timelineWidth = 76
	timelineLines = 25
	columnGap     = 2
	maxColumns    = 3
	leastColumn   = 12
)

// view is what a timeline shows.
type view struct {
	moves []*move // the steps
	marks []*move // where it goes wrong
	about []*move // the goroutines that matter are those of these steps; nil where it is not known

	daemons []int32 // goroutines that the package's initialisation has started
}

// timeline draws a schedule with a column for each goroutine, time running down. notes say what it does
// not show.
func (v view) timeline() (drawn, notes []string) {
	order, out := v.chosen()
	if len(order) == 0 {
		return nil, nil
	}
	moves := slices.DeleteFunc(slices.Clone(v.moves), func(m *move) bool { return !slices.Contains(order, m.G) })
	all := pruned(rows(moves, v), timelineLines-1)
	if slices.Contains(order, 1) {
		notes = append(notes, "Goroutine 1 is the one that the test runs in.")
	}
	if len(out) > 0 {
		notes = append(notes, "Not drawn: "+and(out)+".")
	}
	return columns(all, order), notes
}

// upTo leaves out what comes after the last of the marks, where there are any.
func upTo(moves, marks []*move) []*move {
	end := len(moves)
	for i, m := range moves {
		if slices.Contains(marks, m) {
			end = i + 1
		}
	}
	return moves[:end:end]
}

// chosen are the goroutines that get a column: those that the view is about, at most maxColumns, and out
// are the others.
func (v view) chosen() (order []int32, out []string) {
	steps := v.steps()
	speaksOf := func(g int32) int {
		if slices.ContainsFunc(v.about, func(m *move) bool { return m.G == g }) {
			return 2
		}
		if slices.ContainsFunc(v.marks, func(m *move) bool { return m.G == g }) {
			return 1
		}
		return 0
	}
	about := 0
	for g := range steps {
		order = append(order, g)
		about += speaksOf(g) / 2
	}
	slices.SortFunc(order, func(a, b int32) int {
		return cmp.Or(cmp.Compare(speaksOf(b), speaksOf(a)), cmp.Compare(steps[b], steps[a]), cmp.Compare(a, b))
	})
	columns := maxColumns
	if about > 1 {
		columns = min(columns, about)
	}
	if len(order) > columns {
		rest := order[columns:]
		order = order[:columns]
		slices.Sort(rest)
		for _, g := range rest {
			out = append(out, name(g))
		}
	}
	slices.Sort(order)
	return order, out
}

// steps counts the steps of each goroutine that are worth a column. The test's own goroutine has none where
// it only prepares and inspects what others do, which those that the package keeps running do all the time.
func (v view) steps() map[int32]int {
	first, last := -1, -1
	steps := map[int32]int{}
	for i, m := range v.moves {
		if m.G != 1 && !slices.Contains(v.daemons, m.G) {
			last = i
			if first < 0 {
				first = i
			}
		}
	}
	for i, m := range v.moves {
		marked := slices.Contains(v.marks, m)
		if m.G == 1 && first >= 0 && (i < first || i > last) && !marked && !m.final {
			continue
		}
		if weight(m) > aside || marked {
			steps[m.G]++
		}
	}
	if first < 0 && len(v.moves) > 0 {
		steps[1] = len(v.moves)
	}
	return steps
}

// columns lays the rows out in columns, with the goroutines' names above them.
func columns(all []*row, order []int32) []string {
	widths := columnWidths(all, order)
	var lines []string
	var head strings.Builder
	for i, g := range order {
		head.WriteString(padded(name(g), widths[i]+columnGap))
	}
	lines = append(lines, strings.TrimRight(head.String(), " "))
	for _, r := range all {
		indent := 0
		at := slices.Index(order, r.g)
		for i := range at {
			indent += widths[i] + columnGap
		}
		lines = append(lines, strings.Repeat(" ", indent)+strings.TrimRight(r.text(widths[at]), " "))
	}
	return lines
}

// text is the row in a column of a width: the source is cut off rather than the note behind it.
func (r *row) text(width int) string {
	sign := "  "
	if r.mark {
		sign = "> "
	}
	label, notes := r.label(), r.notes()
	width -= len(sign)
	for _, n := range notes {
		if t := label + " // " + n; runes(t) <= width {
			return sign + t
		}
	}
	if len(notes) == 0 {
		return sign + cut(label, width)
	}
	short := notes[len(notes)-1]
	room := width - runes(" // "+short)
	if room < leastColumn/2 {
		return sign + cut(label, width)
	}
	return sign + cut(label, room) + " // " + short
}

// full is the width of the row with all that it says.
func (r *row) full() int {
	n := 2 + runes(r.label())
	if notes := r.notes(); len(notes) > 0 {
		n += runes(" // " + notes[0])
	}
	return n
}

// columnWidths gives each column what it needs, and takes from the widest where that is too much.
func columnWidths(all []*row, order []int32) []int {
	widths := make([]int, len(order))
	sum := 0
	for i, g := range order {
		widths[i] = runes(name(g))
		for _, r := range all {
			if r.g == g {
				widths[i] = max(widths[i], r.full())
			}
		}
		sum += widths[i]
	}
	for room := timelineWidth - columnGap*(len(order)-1); sum > room; sum-- {
		widest := slices.Index(widths, slices.Max(widths))
		if widths[widest] <= leastColumn {
			break
		}
		widths[widest]--
	}
	return widths
}

func padded(s string, width int) string { return s + strings.Repeat(" ", max(0, width-runes(s))) }

func runes(s string) int { return utf8.RuneCountInString(s) }

// cut is s with at most n characters.
func cut(s string, n int) string {
	if runes(s) <= n {
		return s
	}
	r := []rune(s)
	return fmt.Sprintf("%s…", strings.TrimRight(string(r[:max(0, n-1)]), " "))
}
