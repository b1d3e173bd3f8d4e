package course

import (
	"strings"

	"github.com/yuin/goldmark/ast"
)

// Practises returns the sections of its lesson that an exercise's task links to: those that it is there
// to practise.
func (l *Lesson) Practises(e *Exercise) (sections []Section) {
	seen := map[string]bool{}
	for _, block := range e.Task {
		walk(block, func(n ast.Node) {
			link, ok := n.(*ast.Link)
			if !ok {
				return
			}
			slug, local := strings.CutPrefix(string(link.Destination), "#")
			if s := l.Section(slug); local && s != nil && !seen[slug] && !l.isExercise(*s) {
				seen[slug] = true
				sections = append(sections, *s)
			}
		})
	}
	return sections
}

// PractisedBy returns the exercises that practise a section, in the order of the text.
func (l *Lesson) PractisedBy(slug string) (exercises []*Exercise) {
	for _, e := range l.Exercises {
		for _, s := range l.Practises(e) {
			if s.Slug == slug {
				exercises = append(exercises, e)
			}
		}
	}
	return exercises
}

// isExercise reports whether a section is an exercise's own.
func (l *Lesson) isExercise(s Section) bool {
	for _, e := range l.Exercises {
		if e.Line == s.Line {
			return true
		}
	}
	return false
}
