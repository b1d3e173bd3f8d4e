package cell

import (
	"regexp"
	"strings"
)

var (
	addOffset  = regexp.MustCompile(` \+0x[0-9a-f]+`)
	address    = regexp.MustCompile(`0x[0-9a-f]{4,}`)
	arguments  = regexp.MustCompile(`(?m)^(\S+)\((?:\{?(?:0x[0-9a-f]+\??|\.\.\.|, |\{|\})+\}?)\)$`)
	routine    = regexp.MustCompile(`(?i)\b(goroutine) \d+\b`)
	waited     = regexp.MustCompile(`, \d+ minutes\]`)
	exitStatus = regexp.MustCompile(`(?m)^exit status \d+\n?`)
)

// normalise takes from a text what differs from run to run without meaning anything.
func normalise(s string) string {
	s = strings.ReplaceAll(s, "\r\n", "\n")
	s = addOffset.ReplaceAllString(s, "")
	s = arguments.ReplaceAllString(s, "$1(...)")
	s = address.ReplaceAllString(s, "0x?")
	s = routine.ReplaceAllString(s, "$1 N")
	s = waited.ReplaceAllString(s, "]")
	s = exitStatus.ReplaceAllString(s, "")
	lines := strings.Split(s, "\n")
	for i, l := range lines {
		lines[i] = strings.TrimRight(l, " \t")
	}
	return strings.Trim(strings.Join(lines, "\n"), "\n")
}
