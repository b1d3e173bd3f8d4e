package cell

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"workbook/cmd/workbook/internal/course"
)

// Promote runs a cell and returns the text that its output fence should have: the documented one
// where the cell agrees with it, else what the cell really prints, provided that the lesson may show
// that. A fence match=any gains the outcomes that it lacks and, where the cell is explored, loses
// those that no schedule has. What match=regexp and match=contains say is the author's choice: where
// the cell disagrees that is a fault, as it is where the cell does not end as it expects.
func (r *Runner) Promote(ctx context.Context, l *course.Lesson, c *course.Cell) (string, []course.Fault) {
	found := r.Check(ctx, l, c)
	switch {
	case len(found) == 0 && c.Output == nil:
		return "", nil
	case len(found) == 0:
		return c.Output.Text, nil
	case c.Output == nil:
		return "", found
	}
	p, err := Assemble(l, c)
	if err != nil {
		return "", faultsOf(c, err)
	}
	text, err := r.promoted(ctx, p)
	if err != nil {
		return "", faultsOf(c, err)
	}
	if line := unfenced(text); line != "" {
		return "", refused(c, fmt.Sprintf("the output has a line %q, which would end its fence", line))
	}
	changed := p.documenting(text)
	if faults := r.Check(ctx, l, changed.Cell); len(faults) > 0 {
		why := "not updated: "
		if c.Engine != course.EngineExplore {
			why += "the cell prints something else each time; match=any lists what it can print\n"
		}
		faults[0].Text = why + faults[0].Text
		return "", faults
	}
	return text, nil
}

func refused(c *course.Cell, why string) []course.Fault {
	return []course.Fault{{File: c.File, Line: c.Output.Line, Text: "not updated: " + why}}
}

// documenting is the program with another documented output.
func (p *Program) documenting(text string) *Program {
	cell, out := *p.Cell, *p.Cell.Output
	out.Text = text
	cell.Output = &out
	other := *p
	other.Cell = &cell
	return &other
}

// promoted returns the text that makes the lesson true, whatever else may be wrong with it.
func (r *Runner) promoted(ctx context.Context, p *Program) (string, error) {
	c := p.Cell
	res, err := r.run(ctx, p)
	if err != nil {
		return "", err
	}
	if m := compareClass(c, res); m != nil {
		return "", m
	}
	switch c.Output.Match {
	case "regexp", "contains":
		err := Compare(c, res)
		var m *Mismatch
		if errors.As(err, &m) {
			m.Text = fmt.Sprintf("not updated: match=%s is the author's to write. %s", c.Output.Match, m.Text)
		}
		return c.Output.Text, err
	case "any":
		return r.promotedAny(ctx, p, res)
	}
	if len(res.Outcomes) > 1 && c.Engine == course.EngineExplore {
		return "", &Mismatch{File: c.File, Line: c.Output.Line, Text: fmt.Sprintf("not updated: the cell has %d outcomes; say match=any", len(res.Outcomes))}
	}
	if c.Engine == course.EngineExplore && len(res.Outcomes) == 1 {
		return whole(res.Outcomes[0].Text), nil
	}
	return whole(res.Text()), nil
}

// whole ends a text with one newline, as a fence wants it; no text stays none.
func whole(text string) string {
	text = strings.Trim(text, "\n")
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		lines[i] = strings.TrimRight(line, " \t")
	}
	if text = strings.Join(lines, "\n"); text == "" {
		return ""
	}
	return text + "\n"
}

// promotedAny lists the outcomes: those documented, in their order, then the new ones, sorted. Of a
// cell that is not explored no outcome is taken away: that it did not happen here proves nothing.
func (r *Runner) promotedAny(ctx context.Context, p *Program, res Result) (string, error) {
	c := p.Cell
	results := []Result{res}
	explored := c.Engine == course.EngineExplore && res.Class != ClassCompile
	if !explored && c.Engine != course.EngineVet && c.Engine != course.EngineBuild {
		more, err := r.repeat(ctx, p, 2*admitRuns)
		if err != nil {
			return "", err
		}
		results = append(results, more...)
	}
	seen, err := outcomes(c, results)
	if err != nil {
		return "", err
	}
	var list []string
	for _, want := range wanted(c) {
		if slices.Contains(seen, want) || !explored && want != "" {
			list = append(list, want)
		}
	}
	for _, text := range seen {
		if !slices.Contains(list, text) {
			list = append(list, text)
		}
	}
	for _, text := range list {
		if slices.Contains(strings.Split(text, "\n"), "---") {
			return "", &Mismatch{File: c.File, Line: c.Output.Line, Text: "not updated: an outcome has a line ---, which parts outcomes"}
		}
	}
	for i := range list {
		list[i] = whole(list[i])
	}
	return strings.Join(list, "---\n"), nil
}

// outcomes returns the different texts of several results, sorted; each must end as the cell expects.
func outcomes(c *course.Cell, results []Result) (seen []string, err error) {
	for _, one := range results {
		if m := compareClass(c, one); m != nil {
			return nil, m
		}
		texts := observed(c, one)
		if c.Engine == course.EngineExplore && one.Class != ClassCompile {
			texts = one.Texts()
		}
		for _, text := range texts {
			if text = normalise(text); !slices.Contains(seen, text) {
				seen = append(seen, text)
			}
		}
	}
	slices.Sort(seen)
	return seen, nil
}

// unfenced returns the line of a text that would end the fence around it, or "".
func unfenced(text string) string {
	for line := range strings.Lines(text) {
		if rest := strings.TrimLeft(line, " "); len(line)-len(rest) < 4 && strings.HasPrefix(rest, "```") {
			return strings.TrimSpace(line)
		}
	}
	return ""
}

// fenceAt returns where in a line a fence begins, -1 for nowhere.
func fenceAt(line string) int {
	return max(strings.Index(line, "```"), strings.Index(line, "~~~"))
}

// Replace returns a lesson's file with other texts in output fences, which are named by the cells
// that they belong to. The error says that the file is not the one that the cells were read from.
func Replace(file []byte, texts map[*course.Cell]string) ([]byte, error) {
	newline := "\n"
	if strings.Contains(string(file), "\r\n") {
		newline = "\r\n"
	}
	lines := strings.Split(string(file), newline)
	cells := make([]*course.Cell, 0, len(texts))
	for c := range texts {
		cells = append(cells, c)
	}
	slices.SortFunc(cells, func(a, b *course.Cell) int { return b.Output.Line - a.Output.Line }) // from the end
	for _, c := range cells {
		first, n := c.Output.Line-1, strings.Count(c.Output.Text, "\n")
		if first < 1 || first+n >= len(lines) {
			return nil, fmt.Errorf("%s:%d: the file has changed: the output of cell %s is not there", c.File, c.Output.Line, c.ID)
		}
		open, end := fenceAt(lines[first-1]), fenceAt(lines[first+n])
		if open < 0 || end < 0 {
			return nil, fmt.Errorf("%s:%d: the file has changed: the output of cell %s is not there", c.File, c.Output.Line, c.ID)
		}
		margin := lines[first-1][:open]
		var fresh []string
		for line := range strings.Lines(texts[c]) {
			fresh = append(fresh, strings.TrimRight(margin+strings.TrimRight(line, "\n"), " \t"))
		}
		lines = slices.Replace(lines, first, first+n, fresh...)
	}
	return []byte(strings.Join(lines, newline)), nil
}
