package render

import (
	"fmt"
	"io"
	"strings"
	"time"

	"workbook/cmd/workbook/internal/verdict"
)

const (
	outputLines  = 20  // of what a program printed that are shown
	findingLines = 200 // of a finding's details; a dump of goroutines can be endless
)

// Verdict writes a verdict: what happened, the tests, each finding with its places, what to do next.
func (s Style) Verdict(w io.Writer, v verdict.Verdict) error {
	d := s.newDrawer(nil)
	parts := [][]line{d.verdictTitle(v), d.tests(v.Tests)}
	long, short := divide(v.Findings)
	for _, f := range long {
		parts = append(parts, d.finding(v, f)...)
	}
	parts = append(parts, d.also(short), d.remarks(v), d.printed(v.Output), d.times(v))
	return d.write(w, paragraphs(parts))
}

// divide tells the findings that are shown whole from those that a line each is enough for. One mistake
// often fails several tests, and a learner mends one thing at a time: of findings with a story the first is
// told. Errors of the compiler are short, and each is shown.
func divide(findings []verdict.Finding) (long, short []verdict.Finding) {
	for i, f := range findings {
		if i == 0 || f.Class == verdict.Build || f.Class == verdict.Policy {
			long = append(long, f)
		} else {
			short = append(short, f)
		}
	}
	return long, short
}

// also lists findings in a line each: where, and the first sentence of what.
func (d *drawer) also(findings []verdict.Finding) []line {
	if len(findings) == 0 {
		return nil
	}
	lines := []line{textLine("also:", boldFace)}
	seen := map[string]bool{}
	for _, f := range findings {
		at, text := "", sentence(f.Message)
		if len(f.At) > 0 {
			at = placeWord(f.At[0])
		}
		if seen[at+text] {
			continue
		}
		seen[at+text] = true
		if 2+width(at) > d.Width-minBody { // a place stays whole
			lines = append(lines, indent([]line{textLine(at, boldFace)}, pad(2), pad(2))...)
			at = ""
		}
		lines = append(lines, indent(wrap(lineBreaks(strings.TrimSpace(at+" "+text)), prose(d.Width)-4), pad(2), pad(4))...)
	}
	return lines
}

// sentence returns the first sentence of a text.
func sentence(text string) string {
	text, _, _ = strings.Cut(text, "\n")
	if i := strings.Index(text, ". "); i > 0 {
		return text[:i+1]
	}
	return text
}

// paragraphs joins the parts that are not empty, with a blank line between each two.
func paragraphs(parts [][]line) []line {
	var lines []line
	for _, part := range parts {
		if len(part) > 0 && len(lines) > 0 {
			lines = append(lines, line{})
		}
		lines = append(lines, part...)
	}
	return lines
}

// classWord returns the word that a verdict's title begins with.
func classWord(c verdict.Class) string {
	switch c {
	case verdict.NotConcurrent:
		return "NOT CONCURRENT"
	case "":
		return "ERROR"
	}
	return strings.ToUpper(string(c))
}

func classFace(c verdict.Class) face {
	if c == verdict.Pass {
		return face{bold: true, color: green}
	}
	return face{bold: true, color: red}
}

// verdictTitle lays out the one line that says what happened.
func (d *drawer) verdictTitle(v verdict.Verdict) []line {
	mark := d.pick("✗ ", "")
	if v.Passed {
		mark = d.pick("✓ ", "")
	}
	subject := v.Exercise
	if subject == "" {
		subject = strings.Trim(v.Package+" "+v.Test, " ")
	}
	spans := plainText(mark+classWord(v.Class), classFace(v.Class))
	spans = append(spans, span{text: "\t"})
	spans = append(spans, plainText(strings.TrimPrefix(subject+": ", ": ")+v.Title, boldFace)...)
	return indent(wrap(spans, prose(d.Width)-2), pad(0), pad(2))
}

// tests lists the hidden tests in columns.
func (d *drawer) tests(tests []verdict.Test) []line {
	var c testColumns
	for _, t := range tests {
		c.class = max(c.class, width(cleanLine(string(t.Class))))
		c.name = max(c.name, width(cleanLine(t.Name)))
		c.took = max(c.took, len(millis(t)))
	}
	var lines []line
	for _, t := range tests {
		lines = append(lines, d.test(t, c)...)
	}
	return lines
}

