package course

import (
	"bytes"
	"fmt"
	"path"
	"regexp"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/yuin/goldmark/ast"
)

var (
	lessonForm = regexp.MustCompile(`^([0-9]+)-([a-z][a-z0-9-]*)\.md$`)
	metaForm   = regexp.MustCompile(`^([a-z][a-z0-9_-]*):(?:[ \t]+(.*))?$`)
)

// ParseLesson reads one lesson: its tree, sections and cells, not its exercises.
//
// The error is Faults where the text is faulty; the lesson is returned even so, as far as it could be
// read.
func ParseLesson(file string, text []byte) (*Lesson, error) {
	l, faults := parseLesson(file, text)
	if len(faults) > 0 {
		faults.sort()
		return l, faults
	}
	return l, nil
}

func parseLesson(file string, text []byte) (*Lesson, Faults) {
	l := &Lesson{File: file, Slug: strings.TrimSuffix(path.Base(file), ".md"), Meta: map[string]string{}}
	if m := lessonForm.FindStringSubmatch(path.Base(file)); m != nil {
		l.Slug = m[2]
		l.Number, _ = strconv.Atoi(m[1])
	}
	var faults Faults
	l.Source = normal(text)
	faults = append(faults, checkText(file, l.Source)...)
	l.Source = bytes.ToValidUTF8(l.Source, []byte("\uFFFD"))
	faults = append(faults, l.cutFrontMatter()...)
	l.starts = lineStarts(l.Source)
	faults = append(faults, l.parseTree()...)
	l.readSections()
	faults = append(faults, l.checkTitle()...)
	faults = append(faults, l.checkCells()...)
	faults = append(faults, l.bindQuestions()...)
	return l, faults
}

// normal returns text with lines that end in \n and without a byte order mark.
func normal(text []byte) []byte {
	text = bytes.TrimPrefix(text, []byte("\uFEFF"))
	if bytes.IndexByte(text, '\r') < 0 {
		return text
	}
	text = bytes.ReplaceAll(text, []byte("\r\n"), []byte("\n"))
	return bytes.ReplaceAll(text, []byte("\r"), []byte("\n"))
}

// checkText reports bytes that are not UTF-8 and control characters, once a line.
func checkText(file string, text []byte) (faults Faults) {
	if isText(text) {
		return nil
	}
	line := 0
	for s := range bytes.Lines(text) {
		line++
		if !utf8.Valid(s) {
			faults = append(faults, Fault{file, line, "not UTF-8"})
		}
		if i := bytes.IndexFunc(s, func(r rune) bool { return unicode.IsControl(r) && r != '\n' && r != '\t' }); i >= 0 {
			r, _ := utf8.DecodeRune(s[i:])
			faults = append(faults, Fault{file, line, fmt.Sprintf("control character %U", r)})
		}
	}
	return faults
}

// isText says whether checkText has nothing to report, in a fraction of its time.
func isText(text []byte) bool {
	for i, b := range text {
		switch {
		case b < ' ' && b != '\n' && b != '\t', b == 0x7F:
			return false
		case b == 0xC2 && i+1 < len(text) && text[i+1] < 0xA0: // U+0080 to U+009F
			return false
		}
	}
	return utf8.Valid(text)
}

// cutFrontMatter reads the "key: value" lines between two lines "---" at the very beginning and
// empties them in l.Source, so that every line keeps its number.
func (l *Lesson) cutFrontMatter() (faults Faults) {
	if !bytes.HasPrefix(l.Source, []byte("---\n")) {
		return nil
	}
	lines := bytes.SplitAfter(l.Source, []byte("\n"))
	end := 1
	for end < len(lines) && strings.TrimRight(string(lines[end]), " \t\n") != "---" {
		end++
	}
	if end == len(lines) {
		return Faults{{l.File, 1, "front matter without an end: want a second line ---"}}
	}
	for i, line := range lines[1:end] {
		faults = append(faults, l.setMeta(i+2, strings.TrimSpace(string(line)))...)
	}
	rest := bytes.Join(lines[end+1:], nil)
	l.Source = append(bytes.Repeat([]byte("\n"), end+1), rest...)
	return faults
}

func (l *Lesson) setMeta(line int, text string) Faults {
	if text == "" || strings.HasPrefix(text, "#") {
		return nil
	}
	m := metaForm.FindStringSubmatch(text)
	if m == nil {
		return Faults{{l.File, line, fmt.Sprintf("malformed front matter %q: want key: value", text)}}
	}
	if _, twice := l.Meta[m[1]]; twice {
		return Faults{{l.File, line, fmt.Sprintf("front matter gives %s twice", m[1])}}
	}
	l.Meta[m[1]] = strings.Trim(strings.TrimSpace(m[2]), `"`)
	return nil
}

// readSections collects the headings, with the anchors that GitHub gives them.
func (l *Lesson) readSections() {
	used := map[string]int{}
	walk(l.Doc, func(n ast.Node) {
		h, ok := n.(*ast.Heading)
		if !ok {
			return
		}
		title := plainText(h, l.Source)
		slug := anchor(title)
		for base := slug; used[slug] > 0; slug = fmt.Sprintf("%s-%d", base, used[base]-1) {
			used[base]++
		}
		used[slug]++
		l.Sections = append(l.Sections, Section{Level: h.Level, Title: title, Slug: slug, Line: l.LineAt(h.Pos()), Node: h})
	})
}

// anchor returns the anchor that GitHub gives to a heading: lower case, letters, digits, "_" and "-"
// kept, blanks made "-", everything else dropped.
func anchor(title string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == ' ' || r == '-':
			return '-'
		case r == '_' || unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.Is(unicode.M, r):
			return unicode.ToLower(r)
		}
		return -1
	}, title)
}

// checkTitle wants one heading of level 1, in front of everything else.
func (l *Lesson) checkTitle() (faults Faults) {
	if l.Doc.FirstChild() == nil {
		return Faults{{l.File, 0, "empty lesson"}}
	}
	for i, s := range l.Sections {
		if s.Title == "" {
			faults = append(faults, Fault{l.File, s.Line, "heading without text"})
		}
		if s.Level == 1 && i > 0 {
			faults = append(faults, Fault{l.File, s.Line, fmt.Sprintf("second title %q: only the first heading has level 1", s.Title)})
		}
	}
	if len(l.Sections) > 0 {
		l.Title = l.Sections[0].Title
	}
	if h, ok := l.Doc.FirstChild().(*ast.Heading); !ok || h.Level != 1 || l.Title == "" {
		faults = append(faults, Fault{l.File, 1, "no title: a lesson begins with \"# Title\""})
	}
	if ok := l.Doc.FirstChild() == l.Doc.LastChild(); ok && len(l.Sections) == 1 {
		faults = append(faults, Fault{l.File, 0, "empty lesson: nothing follows the title"})
	}
	return faults
}
