package course

import (
	"fmt"
	"slices"
	"strings"
)

// Lines of a cell's code that fold what follows them, up to the other, when the lesson is shown.
// They are compiled like any comment.
const (
	hideMarker = "//hide"
	showMarker = "//show"
)

// Visible returns the cell's code without the lines between //hide and //show and without the
// markers. Everything after a last //hide is hidden.
func (c *Cell) Visible() string {
	var b strings.Builder
	hidden := false
	for line := range strings.Lines(c.Code) {
		switch strings.TrimSpace(line) {
		case hideMarker:
			hidden = true
		case showMarker:
			hidden = false
		default:
			if !hidden {
				b.WriteString(line)
			}
		}
	}
	return b.String()
}

// checkMarkers reports markers that do not alternate.
func (c *Cell) checkMarkers() (faults Faults) {
	hidden, line := false, c.Line
	for text := range strings.Lines(c.Code) {
		marker := strings.TrimSpace(text)
		if (marker == hideMarker && hidden) || (marker == showMarker && !hidden) {
			faults = append(faults, Fault{c.File, line, fmt.Sprintf("%s where the lines are so already", marker)})
		}
		hidden = marker == hideMarker || (hidden && marker != showMarker)
		line++
	}
	return faults
}

// Cell returns the lesson's cell with the given id, or nil.
func (l *Lesson) Cell(id string) *Cell {
	for _, c := range l.Cells {
		if c.ID == id {
			return c
		}
	}
	return nil
}

// Chain returns the cells whose code makes up c's program: those that it comes after, each once and
// behind the ones that it comes after itself, then c.
func (l *Lesson) Chain(c *Cell) ([]*Cell, error) {
	var chain, open []*Cell
	var visit func(*Cell) error
	visit = func(c *Cell) error {
		if slices.Contains(chain, c) {
			return nil
		}
		if i := slices.Index(open, c); i >= 0 {
			return fmt.Errorf("cycle of after: %s", cycleText(open[i:]))
		}
		open = append(open, c)
		for _, id := range c.After {
			before := l.Cell(id)
			if before == nil {
				return fmt.Errorf("after=%s: no cell has this id", id)
			}
			if err := visit(before); err != nil {
				return err
			}
		}
		open = open[:len(open)-1]
		chain = append(chain, c)
		return nil
	}
	if err := visit(c); err != nil {
		return nil, err
	}
	return chain, nil
}

func cycleText(cells []*Cell) string {
	var ids []string
	for _, c := range cells {
		ids = append(ids, c.ID)
	}
	return strings.Join(append(ids, ids[0]), " after ")
}

// checkCells reports ids given twice, and what is wrong with the cells' order. A cycle is reported
// once, at its first cell.
func (l *Lesson) checkCells() (faults Faults) {
	first := map[string]*Cell{}
	for _, c := range l.Cells {
		if other := first[c.ID]; other != nil {
			faults = append(faults, Fault{c.File, c.Line - 1, fmt.Sprintf("duplicate id %q: the cell at line %d has it", c.ID, other.Line)})
		} else {
			first[c.ID] = c
		}
	}
	told := map[string]bool{}
	for _, c := range l.Cells {
		for _, id := range c.After {
			if id != "" && first[id] == nil {
				faults = append(faults, Fault{c.File, c.Line - 1, fmt.Sprintf("after=%s: no cell has this id%s", id, meant(id, cellIDs(l)))})
			}
		}
		if cycle := l.cycle(c); cycle != "" && !told[cycle] {
			told[cycle] = true
			faults = append(faults, Fault{c.File, c.Line - 1, "cycle of after: " + cycle})
		}
	}
	return faults
}

// cycle returns the cycle that c is part of and the first of, or "".
func (l *Lesson) cycle(c *Cell) string {
	path, seen := []*Cell{}, map[*Cell]bool{}
	var visit func(*Cell) bool
	visit = func(at *Cell) bool {
		path = append(path, at)
		for _, id := range at.After {
			next := l.Cell(id)
			if next == c {
				return true
			}
			if next == nil || seen[next] || slices.Index(l.Cells, next) < slices.Index(l.Cells, c) {
				continue
			}
			seen[next] = true
			if visit(next) {
				return true
			}
		}
		path = path[:len(path)-1]
		return false
	}
	if visit(c) {
		return cycleText(path)
	}
	return ""
}

func cellIDs(l *Lesson) []string {
	var ids []string
	for _, c := range l.Cells {
		ids = append(ids, c.ID)
	}
	return ids
}

// meant returns "; did you mean X?" for the name most like the given one, or "".
func meant(name string, names []string) string {
	best, cost := "", min(3, max(1, len(name)/3))+1
	for _, n := range names {
		if d := distance(name, n); d < cost && d > 0 {
			best, cost = n, d
		}
	}
	if best == "" {
		return ""
	}
	return fmt.Sprintf("; did you mean %s?", best)
}
