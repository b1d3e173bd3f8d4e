package course

import (
	"bytes"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/yuin/goldmark/ast"
)

// Imports is what an exercise's task says of the packages that a solution may import, in a paragraph
// of its own before the hints:
//
//	Allowed imports: sync, sync/atomic.
//
// The paths may be in backquotes. "none" allows no package, and "any" every package that is harmless
// to whoever runs the solution; packages behind it are allowed besides: "any, os". Names of a package
// that an exercise is to be solved without follow it: "sync (not Once, OnceFunc), sync/atomic". Without
// the line the packages that concurrent code commonly needs are allowed. Package policy has the lists.
type Imports struct {
	Line    int                 // of the line in the lesson; 0 where there is none
	Any     bool                // every harmless package
	Paths   []string            // in the order of the text
	Without map[string][]string // names that are not allowed, by path; nil where all are
}

var (
	importsForm = regexp.MustCompile(`^Allowed imports:\s+(.*?)\.?$`)
	// importsShape finds the lines that are meant to be one.
	importsShape = regexp.MustCompile("(?i)^[\\s>*_`-]*(allowed\\s+imports?|imports?\\s+allowed)[*_`]*\\s*:")
	pathForm     = regexp.MustCompile(`^[a-z][a-z0-9]*(/[a-z][a-z0-9]*)*$`)
	// withoutForm is a path with the names behind it that are not allowed.
	withoutForm  = regexp.MustCompile(`^(.*?)\s*\(not\s+(.*)\)$`)
	exportedForm = regexp.MustCompile(`^[A-Z][A-Za-z0-9]*$`)
)

// readImports reads the line of the exercise that ends before the given line of the lesson.
func (b *binder) readImports(e *Exercise, end int) {
	for _, n := range e.Task {
		p, ok := n.(*ast.Paragraph)
		if !ok {
			continue
		}
		m := importsForm.FindStringSubmatch(plainText(p, b.lesson.Source))
		if m == nil {
			continue
		}
		line := b.lesson.LineAt(p.Lines().At(0).Start)
		if e.Imports.Line > 0 {
			b.fault(line, "second list of allowed imports: the first is at line %d", e.Imports.Line)
			continue
		}
		e.Imports = b.parseImports(line, m[1])
	}
	at := e.Line
	for line := range bytes.Lines(b.lesson.lines(e.Line+1, end-1)) {
		at++
		if bytes.IndexByte(line, ':') >= 0 && importsShape.Match(line) && e.Imports.Line == 0 {
			b.fault(at, "malformed list of imports %q: want a paragraph of its own before the hints, \"Allowed imports: sync, time.\"", bytes.TrimSpace(line))
		}
	}
}

// parseImports reads a list of import paths, "none" or "any".
func (b *binder) parseImports(line int, list string) Imports {
	im := Imports{Line: line}
	if list == "none" {
		return im
	}
	for i, p := range entries(list) {
		p, names := without(p)
		switch first, _, _ := strings.Cut(p, "/"); {
		case p == "any" && names != nil:
			b.fault(line, "allowed imports: names that are not allowed stand behind their package, not behind \"any\"")
		case p == "any" && i == 0:
			im.Any = true
		case p == "any" || p == "none":
			b.fault(line, "allowed imports: %q stands first or not at all, \"none\" alone", p)
		case slices.Contains(im.Paths, p):
			b.fault(line, "allowed imports: %s is given twice", p)
		case !pathForm.MatchString(p) || first == Module:
			b.fault(line, "allowed imports: %s", badPath(p))
		default:
			im.Paths = append(im.Paths, p)
			b.exclude(&im, p, names)
		}
	}
	return im
}

// entries cuts a list at its commas, but not at those in brackets.
func entries(list string) (all []string) {
	depth, start := 0, 0
	for i, r := range list {
		switch {
		case r == '(':
			depth++
		case r == ')':
			depth--
		case r == ',' && depth <= 0:
			all = append(all, strings.TrimSpace(list[start:i]))
			start = i + 1
		}
	}
	return append(all, strings.TrimSpace(list[start:]))
}

// without cuts an entry such as "sync (not Once, OnceFunc)" into its path and the names.
func without(entry string) (p string, names []string) {
	m := withoutForm.FindStringSubmatch(entry)
	if m == nil {
		return entry, nil
	}
	for name := range strings.SplitSeq(m[2], ",") {
		names = append(names, strings.TrimSpace(name))
	}
	return m[1], names
}

// exclude notes that names of a package are not allowed.
func (b *binder) exclude(im *Imports, p string, names []string) {
	for _, name := range names {
		if !exportedForm.MatchString(name) {
			b.fault(im.Line, "allowed imports: %q is no name that package %s exports", name, p)
			continue
		}
		if im.Without == nil {
			im.Without = map[string][]string{}
		}
		im.Without[p] = append(im.Without[p], name)
	}
}

// badPath says what is wrong with a word that is no import path of the standard library.
func badPath(p string) string {
	if p == "" {
		return "a path is missing beside a comma"
	}
	return fmt.Sprintf("%q is no package of the standard library", p)
}
