package course

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/yuin/goldmark/ast"
)

// Term is an entry of the glossary.
type Term struct {
	Name    string // as its lesson writes it: "lost update"
	Text    string // Markdown: the sentence that defines it, with those that the sentence points back to
	Lesson  string // slug of the lesson
	Section string // anchor of the section, "" in front of the first
	File    string // "lessons/09-atomicity.md"
	Line    int    // of the bold words
}

// Place returns what `workbook read` takes: "atomicity#one-instruction-is-not-one-step".
func (t Term) Place() string {
	if t.Section == "" {
		return t.Lesson
	}
	return t.Lesson + "#" + t.Section
}

// Glossary returns the terms that the lessons define, sorted, each where it is defined first.
func (c *Course) Glossary() []Term {
	all, _ := c.terms()
	slices.SortFunc(all, func(a, b Term) int {
		return cmp.Or(cmp.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name)), cmp.Compare(a.Name, b.Name))
	})
	return all
}

// Term returns the glossary's entry with the given name, in upper or lower case, singular or plural.
func (c *Course) Term(name string) (t Term, ok bool) {
	all, _ := c.terms()
	i := slices.IndexFunc(all, func(t Term) bool { return termKey(t.Name) == termKey(name) })
	if i < 0 {
		return Term{}, false
	}
	return all[i], true
}

// NearestTerm returns the term whose name is most like the given one, or "" where none is near enough.
func (c *Course) NearestTerm(name string) string {
	var names []string
	for _, t := range c.Glossary() {
		names = append(names, t.Name)
	}
	return nearest(name, names)
}

// terms returns the terms in course order, and a fault for each that is defined once more.
func (c *Course) terms() (all []Term, faults Faults) {
	first := map[string]Term{}
	for _, l := range c.Lessons {
		for _, t := range l.terms() {
			other, twice := first[termKey(t.Name)]
			if twice {
				faults = append(faults, Fault{t.File, t.Line, fmt.Sprintf(
					"term **%s** is defined at %s:%d already: bold words in running text are definitions; write them plain, or *in italics*", t.Name, other.File, other.Line)})
				continue
			}
			first[termKey(t.Name)] = t
			all = append(all, t)
		}
	}
	return all, faults
}

// termKey makes names that mean the same term equal.
func termKey(name string) string {
	key := strings.ToLower(squeeze(name))
	if len(key) > 3 && !strings.HasSuffix(key, "ss") {
		key = strings.TrimSuffix(key, "s")
	}
	return key
}

// termForm keeps labels out: "**Go 1.22**", "**Do not write.**".
var termForm = regexp.MustCompile(`^\pL[\pL/'’-]*(?: \pL[\pL/'’-]*){0,3}$`)

// terms returns the terms that the lesson defines, in the order of the text.
func (l *Lesson) terms() (all []Term) {
	for _, block := range l.body() {
		walk(block, func(n ast.Node) {
			if n.Kind() != ast.KindParagraph && n.Kind() != ast.KindTextBlock {
				return
			}
			walk(n, func(bold ast.Node) {
				if e, ok := bold.(*ast.Emphasis); ok && e.Level == 2 && n.FirstChild() != n.LastChild() {
					if t, ok := l.term(n, e); ok {
						all = append(all, t)
					}
				}
			})
		})
	}
	return all
}

// body returns the lesson's blocks without the sections of its exercises.
func (l *Lesson) body() (blocks []ast.Node) {
	inside := false
	for n := l.Doc.FirstChild(); n != nil; n = n.NextSibling() {
		if h, ok := n.(*ast.Heading); ok && h.Level <= 2 {
			inside = exerciseForm.MatchString(plainText(h, l.Source))
		}
		if !inside {
			blocks = append(blocks, n)
		}
	}
	return blocks
}

// term makes an entry of bold words in a paragraph, if they can be a term.
func (l *Lesson) term(paragraph ast.Node, bold *ast.Emphasis) (Term, bool) {
	name := squeeze(plainText(bold, l.Source))
	word, ok := bold.FirstChild().(*ast.Text)
	if !ok || !termForm.MatchString(name) {
		return Term{}, false
	}
	at := word.Segment.Start
	t := Term{Name: name, Text: l.definition(paragraph, at), Lesson: l.Slug, File: l.File, Line: l.LineAt(at)}
	for _, s := range l.Sections {
		if s.Level > 1 && s.Line < t.Line {
			t.Section = s.Slug
		}
	}
	return t, true
}

// definition returns the sentence of a paragraph in which the given byte of the source lies.
func (l *Lesson) definition(paragraph ast.Node, offset int) string {
	var text strings.Builder
	at := 0 // offset's place in text
	for _, line := range paragraph.Lines().Sliced(0, paragraph.Lines().Len()) {
		if line.Start <= offset && offset < line.Stop {
			at = text.Len() + offset - line.Start
		}
		text.WriteString(strings.TrimRight(string(line.Value(l.Source)), "\n") + "\n")
	}
	all := sentences(text.String())
	last, end := 0, 0
	for i, s := range all {
		if end <= at {
			last = i
		}
		end += len(s)
	}
	first := last
	for first > 0 && pointsBack.MatchString(all[first]) {
		first--
	}
	definition := squeeze(strings.Join(all[first:last+1], ""))
	if list, ok := paragraph.NextSibling().(*ast.List); ok && last == len(all)-1 && strings.HasSuffix(definition, ":") {
		return definition + "\n\n" + l.listText(list)
	}
	if s, ok := strings.CutSuffix(definition, ":"); ok {
		definition = s + "."
	}
	return definition
}

// listText returns the Markdown of a list.
func (l *Lesson) listText(list *ast.List) string {
	end := list.Pos()
	walk(list, func(n ast.Node) {
		if n.Type() == ast.TypeBlock && n.Lines() != nil && n.Lines().Len() > 0 {
			end = max(end, n.Lines().At(n.Lines().Len()-1).Stop)
		}
	})
	return strings.TrimSpace(string(l.Source[list.Pos():end]))
}

var (
	// sentenceEnd stands before a word that can begin a sentence.
	sentenceEnd = regexp.MustCompile("[.?!][)\"”*]*[ \n]+[(\"“*]*[\\p{Lu}`]")
	// pointsBack finds sentences that cannot be understood without the one before.
	pointsBack = regexp.MustCompile(`^(This|That|These|Those|Such|It|They|He|She)\b`)
)

// sentences cuts the text of a paragraph into its sentences, with the blanks behind each.
func sentences(text string) (all []string) {
	from := 0
	for at := 0; ; {
		m := sentenceEnd.FindStringIndex(text[at:])
		if m == nil {
			return append(all, text[from:])
		}
		blank := at + m[0] + strings.IndexAny(text[at+m[0]:], " \n")
		next := blank + len(text[blank:]) - len(strings.TrimLeft(text[blank:], " \n"))
		at = next
		if strings.Count(text[from:blank], "`")%2 == 0 { // not inside a code span
			all = append(all, text[from:next])
			from = next
		}
	}
}
