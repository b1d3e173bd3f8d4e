package batch

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"workbook/cmd/workbook/internal/verdict"
)

// What a report carries of a submission at most: its author may have wanted to fill a disk, or to write
// into the terminal of whoever reads it.
const (
	maxOutput   = 4 << 10 // bytes of what it printed
	maxMessage  = 2 << 10 // bytes of a message
	maxLine     = 400     // bytes of a line of detail
	maxLines    = 60      // lines of a list
	maxFindings = 30
)

// clean makes a verdict safe to show: every text is UTF-8 without control characters, and not longer than
// a report's reader has patience for.
func clean(v verdict.Verdict) verdict.Verdict {
	v.Title, v.Explored = cleanLine(v.Title), cleanText(v.Explored, maxMessage)
	v.Output = cleanText(v.Output, maxOutput)
	v.Notes = cleanLines(v.Notes)
	v.Unfinished = nil
	if v.Tests == nil {
		v.Tests = []verdict.Test{}
	}
	found := make([]verdict.Finding, 0, len(v.Findings))
	for _, f := range v.Findings[:min(len(v.Findings), maxFindings)] {
		f.Message, f.Hint = cleanText(f.Message, maxMessage), cleanText(f.Hint, maxMessage)
		f.Detail, f.Timeline = cleanLines(f.Detail), cleanLines(f.Timeline)
		f.Schedule, f.Raw = cleanText(f.Schedule, maxMessage), ""
		f.At = slices.Clone(f.At)[:min(len(f.At), maxFindings)]
		for i := range f.At {
			f.At[i].File, f.At[i].Source = cleanLine(f.At[i].File), cleanText(f.At[i].Source, maxLine)
		}
		found = append(found, f)
	}
	v.Findings = found
	return v
}

func cleanLines(lines []string) []string {
	var all []string
	for i, line := range lines {
		if i == maxLines {
			return append(all, fmt.Sprintf("… and %d more lines", len(lines)-maxLines))
		}
		all = append(all, cleanText(line, maxLine))
	}
	return all
}

// newlines writes line breaks and tabs as Go does.
var newlines = strings.NewReplacer("\n", `\n`, "\t", `\t`)

// cleanLine is cleanText for one line.
func cleanLine(s string) string {
	return newlines.Replace(cleanText(s, maxLine))
}

// cleanText escapes what is no text: bytes that are not UTF-8, control characters except newline and tab,
// and characters that nobody sees or that turn the direction of writing.
func cleanText(s string, limit int) string {
	var b strings.Builder
	for i := 0; i < len(s); {
		r, n := utf8.DecodeRuneInString(s[i:])
		switch {
		case r == utf8.RuneError && n == 1:
			fmt.Fprintf(&b, `\x%02x`, s[i])
		case r == '\n', r == '\t', unicode.IsPrint(r):
			b.WriteRune(r)
		case r < 0x80:
			fmt.Fprintf(&b, `\x%02x`, r)
		default:
			fmt.Fprintf(&b, `\u{%x}`, r)
		}
		if i += n; b.Len() >= limit && i < len(s) {
			fmt.Fprintf(&b, "… (%d bytes more)", len(s)-i)
			break
		}
	}
	return b.String()
}