// testColumns are the widths of the list of tests.
type testColumns struct{ class, name, took int }

func millis(t verdict.Test) string { return fmt.Sprintf("%d ms", t.MS) }

func (d *drawer) test(t verdict.Test, c testColumns) []line {
	class, name, took := cleanLine(string(t.Class)), cleanLine(t.Name), millis(t)
	f := classFace(t.Class)
	f.bold = t.Class != verdict.Pass
	whole := []span{{text: class, face: f}, pad(c.class - width(class) + 2), {text: name}}
	if 2+c.class+2+c.name+2+c.took <= d.Width {
		whole = append(whole, pad(c.name-width(name)+2+c.took-len(took)), span{text: took, face: faintFace})
	} else if 2+c.class+2+width(name) > d.Width {
		return indent(wrap([]span{{text: class, face: f}, {text: "\t"}, {text: name}}, d.Width-4), pad(2), pad(4))
	}
	return indent([]line{{spans: whole}}, pad(2), pad(0))
}

// finding lays out one thing that is wrong: the message, its places, details, and what to do.
func (d *drawer) finding(v verdict.Verdict, f verdict.Finding) [][]line {
	if f.Class == verdict.Build && len(f.At) == 1 && len(f.Detail)+len(f.Timeline) == 0 {
		return [][]line{d.compileError(f), d.next(v, f)}
	}
	message := f.Message
	if f.Test != "" && len(v.Findings) > 1 {
		message = f.Test + ": " + message
	}
	evidence := d.places(f.At)
	for _, text := range f.Detail {
		evidence = append(evidence, indent(d.given(text, d.Width-2), pad(2), pad(2))...)
	}
	if len(evidence) > findingLines {
		more := textLine(fmt.Sprintf("  … %d more lines", len(evidence)-findingLines), faintFace)
		evidence = append(evidence[:findingLines], more)
	}
	return [][]line{wrap(lineBreaks(message), prose(d.Width)), evidence, d.timeline(f.Timeline), d.next(v, f)}
}

// compileError lays out an error as the compiler words it, the line of source under it.
func (d *drawer) compileError(f verdict.Finding) []line {
	at := f.At[0]
	head := []span{{text: placeWord(at), face: boldFace}}
	message := lineBreaks(f.Message)
	lines := []line{{spans: append(append(head, span{text: " "}), message...)}}
	if lines[0].width() > d.Width || strings.Contains(message[0].text, "\n") {
		lines = append([]line{{spans: head}}, indent(wrap(message, d.Width-2), pad(2), pad(2))...)
	}
	if at.Source == "" {
		return lines
	}
	return append(lines, indent(d.codeLine(d.sourceLine(at.Source), d.Width-4), pad(4), pad(4))...)
}

// lineBreaks makes spans of text that keeps its newlines.
func lineBreaks(text string) []span {
	return []span{{text: strings.ReplaceAll(Clean(strings.TrimRight(text, "\n")), "\t", " ")}}
}

// given lays out text whose columns mean something: it is not filled, only broken where it does not fit.
func (d *drawer) given(text string, width int) []line {
	return d.code(text, false, width)
}

// places lists lines of the learner's file. The place begins the line: terminals and editors follow it.
func (d *drawer) places(places []verdict.Place) []line {
	roles := 0
	for _, p := range places {
		if p.Source != "" {
			roles = max(roles, width(cleanLine(p.Role)))
		}
	}
	var lines []line
	for _, p := range places {
		lines = append(lines, d.placeLines(p, roles)...)
	}
	return lines
}

