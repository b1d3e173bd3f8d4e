package explain

import (
	"regexp"
	"strconv"
	"strings"
)

// frame is one call of a stack as the runtime or the race detector prints it.
type frame struct {
	fn   string // "workbook/exercises/atomicity/counter.(*Counter).Inc", without arguments
	args string // "0xc000018298, ..." in goroutine dumps, else empty
	file string // as printed, with forward slashes
	line int
}

// calls reports whether the frame is the named method or function of a package whatever its path:
// calls("(*Mutex).Lock") holds for sync's mutex as well as for one that stands in for it.
func (f frame) calls(name string) bool {
	return f.fn == name || strings.HasSuffix(f.fn, "."+name) || strings.HasSuffix(f.fn, "/"+name)
}

// base is the function's name without its package's path: "counter.(*Counter).Inc".
func (f frame) base() string {
	fn := f.fn
	// A type argument may hold a slash of its own: "p.(*Box[a/b.T]).Set".
	end := len(fn)
	if i := strings.IndexAny(fn, "[("); i >= 0 {
		end = i
	}
	return fn[strings.LastIndexByte(fn[:end], '/')+1:]
}

var literalName = regexp.MustCompile(`\.func\d+`)

// literal reports whether the frame runs a function literal.
func (f frame) literal() bool { return literalName.MatchString(f.fn) }

// parseStack reads frames from the beginning of lines and says how many lines it read. A frame is a
// line with the function and an indented line with its place; a "created by" pair ends a goroutine's
// stack and is left to the caller.
func parseStack(lines []string) ([]frame, int) {
	var frames []frame
	i := 0
	for i+1 < len(lines) {
		fn := strings.TrimSpace(lines[i])
		if fn == "" || strings.HasPrefix(fn, "created by ") {
			break
		}
		if strings.HasPrefix(fn, "...") { // "...23 frames elided..."
			i++
			continue
		}
		f, ok := parseFrame(fn, lines[i+1])
		if !ok {
			break
		}
		frames = append(frames, f)
		i += 2
	}
	return frames, i
}

func parseFrame(fn, place string) (frame, bool) {
	file, line, ok := parsePlace(place)
	if !ok {
		return frame{}, false
	}
	f := frame{fn: fn, file: file, line: line}
	if open := strings.LastIndexByte(fn, '('); open > 0 && strings.HasSuffix(fn, ")") {
		f.fn, f.args = fn[:open], fn[open+1:len(fn)-1]
	}
	return f, true
}

// parsePlace reads "\t/dir/file.go:12 +0x38", where the part after the line number may be missing.
func parsePlace(s string) (file string, line int, ok bool) {
	if s == "" || (s[0] != ' ' && s[0] != '\t') {
		return "", 0, false
	}
	s = strings.TrimSpace(s)
	for _, sep := range []string{" +0x", " fp=0x"} {
		if i := strings.Index(s, sep); i >= 0 {
			s = s[:i]
		}
	}
	colon := strings.LastIndexByte(s, ':')
	if colon <= 0 {
		return "", 0, false
	}
	n, err := strconv.Atoi(s[colon+1:])
	if err != nil || n < 0 {
		return "", 0, false
	}
	return slashed(s[:colon]), n, true
}

// slashed is path with forward slashes, whatever system printed it.
func slashed(path string) string { return strings.ReplaceAll(path, `\`, "/") }

// splitLines cuts text into lines without their ends.
func splitLines(text string) []string {
	lines := strings.Split(text, "\n")
	for i, l := range lines {
		lines[i] = strings.TrimSuffix(l, "\r")
	}
	return lines
}
