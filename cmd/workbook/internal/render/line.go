package render

import (
	"io"
	"strconv"
	"strings"

	"github.com/charmbracelet/x/ansi"
)

// face is how a piece of text looks. It never carries a meaning of its own.
type face struct {
	color  uint8 // SGR code of the foreground, 0 for the terminal's own
	bold   bool
	faint  bool
	italic bool
	under  bool
	strike bool
}

// The colours are the terminal's own sixteen, so that the reader's theme decides.
const (
	red     = 31
	green   = 32
	yellow  = 33
	blue    = 34
	magenta = 35
	cyan    = 36
)

// span is a piece of clean text in one face.
type span struct {
	text string
	face face
	link string // target of a hyperlink, or ""
}

// line is one line of output.
type line struct {
	spans []span
	src   int // line of the source it was made from, 0 where unknown
	note  *note
}

// plainText makes spans of one piece of foreign or own text.
func plainText(text string, f face) []span {
	return []span{{text: cleanLine(text), face: f}}
}

// textLine makes a line of one piece of text.
func textLine(text string, f face) line { return line{spans: plainText(text, f)} }

// width returns the columns that s takes.
func width(s string) int { return ansi.StringWidth(s) }

// Fit returns s, which may hold the renderer's own escape sequences, cut to the given columns.
func Fit(s string, columns int) string { return ansi.Truncate(s, max(columns, 0), "…") }

// Break breaks lines that are wider than so many columns, wherever they reach them.
func Break(text string, columns int) string { return ansi.Hardwrap(text, max(columns, 1), true) }

// Strip returns s without the renderer's own escape sequences.
func Strip(s string) string { return ansi.Strip(s) }

// text returns the line without faces.
func (l line) text() string {
	if len(l.spans) == 1 {
		return l.spans[0].text
	}
	var b strings.Builder
	for _, s := range l.spans {
		b.WriteString(s.text)
	}
	return b.String()
}

// width returns the columns that the line takes.
func (l line) width() int { return width(l.text()) }

// indent puts first before the first line and rest before all others. Notes and source lines stay.
func indent(lines []line, first, rest span) []line {
	for i := range lines {
		prefix := rest
		if i == 0 {
			prefix = first
		}
		lines[i].spans = append([]span{prefix}, lines[i].spans...)
	}
	return lines
}

// pad makes an indentation of n columns.
func pad(n int) span { return span{text: strings.Repeat(" ", max(n, 0))} }

// encode returns the line as it is written, without the newline. Blanks at its end go.
func (s Style) encode(l line) string {
	spans := trimRight(l.spans)
	var b strings.Builder
	link := ""
	for i := 0; i < len(spans); {
		j := i + 1
		for j < len(spans) && spans[j].face == spans[i].face && spans[j].link == spans[i].link {
			j++
		}
		if s.Links && spans[i].link != link {
			link = spans[i].link
			b.WriteString("\x1b]8;;" + link + "\x1b\\")
		}
		codes := ""
		if s.Color {
			codes = spans[i].face.codes()
		}
		b.WriteString(codes)
		for ; i < j; i++ {
			b.WriteString(spans[i].text)
		}
		if codes != "" {
			b.WriteString("\x1b[m")
		}
	}
	if s.Links && link != "" {
		b.WriteString("\x1b]8;;\x1b\\")
	}
	return b.String()
}

// trimRight drops blanks from the line's end.
func trimRight(spans []span) []span {
	for n := len(spans); n > 0; n-- {
		text := strings.TrimRight(spans[n-1].text, " ")
		if text == "" {
			continue
		}
		if text == spans[n-1].text {
			return spans[:n]
		}
		last := spans[n-1]
		last.text = text
		return append(append([]span(nil), spans[:n-1]...), last)
	}
	return nil
}

// codes returns the SGR sequence that turns the face on, "" for the plain one.
func (f face) codes() string {
	var codes []string
	add := func(on bool, code int) {
		if on {
			codes = append(codes, strconv.Itoa(code))
		}
	}
	add(f.bold, 1)
	add(f.faint, 2)
	add(f.italic, 3)
	add(f.under, 4)
	add(f.strike, 9)
	add(f.color != 0, int(f.color))
	if codes == nil {
		return ""
	}
	return "\x1b[" + strings.Join(codes, ";") + "m"
}

// write writes the lines.
func (s Style) write(w io.Writer, lines []line) error {
	var b strings.Builder
	for _, l := range lines {
		b.WriteString(s.encode(l))
		b.WriteByte('\n')
	}
	_, err := io.WriteString(w, b.String())
	return err
}
