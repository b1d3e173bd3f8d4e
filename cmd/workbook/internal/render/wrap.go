package render

import (
	"strings"
	"unicode/utf8"

	"github.com/charmbracelet/x/ansi"
)

// wrapper fills lines with words.
type wrapper struct {
	width int
	lines []line
	cur   []span // the line being filled
	used  int    // its columns
	gap   span   // the blank before the next word, dropped where a line ends
	word  []span
}

// wrap sets spans in lines of at most width columns. It breaks at blanks, between wide characters, and
// where a word alone is wider than a line. In a span, "\n" is a hard break and "\t" a wide blank.
func wrap(spans []span, width int) []line {
	w := &wrapper{width: max(width, 1)}
	for _, s := range spans {
		w.span(s)
	}
	w.flush()
	if len(w.cur) > 0 || len(w.lines) == 0 {
		w.newline()
	}
	return w.lines
}

func (w *wrapper) span(s span) {
	previous := ""
	for rest := s.text; rest != ""; {
		cluster, columns := ansi.FirstGraphemeCluster(rest, ansi.GraphemeWidth)
		rest = rest[len(cluster):]
		switch {
		case cluster == " ":
			w.flush()
			w.gap = span{text: " ", face: s.face, link: s.link}
		case cluster == "\t":
			w.flush()
			w.gap = span{text: "  "}
		case cluster == "\n":
			w.flush()
			w.newline()
		default:
			if breakable(previous, cluster, columns) {
				w.flush()
			}
			w.grow(span{text: cluster, face: s.face, link: s.link})
		}
		previous = cluster
	}
}

// Characters of East Asian text that may not begin or end a line.
const (
	noStart = "、。，．・：；？！）］｝」』】〉》〕ーぁぃぅぇぉっゃゅょゎ々゛゜…"
	noEnd   = "（［｛「『【〈《〔"
)

// breakable reports whether a line may end between two clusters that no blank parts.
func breakable(before, after string, columns int) bool {
	if before == "" || before == " " || before == "\n" {
		return false
	}
	if columns < 2 && width(before) < 2 {
		return false
	}
	r, _ := utf8.DecodeRuneInString(after)
	p, _ := utf8.DecodeRuneInString(before)
	return !strings.ContainsRune(noStart, r) && !strings.ContainsRune(noEnd, p) && (columns == 2 || r > 0x2e7f || isLetter(r))
}

func isLetter(r rune) bool {
	return 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9'
}

// grow adds a cluster to the word.
func (w *wrapper) grow(s span) { w.word = appendSpan(w.word, s) }

// appendSpan adds s, joined with the last span where both look the same.
func appendSpan(spans []span, s span) []span {
	if n := len(spans); n > 0 && spans[n-1].face == s.face && spans[n-1].link == s.link {
		spans[n-1].text += s.text
		return spans
	}
	return append(spans, s)
}

// flush puts the word on the line, or on the next one.
func (w *wrapper) flush() {
	if w.word == nil {
		return
	}
	word, columns := w.word, line{spans: w.word}.width()
	w.word = nil
	if w.used > 0 && w.used+len(w.gap.text)+columns > w.width {
		w.newline()
	}
	for columns > w.width {
		var head []span
		head, word = splitWord(word, w.width)
		w.cur = head
		w.newline()
		columns = line{spans: word}.width()
	}
	if w.used > 0 && w.gap.text != "" {
		w.cur = appendSpan(w.cur, w.gap)
		w.used += len(w.gap.text)
	}
	w.gap = span{}
	for _, s := range word {
		w.cur = appendSpan(w.cur, s)
	}
	w.used += columns
}

func (w *wrapper) newline() {
	w.lines = append(w.lines, line{spans: w.cur})
	w.cur, w.used, w.gap = nil, 0, span{}
}

// splitWord cuts a word that is wider than columns, after a mark such as "/" where there is one in the
// second half of the piece. The head has at least one cluster.
func splitWord(word []span, columns int) (head, tail []span) {
	at, mark, used, index := 0, 0, 0, 0
	text := line{spans: word}.text()
	for index < len(text) {
		cluster, n := ansi.FirstGraphemeCluster(text[index:], ansi.GraphemeWidth)
		if used+n > columns && index > 0 {
			break
		}
		used += n
		index += len(cluster)
		at = index
		if strings.Contains("/-_.,;:&?=#)", cluster) && used*2 > columns {
			mark = index
		}
	}
	if mark > 0 && at < len(text) {
		at = mark
	}
	return splitAt(word, at)
}

// splitAt cuts spans at a byte offset of their text.
func splitAt(spans []span, at int) (head, tail []span) {
	for i, s := range spans {
		if at < len(s.text) {
			left, right := s, s
			left.text, right.text = s.text[:at], s.text[at:]
			head = append(head, spans[:i]...)
			if left.text != "" {
				head = append(head, left)
			}
			return head, append([]span{right}, spans[i+1:]...)
		}
		at -= len(s.text)
	}
	return spans, nil
}
