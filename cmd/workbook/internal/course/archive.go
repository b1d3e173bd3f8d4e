package course

import (
	"bytes"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/tools/txtar"
)

// The archives in an exercise's folder under solutions/.
const (
	altArchive   = "alt.txtar"
	wrongArchive = "wrong.txtar"
)

var (
	variantForm = regexp.MustCompile(`^([a-z][a-z0-9_-]*)\.go$`)
	wrongForm   = regexp.MustCompile(`^(\S+\.go):\s*([a-z]+)\s*(?:,\s*([a-z]+)\s*)?:\s*(.*)$`)
	// The classes that a wrong program can get: verdict's without pass and error.
	wrongClasses = []string{"build", "policy", "wrong", "race", "deadlock", "leak", "timeout", "panic", "notconcurrent", "tampered"}
)

// readAlts reads alt.txtar.
func (e *Exercise) readAlts(text []byte) (faults Faults) {
	e.Alts, faults = readVariants(e.archive(altArchive), text)
	return faults
}

// readWrongs reads wrong.txtar and joins its programs with the lines of its comment.
func (e *Exercise) readWrongs(text []byte) Faults {
	file := e.archive(wrongArchive)
	variants, faults := readVariants(file, text)
	wants, bad := readWants(file, txtar.Parse(text).Comment)
	faults = append(faults, bad...)
	for _, v := range variants {
		i := slices.IndexFunc(wants, func(w Wrong) bool { return w.Name == v.Name })
		if i < 0 {
			faults = append(faults, Fault{file, v.Start - 1, fmt.Sprintf("%s.go has no line in the archive's comment: want \"%s.go: CLASS: TEXT\"", v.Name, v.Name)})
			continue
		}
		w := wants[i]
		wants = slices.Delete(wants, i, i+1)
		w.Variant = v
		e.Wrongs = append(e.Wrongs, w)
	}
	for _, w := range wants {
		faults = append(faults, Fault{file, w.Line, fmt.Sprintf("no file %s.go in the archive", w.Name)})
	}
	return faults
}

// readWants reads the comment of a wrong.txtar. Lines that begin with # are remarks.
func readWants(file string, comment []byte) (wants []Wrong, faults Faults) {
	line := 0
	for s := range bytes.Lines(comment) {
		line++
		text := strings.TrimSpace(string(s))
		if text == "" || strings.HasPrefix(text, "#") {
			continue
		}
		w, bad := parseWant(text)
		w.Line = line
		if bad != "" {
			faults = append(faults, Fault{file, line, bad})
		}
		if slices.ContainsFunc(wants, func(other Wrong) bool { return other.Name == w.Name }) {
			faults = append(faults, Fault{file, line, fmt.Sprintf("%s.go has a line already", w.Name)})
			continue
		}
		if w.Name != "" {
			wants = append(wants, w)
		}
	}
	return wants, faults
}

func parseWant(text string) (w Wrong, bad string) {
	m := wrongForm.FindStringSubmatch(text)
	if m == nil {
		return w, fmt.Sprintf("malformed line %q: want \"NAME.go: CLASS[, schedule]: TEXT\"", text)
	}
	w.Name = strings.TrimSuffix(m[1], ".go")
	w.Class, w.Schedule, w.Text = m[2], m[3] == "schedule", strings.TrimSpace(m[4])
	switch {
	case !slices.Contains(wrongClasses, w.Class):
		bad = fmt.Sprintf("unknown class %q: want one of %s", w.Class, joined(wrongClasses))
	case m[3] != "" && !w.Schedule:
		bad = fmt.Sprintf("unknown mark %q: only \"schedule\" is known", m[3])
	case w.Text == "":
		bad = fmt.Sprintf("%s.go: no text that the verdict must contain", w.Name)
	}
	return w, bad
}

// readVariants reads the programs of an archive.
func readVariants(file string, text []byte) (all []Variant, faults Faults) {
	starts := markerLines(text)
	for i, f := range txtar.Parse(text).Files {
		line := 0
		if i < len(starts) {
			line = starts[i]
		}
		m := variantForm.FindStringSubmatch(f.Name)
		switch {
		case m == nil:
			faults = append(faults, Fault{file, line, fmt.Sprintf("bad file name %q: want NAME.go, of a-z, 0-9, _ and -", f.Name)})
		case slices.ContainsFunc(all, func(v Variant) bool { return v.Name == m[1] }):
			faults = append(faults, Fault{file, line, fmt.Sprintf("duplicate file %s", f.Name)})
		case len(bytes.TrimSpace(f.Data)) == 0:
			faults = append(faults, Fault{file, line, fmt.Sprintf("empty file %s", f.Name)})
		default:
			all = append(all, Variant{Name: m[1], File: file, Source: f.Data, Start: line + 1})
		}
	}
	if len(all) == 0 {
		faults = append(faults, Fault{file, 0, "no program in the archive"})
	}
	return all, faults
}

// markerLines returns the numbers of the lines that begin a file in an archive.
func markerLines(text []byte) (lines []int) {
	n := 0
	for s := range bytes.Lines(text) {
		n++
		s = bytes.TrimSuffix(s, []byte("\n"))
		if len(s) < len("-- x --") || !bytes.HasPrefix(s, []byte("-- ")) || !bytes.HasSuffix(s, []byte(" --")) {
			continue
		}
		if len(bytes.TrimSpace(s[3:len(s)-3])) > 0 {
			lines = append(lines, n)
		}
	}
	return lines
}
