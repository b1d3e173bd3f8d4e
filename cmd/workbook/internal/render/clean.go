package render

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Clean returns text in which nothing can act on a terminal: control characters other than tab and
// newline, bidirectional controls, line separators and invisible format characters appear as Go escapes
// ("\x1b", "\u202e"), bytes that are not UTF-8 as U+FFFD. A CR before a newline goes.
func Clean(text string) string {
	if isClean(text) {
		return text
	}
	var b strings.Builder
	b.Grow(len(text) + 16)
	before := ' '
	for i, r := range text {
		switch {
		case r == '\r' && strings.HasPrefix(text[i+1:], "\n"):
			continue
		case joins(r):
			// A selector or joiner with nothing before it would join our own drawing.
			if before == ' ' || before == '\n' || before == '\t' {
				continue
			}
			b.WriteRune(r)
		case acts(r):
			b.WriteString(escape(r))
		default:
			b.WriteRune(r)
		}
		before = r
	}
	return b.String()
}

// isClean is the fast path of Clean: printable ASCII needs no look at all.
func isClean(text string) bool {
	for i := range len(text) {
		c := text[i]
		if c >= utf8.RuneSelf || c == 0x7f || c < ' ' && c != '\n' && c != '\t' {
			return false
		}
	}
	return true
}

// acts reports whether a terminal may do something other than show a glyph in place.
func acts(r rune) bool {
	switch {
	case r == '\n' || r == '\t':
		return false
	case unicode.IsControl(r):
		return true
	}
	return unicode.In(r, unicode.Cf, unicode.Zl, unicode.Zp)
}

// joins reports whether r changes the glyph before it. U+200C and U+200D are needed to write Persian
// or to compose emoji.
func joins(r rune) bool {
	return r == 0x200c || r == 0x200d || unicode.In(r, unicode.Variation_Selector)
}

func escape(r rune) string {
	switch {
	case r < 0x80:
		return fmt.Sprintf(`\x%02x`, r)
	case r < 0x10000:
		return fmt.Sprintf(`\u%04x`, r)
	}
	return fmt.Sprintf(`\U%08x`, r)
}

// cleanLine is Clean for text that must stay on one line.
func cleanLine(text string) string {
	return strings.Map(func(r rune) rune {
		if r == '\n' || r == '\t' {
			return ' '
		}
		return r
	}, Clean(text))
}
