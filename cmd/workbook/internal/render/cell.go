package render

import (
	"fmt"
	"regexp"
	"strings"

	"workbook/cmd/workbook/internal/course"
)

var engineWords = map[course.Engine]string{
	course.EngineRun:     "go run",
	course.EngineRace:    "go run -race",
	course.EngineVet:     "go vet",
	course.EngineBuild:   "go build",
	course.EngineExplore: "every schedule",
	course.EngineBubble:  "synctest bubble",
}

var expectWords = map[string]string{
	"race":          "ends in a race report",
	"panic":         "panics",
	"deadlock":      "deadlocks",
	"compile-error": "does not compile",
}

var matchWords = map[string]string{
	"":          "output",
	"exact":     "output",
	"unordered": "output, lines in any order",
	"regexp":    "output, as a pattern",
	"contains":  "output contains",
	"any":       "output, one of these",
}

// badge says what a cell is: its name, what runs it, and what comes of it where no question asks for that.
func badge(c *course.Cell) string {
	words := []string{"cell " + c.ID}
	engine := c.Engine
	if engine == "" {
		engine = course.EngineRun
	}
	if w, ok := engineWords[engine]; ok {
		words = append(words, w)
	} else {
		words = append(words, string(engine))
	}
	if c.Runs > 1 {
		words = append(words, fmt.Sprintf("%d runs", c.Runs))
	}
	if c.Procs > 0 {
		words = append(words, fmt.Sprintf("GOMAXPROCS=%d", c.Procs))
	}
	if len(c.After) > 0 {
		words = append(words, "after "+strings.Join(c.After, ", "))
	}
	if folded := strings.Count(c.Code, "\n") - strings.Count(c.Visible(), "\n"); folded > 0 {
		words = append(words, fmt.Sprintf("%d lines folded", folded))
	}
	if w, ok := expectWords[c.Expect]; c.Asked {
		return strings.Join(words, " · ")
	} else if ok {
		words = append(words, w)
	} else if code, ok := strings.CutPrefix(c.Expect, "exit:"); ok {
		words = append(words, "exits with "+code)
	}
	return strings.Join(words, " · ")
}

var lessonName = regexp.MustCompile(`^(?:\d+-)?(.*)\.md$`)

// runWords says how the reader runs the cell.
func (d *drawer) runWords(c *course.Cell) string {
	if d.pager {
		return "r runs it"
	}
	slug := lessonSlug(d.slug, c.File)
	if slug == "" {
		return ""
	}
	return cleanLine("workbook run " + slug + " " + c.ID)
}

// cell lays out a cell: its badge, its code, the documented output, all behind one bar. How it is run
// stands beside the badge, or at the end where it does not fit there.
func (d *drawer) cell(c *course.Cell, width int) []line {
	first, output, last := &note{cell: c, part: cellBegin}, &note{cell: c, part: cellOutput}, &note{cell: c, part: cellEnd}
	if d.Plain {
		return d.plainCell(c, width, [3]*note{first, output, last})
	}
	lines, rest := d.frameTitle(badge(c), d.runWords(c), "┌", width)
	lines[0].note = first
	bar := span{text: "│ ", face: faintFace}
	lines = append(lines, indent(d.cellCode(c, width-2), bar, bar)...)
	if c.Output != nil {
		title, _ := d.frameTitle(matchTitle(c.Output), "", "├", width)
		title[0].note = output
		lines = append(append(lines, title...), number(d.frameBody(documented(c.Output), false, width), c.Output.Line)...)
	}
	end := indent(wrap(plainText(rest, faintFace), width-2), span{text: "└ ", face: faintFace}, pad(2))
	end[len(end)-1].note = last
	return append(lines, end...)
}

