package cell

import (
	"fmt"
	"strings"
)

// maxDiff bounds the lines that two texts may differ in for them to be compared line by line.
const maxDiff = 2000

// context3 is how many equal lines a unified diff shows around each change.
const context3 = 3

// An edit is a line with what happens to it: ' ' it stays, '-' it goes, '+' it comes.
type edit struct {
	kind byte
	line string
}

// edits returns the shortest way from one list of lines to another.
func edits(a, b []string) (list []edit) {
	for len(a) > 0 && len(b) > 0 && a[0] == b[0] {
		list = append(list, edit{' ', a[0]})
		a, b = a[1:], b[1:]
	}
	var tail []string
	for len(a) > 0 && len(b) > 0 && a[len(a)-1] == b[len(b)-1] {
		tail = append(tail, a[len(a)-1])
		a, b = a[:len(a)-1], b[:len(b)-1]
	}
	list = append(list, between(a, b)...)
	for i := len(tail) - 1; i >= 0; i-- {
		list = append(list, edit{' ', tail[i]})
	}
	return list
}

// between is edits of lists that share neither beginning nor end.
func between(a, b []string) (list []edit) {
	if len(a) > maxDiff || len(b) > maxDiff {
		for _, line := range a {
			list = append(list, edit{'-', line})
		}
		for _, line := range b {
			list = append(list, edit{'+', line})
		}
		return list
	}
	common := make([][]int32, len(a)+1) // length of the longest common subsequence of a[i:] and b[j:]
	for i := range common {
		common[i] = make([]int32, len(b)+1)
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
	for i, j := 0, 0; i < len(a) || j < len(b); {
		switch {
		case i < len(a) && j < len(b) && a[i] == b[j]:
			list = append(list, edit{' ', a[i]})
			i, j = i+1, j+1
		case j == len(b) || i < len(a) && common[i+1][j] >= common[i][j+1]:
			list = append(list, edit{'-', a[i]})
			i++
		default:
			list = append(list, edit{'+', b[j]})
			j++
		}
	}
	return list
}

// diff shows two texts' lines, "- " those of want only, "+ " those of got only.
func diff(want, got string) string {
	var out []string
	for _, e := range edits(strings.Split(want, "\n"), strings.Split(got, "\n")) {
		out = append(out, "  "+string(e.kind)+" "+e.line)
	}
	return strings.Join(out, "\n")
}

// Unified returns the difference of two texts as patch reads it, "" for none. Line ends do not count.
func Unified(name string, old, new []byte) string {
	list := edits(linesOf(old), linesOf(new))
	var b strings.Builder
	for at := 0; ; {
		from, to := nextHunk(list, at)
		if from == len(list) {
			break
		}
		if b.Len() == 0 {
			fmt.Fprintf(&b, "--- a/%s\n+++ b/%s\n", name, name)
		}
		hunk(&b, list, from, to)
		at = to
	}
	return b.String()
}

func linesOf(text []byte) []string {
	s := strings.ReplaceAll(string(text), "\r\n", "\n")
	if s = strings.TrimSuffix(s, "\n"); s == "" {
		return nil
	}
	return strings.Split(s, "\n")
}

// nextHunk returns the edits [from, to) around the first change at or behind the given place, with
// every further change that is near.
func nextHunk(list []edit, at int) (from, to int) {
	first := at
	for first < len(list) && list[first].kind == ' ' {
		first++
	}
	if first == len(list) {
		return len(list), len(list)
	}
	from, to = max(at, first-context3), first
	for quiet := 0; to < len(list); to++ {
		if list[to].kind != ' ' {
			quiet = 0
		} else if quiet++; quiet > 2*context3 {
			to -= context3
			return from, to
		}
	}
	end := to
	for end > 0 && list[end-1].kind == ' ' {
		end--
	}
	return from, min(to, end+context3)
}

// hunk writes the edits [from, to) with the line numbers at which they begin.
func hunk(b *strings.Builder, list []edit, from, to int) {
	oldLine, newLine := 1, 1
	for _, e := range list[:from] {
		if e.kind != '+' {
			oldLine++
		}
		if e.kind != '-' {
			newLine++
		}
	}
	olds, news := 0, 0
	for _, e := range list[from:to] {
		if e.kind != '+' {
			olds++
		}
		if e.kind != '-' {
			news++
		}
	}
	if olds == 0 {
		oldLine--
	}
	if news == 0 {
		newLine--
	}
	fmt.Fprintf(b, "@@ -%d,%d +%d,%d @@\n", oldLine, olds, newLine, news)
	for _, e := range list[from:to] {
		fmt.Fprintf(b, "%c%s\n", e.kind, e.line)
	}
}
