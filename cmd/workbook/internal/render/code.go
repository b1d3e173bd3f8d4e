package render

import (
	"go/scanner"
	"go/token"
	"strings"

	"github.com/charmbracelet/x/ansi"
)

// code returns source text as lines of at most width columns, Go's tokens in faces of their own. A line
// that does not fit goes on under itself, behind a mark. The lines' src is their row in the text, from 1.
func (d *drawer) code(text string, isGo bool, width int) []line {
	text = strings.TrimSuffix(Clean(text), "\n")
	spans := []span{{text: text}}
	if isGo && d.Color {
		spans = colorGo(text)
	}
	var lines []line
	for row, spans := range splitLines(spans) {
		for _, l := range d.codeLine(expandTabs(spans, d.tab()), width) {
			l.src = row + 1
			lines = append(lines, l)
		}
	}
	return lines
}

// splitLines cuts spans at their newlines.
func splitLines(spans []span) [][]span {
	lines := [][]span{nil}
	for _, s := range spans {
		for i, part := range strings.Split(s.text, "\n") {
			if i > 0 {
				lines = append(lines, nil)
			}
			if part != "" {
				last := len(lines) - 1
				lines[last] = append(lines[last], span{text: part, face: s.face})
			}
		}
	}
	return lines
}

// expandTabs replaces tabs by blanks up to the next stop.
func expandTabs(spans []span, stop int) []span {
	column := 0
	for i, s := range spans {
		if !strings.Contains(s.text, "\t") {
			column += width(s.text)
			continue
		}
		var b strings.Builder
		for j, part := range strings.Split(s.text, "\t") {
			if j > 0 {
				n := stop - column%stop
				b.WriteString(strings.Repeat(" ", n))
				column += n
			}
			b.WriteString(part)
			column += width(part)
		}
		spans[i].text = b.String()
	}
	return spans
}

// codeLine breaks one line of code where it is wider than width: at a blank, behind a comma or an opening
// bracket if there is one in the second half, else anywhere.
func (d *drawer) codeLine(spans []span, columns int) []line {
	text := line{spans: spans}.text()
	if width(text) <= columns {
		return []line{{spans: spans}}
	}
	mark := d.pick("↳ ", "-> ")
	own := len(text) - len(strings.TrimLeft(text, " "))
	more := span{text: strings.Repeat(" ", min(own, columns/3)) + mark, face: faintFace}
	head, tail := splitCode(spans, columns)
	lines := []line{{spans: head}}
	for len(tail) > 0 {
		head, tail = splitCode(tail, max(columns-width(more.text), 4))
		lines = append(lines, line{spans: append([]span{more}, head...)})
	}
	return lines
}

// splitCode cuts the spans so that the head has at most the given columns and at least one cluster.
func splitCode(spans []span, columns int) (head, tail []span) {
	text := line{spans: spans}.text()
	used, index, mark := 0, 0, 0
	for index < len(text) {
		cluster, n := ansi.FirstGraphemeCluster(text[index:], ansi.GraphemeWidth)
		if used+n > columns && index > 0 {
			break
		}
		used += n
		index += len(cluster)
		if strings.Contains(" ,([{", cluster) && used*2 > columns {
			mark = index
		}
	}
	if mark > 0 && index < len(text) && text[index] != ' ' {
		index = mark
	}
	head, tail = splitAt(spans, index)
	return head, trimLeft(tail)
}

// trimLeft drops the blanks at which a line of code was broken.
func trimLeft(spans []span) []span {
	for i, s := range spans {
		if s.text = strings.TrimLeft(s.text, " "); s.text != "" {
			return append([]span{s}, spans[i+1:]...)
		}
	}
	return nil
}

// The faces of Go's tokens.
var (
	keywordFace = face{color: magenta}
	stringFace  = face{color: green}
	numberFace  = face{color: cyan}
	commentFace = face{italic: true, faint: true}
)

// colorGo gives each token of clean Go source its face. Source that does not scan stays as it is.
func colorGo(text string) []span {
	if strings.ContainsRune(text, '\r') {
		return []span{{text: text}} // the scanner drops CRs from literals, offsets would be wrong
	}
	file := token.NewFileSet().AddFile("", -1, len(text))
	var s scanner.Scanner
	s.Init(file, []byte(text), func(token.Position, string) {}, scanner.ScanComments)
	var spans []span
	end := 0
	for {
		pos, tok, literal := s.Scan()
		if tok == token.EOF {
			break
		}
		f, known := tokenFace(tok)
		start := file.Offset(pos)
		if !known || start < end || start+len(literal) > len(text) {
			continue
		}
		spans = appendText(spans, text[end:start], face{})
		end = start + len(literal)
		spans = appendText(spans, text[start:end], f)
	}
	return appendText(spans, text[end:], face{})
}

func tokenFace(tok token.Token) (face, bool) {
	switch {
	case tok.IsKeyword():
		return keywordFace, true
	case tok == token.STRING || tok == token.CHAR:
		return stringFace, true
	case tok == token.INT || tok == token.FLOAT || tok == token.IMAG:
		return numberFace, true
	case tok == token.COMMENT:
		return commentFace, true
	}
	return face{}, false
}

func appendText(spans []span, text string, f face) []span {
	if text == "" {
		return spans
	}
	return append(spans, span{text: text, face: f})
}