// cellCode lays out a cell's code without its hidden lines, each line with its number in the lesson.
func (d *drawer) cellCode(c *course.Cell, width int) []line {
	lines := d.code(c.Visible(), true, width)
	all := strings.SplitAfter(c.Code, "\n")
	var numbers []int
	next := 0
	for row := range strings.Lines(c.Visible()) {
		for next < len(all)-1 && all[next] != row {
			next++
		}
		numbers = append(numbers, c.Line+next)
		next++
	}
	var shown []line
	for _, l := range lines {
		if row := l.src - 1; row < len(numbers) {
			l.src = numbers[row]
		}
		if n := len(shown); n > 0 && l.src > shown[n-1].src+1 && l.text() == "" && shown[n-1].text() == "" {
			continue // the blank lines around what is hidden would stand together
		}
		shown = append(shown, l)
	}
	return shown
}

// number turns the row numbers that code gave to lines into line numbers of the lesson.
func number(lines []line, first int) []line {
	for i := range lines {
		lines[i].src += first - 1
	}
	return lines
}

func matchTitle(o *course.Output) string {
	if title, ok := matchWords[o.Match]; ok {
		return title
	}
	return "output, " + o.Match
}

// documented returns the output as it is shown: the results of match=any are parted by "or".
func documented(o *course.Output) string {
	if o.Match != "any" {
		return o.Text
	}
	rows := strings.Split(o.Text, "\n")
	for i, row := range rows {
		if strings.TrimSpace(row) == "---" {
			rows[i] = "or"
		}
	}
	return strings.Join(rows, "\n")
}

// frameTitle lays out the first line of a frame, a remark at its right. It returns the remark where it
// does not fit.
func (d *drawer) frameTitle(title, remark, corner string, columns int) (lines []line, rest string) {
	bar := span{text: "│ ", face: faintFace}
	lines = indent(wrap(plainText(title, boldFace), prose(columns)-2), span{text: corner + " ", face: faintFace}, bar)
	free := prose(columns) - lines[0].width() - width(remark) - 2
	if remark == "" || len(lines) > 1 || free < 2 {
		return lines, remark
	}
	lines[0].spans = append(lines[0].spans, span{text: " " + strings.Repeat("─", free) + " " + remark, face: faintFace})
	return lines, ""
}

// frameBody lays out raw text behind a bar.
func (d *drawer) frameBody(text string, isGo bool, columns int) []line {
	bar := span{text: "│ ", face: faintFace}
	return indent(d.code(text, isGo, columns-2), bar, bar)
}

// plainCell is the linear form of a cell.
func (d *drawer) plainCell(c *course.Cell, columns int, notes [3]*note) []line {
	title := strings.Replace(badge(c), "cell ", "Cell ", 1)
	lines := wrap(plainText(strings.ReplaceAll(title, " · ", ", ")+":", face{}), prose(columns))
	lines[0].note = notes[cellBegin]
	margin := d.margin(columns)
	lines = append(lines, indent(d.cellCode(c, columns-len(margin.text)), margin, margin)...)
	if c.Output != nil {
		head := wrap(plainText("Its "+matchTitle(c.Output)+":", face{}), prose(columns))
		head[0].note = notes[cellOutput]
		lines = append(append(lines, head...), number(d.listing(documented(c.Output), false, columns), c.Output.Line)...)
	}
	run := d.runWords(c)
	if !d.pager {
		run = "Run it: " + run
	}
	end := wrap(plainText(run, face{}), prose(columns))
	end[len(end)-1].note = notes[cellEnd]
	return append(lines, end...)
}

// Frame returns lines that show what a cell printed: a title, the text behind a bar.
func (s Style) Frame(title, text string) []string {
	d := s.newDrawer(nil)
	var lines []line
	if d.Plain {
		lines = wrap(plainText(title+":", face{}), d.Width)
	} else {
		lines, _ = d.frameTitle(title, "", "├", d.Width)
	}
	if text != "" && d.Plain {
		lines = append(lines, d.listing(text, false, d.Width)...)
	} else if text != "" {
		lines = append(lines, d.frameBody(text, false, d.Width)...)
	}
	return d.strings(lines)
}

// strings encodes lines.
func (s Style) strings(lines []line) []string {
	out := make([]string, len(lines))
	for i, l := range lines {
		out[i] = s.encode(l)
	}
	return out
}
