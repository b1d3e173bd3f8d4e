package course

import (
	"regexp"
	"strings"
	"unicode"
)

// Hit is a line of a lesson that was searched for.
type Hit struct {
	Lesson  *Lesson
	Line    int
	Section string // title of the section that it is in
	Text    string // the line without the marks of a list, a quote or a heading
}

// Search returns the lines of all lessons that have the words in their order, a line break or a mark of
// emphasis between them counting as a blank. Capitals count only where there are some in words. What a
// reader does not see yet is left out: hints, and the answers of questions.
func (c *Course) Search(words string) (hits []Hit) {
	pattern := Words(words, sourceGap)
	if pattern == nil {
		return nil
	}
	for _, l := range c.Lessons {
		hits = append(hits, l.search(pattern)...)
	}
	return hits
}

// Words returns the pattern of words in their order, with gap, a pattern, between them; nil where there are
// no words. Capitals count only where there are some.
func Words(words, gap string) *regexp.Regexp {
	list := strings.Fields(words)
	if len(list) == 0 {
		return nil
	}
	fold := "(?i)"
	if strings.ContainsFunc(words, unicode.IsUpper) {
		fold = ""
	}
	for i, w := range list {
		list[i] = regexp.QuoteMeta(w)
	}
	return regexp.MustCompile(fold + strings.Join(list, gap))
}

// sourceGap is what may stand between two words in a lesson's source.
const sourceGap = "[*_`]*(?: +| *\n[ >]*)[*_`]*"

// search returns a lesson's hits, one a line.
func (l *Lesson) search(pattern *regexp.Regexp) (hits []Hit) {
	lines := strings.Split(string(l.Source), "\n")
	last := 0
	for _, at := range pattern.FindAllIndex(l.Source, -1) {
		line := l.LineAt(at[0])
		if line == last || l.secret(line) {
			continue
		}
		last = line
		hit := Hit{Lesson: l, Line: line, Text: strings.TrimSpace(strings.TrimLeft(lines[line-1], " \t>#"))}
		for _, s := range l.Sections {
			if s.Line <= line {
				hit.Section = s.Title
			}
		}
		hits = append(hits, hit)
	}
	return hits
}

// secret reports whether a line is part of a hint, or of the options of a question.
func (l *Lesson) secret(line int) bool {
	for _, e := range l.Exercises {
		for _, h := range e.Hints {
			if line >= h.Line && line < l.after(h.Line) {
				return true
			}
		}
	}
	for _, q := range l.Questions {
		if n := len(q.Options); n > 0 && line >= q.Options[0].Line {
			last := q.Options[n-1]
			if line <= last.Line+1+strings.Count(last.Text+last.Why, "\n") {
				return true
			}
		}
	}
	return false
}

// after returns the line of the first heading below the given line.
func (l *Lesson) after(line int) int {
	for _, s := range l.Sections {
		if s.Line > line {
			return s.Line
		}
	}
	return int(^uint(0) >> 1)
}
