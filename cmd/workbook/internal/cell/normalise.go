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

// maxDiff bounds the lines that diff compares one with another.
const maxDiff = 400

// diff shows two texts' lines, "- " those of want only, "+ " those of got only.
func diff(want, got string) string {
	a, b := strings.Split(want, "\n"), strings.Split(got, "\n")
	if len(a) > maxDiff || len(b) > maxDiff {
		return indent("  - ", want) + "\n" + indent("  + ", got)
	}
	common := make([][]int, len(a)+1) // longest common subsequence of a[i:], b[j:]
	for i := range common {
		common[i] = make([]int, len(b)+1)
	}
	for i := len(a) - 1; i >= 0; i-- {
		for j := len(b) - 1; j >= 0; j-- {
			if a[i] == b[j] {
				common[i][j] = common[i+1][j+1] + 1
			} else {
				common[i][j] = max(common[i+1][j], common[i][j+1])
			}
		}
	}
	var out []string
	i, j := 0, 0
	for i < len(a) || j < len(b) {
		switch {
		case i < len(a) && j < len(b) && a[i] == b[j]:
			out = append(out, "    "+a[i])
			i, j = i+1, j+1
		case j == len(b) || i < len(a) && common[i+1][j] >= common[i][j+1]:
			out = append(out, "  - "+a[i])
			i++
		default:
			out = append(out, "  + "+b[j])
			j++
		}
	}
	return strings.Join(out, "\n")
}
