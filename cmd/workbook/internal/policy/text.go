package policy

import (
	"bytes"
	"fmt"
	"unicode"
	"unicode/utf8"
)

// MaxBytes is the size of the largest file that is taken.
const MaxBytes = 64 << 10

func size(s source) []violation {
	if len(s.text) <= MaxBytes {
		return nil
	}
	return []violation{{0, fmt.Sprintf("%s has %d KiB, and at most %d are taken", s.name, (len(s.text)+1023)>>10, MaxBytes>>10), "the solution needs a few dozen lines"}}
}

func text(s source) []violation {
	if utf8.Valid(s.text) && bytes.IndexByte(s.text, 0) < 0 {
		return nil
	}
	line := 0
	for t := range bytes.Lines(s.text) {
		if line++; !utf8.Valid(t) || bytes.IndexByte(t, 0) >= 0 {
			return []violation{{line, "the file is not UTF-8 text, as Go source must be", "save it as UTF-8, or workbook reset " + s.ex.Name + " brings the starter back"}}
		}
	}
	return nil
}

// invisible finds the characters that change the direction of text. By them a line can be shown in
// another order than the compiler reads it (CVE-2021-42574).
func invisible(s source) []violation {
	if !bytes.ContainsFunc(s.text, turns) {
		return nil
	}
	line := 0
	for t := range bytes.Lines(s.text) {
		line++
		for _, r := range string(t) {
			if turns(r) {
				return []violation{{line, fmt.Sprintf("the invisible character %U turns the direction of the text around: people would read this line in another order than the compiler", r), "type the line anew; text copied from elsewhere may bring such characters along"}}
			}
		}
	}
	return nil
}

func turns(r rune) bool { return r > unicode.MaxASCII && unicode.Is(unicode.Bidi_Control, r) }