func (d *drawer) placeLines(p verdict.Place, roles int) []line {
	at := span{text: placeWord(p), face: boldFace}
	role := cleanLine(p.Role)
	rest := []span{{text: " " + role}}
	if p.Source != "" {
		bar := span{text: d.pick(" │ ", " | "), face: faintFace}
		rest = append(rest, pad(roles-width(role)), bar)
		rest = append(rest, d.sourceLine(p.Source)...)
	}
	whole := append([]span{at}, rest...)
	if (line{spans: whole}).width() <= d.Width {
		return []line{{spans: whole}}
	}
	lines := []line{{spans: []span{at}}}
	return append(lines, indent(d.codeLine(trimLeft(rest), d.Width-2), pad(2), pad(2))...)
}

// placeWord is the form of a place that terminals and editors follow.
func placeWord(p verdict.Place) string { return cleanLine(fmt.Sprintf("%s:%d:", p.File, p.Line)) }

// sourceLine returns one line of source in the faces of Go's tokens.
func (d *drawer) sourceLine(text string) []span {
	text = strings.TrimSpace(cleanLine(text))
	if !d.Color {
		return []span{{text: text}}
	}
	return colorGo(text)
}

// next says what to do about a finding: the hint, where to read, how to see it again.
func (d *drawer) next(v verdict.Verdict, f verdict.Finding) []line {
	var lines []line
	add := func(label, text string) {
		if text != "" {
			lines = append(lines, d.labelled(label, text)...)
		}
	}
	add("next", f.Hint)
	if f.Lesson != "" {
		add("read", "workbook read "+f.Lesson)
	}
	if f.Schedule != "" {
		add("again", replay(v, f.Schedule))
	}
	return lines
}

// replay is the command that runs a schedule again.
func replay(v verdict.Verdict, schedule string) string {
	if v.Exercise == "" && v.Package != "" {
		return fmt.Sprintf("workbook explore %s -run '^%s$' --schedule %s", v.Package, v.Test, strings.TrimPrefix(schedule, v.Test+"/"))
	}
	return "workbook replay " + strings.TrimSpace(v.Exercise+" "+schedule)
}

// labelled lays out "label: text", hanging.
func (d *drawer) labelled(label, text string) []line {
	mark := span{text: label + ": ", face: boldFace}
	return indent(wrap(lineBreaks(text), prose(d.Width)-len(mark.text)), mark, pad(len(mark.text)))
}

// remarks lists what else is to be known: the schedules explored, the layers that could not run.
func (d *drawer) remarks(v verdict.Verdict) []line {
	var lines []line
	if v.Explored != "" {
		lines = append(lines, d.labelled("explored", v.Explored)...)
	}
	for _, n := range v.Notes {
		lines = append(lines, d.labelled("note", n)...)
	}
	return lines
}

// printed shows the end of what the program printed: the last lines are the ones near the mistake.
func (d *drawer) printed(output string) []line {
	output = strings.TrimRight(output, "\n")
	if output == "" {
		return nil
	}
	title := "the program printed"
	rows := strings.Split(output, "\n")
	if dropped := len(rows) - outputLines; dropped > 0 {
		title = fmt.Sprintf("the program printed %d lines, the last %d", len(rows), outputLines)
		rows = rows[dropped:]
	}
	lines := wrap(plainText(title+":", boldFace), prose(d.Width))
	for _, row := range rows {
		lines = append(lines, d.printedRow(row)...)
	}
	return lines
}

// printedRow shows one line of output behind a bar; of a very long one, its beginning.
func (d *drawer) printedRow(row string) []line {
	bar := span{text: d.pick("│ ", "  "), face: faintFace}
	lines := d.given(row, d.Width-2)
	if len(lines) > outputLines {
		lines = append(lines[:outputLines], textLine("…", faintFace))
	}
	return indent(lines, bar, bar)
}

// times says how long it took.
func (d *drawer) times(v verdict.Verdict) []line {
	if v.ElapsedMS == 0 {
		return nil
	}
	text := seconds(v.ElapsedMS)
	if v.BuildMS > 0 || v.RunMS > 0 {
		text += fmt.Sprintf(" (build %s, run %s)", seconds(v.BuildMS), seconds(v.RunMS))
	}
	return []line{textLine(text, faintFace)}
}

// seconds words a duration: "0.41 s".
func seconds(ms int64) string {
	return fmt.Sprintf("%.2f s", (time.Duration(ms) * time.Millisecond).Seconds())
}
