package policy

import (
	"bytes"
	"fmt"
	"go/scanner"
	"go/token"
	"unicode"
	"unicode/utf8"
)

// MaxBytes is the size of the largest file that is taken.
const MaxBytes = 64 << 10

func size(s source) []violation {
	if len(s.text) <= MaxBytes {
		return nil
	}
	return []violation{{0, fmt.Sprintf("%s has more than %d KiB, which is the most that is taken", s.name, MaxBytes>>10), "the solution needs a few dozen lines"}}
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

// What a program is made of is bounded too, so that reading one takes a few milliseconds whatever is in
// it. The largest right program of the course has a thousand words and signs, eight brackets deep.
const (
	maxTokens = 8_000
	maxDepth  = 100
)

// length wants no more words and signs than a person would write, and no more brackets open at once.
func length(s source) []violation {
	if lines := bytes.Count(s.text, []byte("\n")); lines > maxTokens {
		return []violation{{0, fmt.Sprintf("the program has %d lines, and at most %d are taken", lines, maxTokens), "the solution needs a few dozen"}}
	}
	file := s.fset.AddFile(s.name, -1, len(s.text))
	var words scanner.Scanner
	words.Init(file, s.text, nil, scanner.ScanComments) // what is no Go is the compiler's to refuse
	for n, depth := 0, 0; ; n++ {
		at, tok, _ := words.Scan()
		switch tok {
		case token.EOF:
			return nil
		case token.LPAREN, token.LBRACK, token.LBRACE:
			depth++
		case token.RPAREN, token.RBRACK, token.RBRACE:
			depth = max(depth-1, 0)
		}
		switch {
		case depth > maxDepth:
			return []violation{{s.line(at), fmt.Sprintf("more than %d brackets are open here, one in another", maxDepth), "give the inner parts names: a variable, or a function of their own"}}
		case n == maxTokens:
			return []violation{{s.line(at), fmt.Sprintf("the program goes on after %d words and signs, and no more are taken", maxTokens), "the solution needs a few dozen lines"}}
		}
	}
}
