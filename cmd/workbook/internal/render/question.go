package render

import (
	"io"
	"path"
	"strings"

	"github.com/yuin/goldmark/ast"

	"workbook/cmd/workbook/internal/course"
)

// Answer is how far a reader has come with a question. The zero value is that of a question not asked
// yet: of it, nothing drawn tells which options are right.
type Answer struct {
	Chosen []bool // by option; options beyond its end are not chosen
	Asking bool   // the reader is choosing
	Locked bool   // the answer is taken, so the explanations may be read
	Note   string // in place of how the question is answered: "answered before", "skipped"
}

// Answers has the questions that a reader has come to.
type Answers map[*course.Predict]Answer

func (a Answer) chosen(index int) bool { return index < len(a.Chosen) && a.Chosen[index] }

// Question writes a question with an answer, without saying how it is answered.
func (s Style) Question(w io.Writer, q *course.Predict, a Answer) error {
	d := s.newDrawer(nil)
	d.dir = path.Dir(q.File)
	lines := d.question(q, a, "", d.Width)
	if len(d.refs.pending) > 0 {
		lines = append(append(lines, line{}), d.listRefs(d.Width)...)
	}
	return d.write(w, lines)
}

// Explanation writes what there is to say of an answer that was taken: the options that were chosen and
// those that are right, and whether the answer is.
func (s Style) Explanation(w io.Writer, q *course.Predict, chosen []bool) error {
	d := s.newDrawer(nil)
	d.dir = path.Dir(q.File)
	a := Answer{Chosen: chosen, Locked: true}
	var lines []line
	for i, o := range q.Options {
		if o.Right || a.chosen(i) {
			lines = append(lines, d.option(q, i, a, d.Width)...)
		}
	}
	lines = append(lines, wrap(plainText(verdictWords(q, a), boldFace), prose(d.Width))...)
	if len(d.refs.pending) > 0 {
		lines = append(append(lines, line{}), d.listRefs(d.Width)...)
	}
	return d.write(w, lines)
}

// Program writes a cell's code without what the lesson says that it prints.
func (s Style) Program(w io.Writer, c *course.Cell) error {
	d := s.newDrawer(nil)
	if d.Plain {
		lines := wrap(plainText(strings.Replace(plainWords(badge(c)), "cell ", "Cell ", 1)+":", face{}), prose(d.Width))
		margin := d.margin(d.Width)
		return d.write(w, append(lines, indent(d.cellCode(c, d.Width-len(margin.text)), margin, margin)...))
	}
	bar := span{text: "│ ", face: faintFace}
	lines, _ := d.frameTitle(badge(c), "", "┌", d.Width)
	lines = append(lines, indent(d.cellCode(c, d.Width-2), bar, bar)...)
	return d.write(w, append(lines, textLine("└", faintFace)))
}

// predict lays out a lesson's question as far as it was answered.
func (d *drawer) predict(q *course.Predict, width int) []line {
	a := d.answers[q]
	lines := d.question(q, a, d.answerWords(q, a), width)
	lines[0].note = &note{predict: q}
	lines[len(lines)-1].note = &note{predict: q, part: predictEnd}
	return lines
}

// answerWords says how the reader answers.
func (d *drawer) answerWords(q *course.Predict, a Answer) string {
	slug := lessonSlug(d.slug, q.File)
	switch {
	case a.Locked:
		return ""
	case a.Asking && q.Several():
		return "the letters choose one or more, enter takes the answer"
	case a.Asking:
		return "a letter chooses, enter takes the answer"
	case d.pager && a.Note != "":
		return a.Note + ", p asks"
	case d.pager:
		return "p answers it"
	case slug == "":
		return ""
	case d.Plain:
		return "Answer it: workbook predict " + slug + " " + q.ID
	}
	return "workbook read " + slug + ", key p"
}

// lessonSlug is a lesson's slug where only its file may be known.
func lessonSlug(slug, file string) string {
	if m := lessonName.FindStringSubmatch(path.Base(file)); slug == "" && m != nil {
		slug = m[1]
	}
	return cleanLine(slug)
}

// question lays out a question, its options with a box before each, and once the answer is taken what is
// to be said of the chosen and the right ones. At least two lines are returned.
func (d *drawer) question(q *course.Predict, a Answer, remark string, columns int) []line {
	title := "predict " + q.ID + " · one answer"
	if q.Several() {
		title = "predict " + q.ID + " · one answer or more"
	}
	bar := span{text: d.pick("│ ", ""), face: faintFace}
	var head, end []line
	if d.Plain {
		head = wrap(plainText(strings.Replace(plainWords(title), "predict ", "Question ", 1)+":", face{}), prose(columns))
	} else {
		head, remark = d.frameTitle(title, remark, "┌", columns)
	}
	if a.Locked {
		remark = verdictWords(q, a)
	}
	body := number(d.foreign(nil, q.Question, columns-width(bar.text)), q.Line)
	body = append(body, line{src: q.Line})
	for i := range q.Options {
		body = append(body, d.option(q, i, a, columns-width(bar.text))...)
	}
	end = wrap(plainText(remark, boldIf(a.Locked)), prose(columns)-2)
	switch {
	case d.Plain && remark == "":
		end = nil
	case !d.Plain:
		end = indent(end, span{text: "└ ", face: faintFace}, pad(2))
	}
	for i := range head {
		head[i].src = q.Line
	}
	lines := append(head, indent(body, bar, bar)...)
	for i := range end {
		end[i].src = lines[len(lines)-1].src
	}
	return append(lines, end...)
}

func boldIf(on bool) face { return face{bold: on, faint: !on} }

// foreign lays out Markdown that is not the lesson's own text, behind the spans of first. All its lines
// count as the first one.
func (d *drawer) foreign(first []span, markdown string, width int) []line {
	source, index := d.source, d.lines
	text, blocks := course.Prose(markdown)
	d.source, d.lines = text, indexLines(text)
	d.depth++ // its references follow the block that it is part of
	var lines []line
	switch {
	case first != nil && len(blocks) > 0 && blocks[0].Kind() == ast.KindParagraph:
		lines = wrap(append(first, d.inline(blocks[0], face{})...), prose(width))
		blocks = blocks[1:]
	case first != nil:
		lines = []line{{spans: first}}
	}
	rest := d.blocks(blocks, width)
	if len(lines) > 0 && len(rest) > 0 {
		lines = append(lines, line{})
	}
	lines = append(lines, rest...)
	d.depth--
	d.source, d.lines = source, index
	for i := range lines {
		lines[i].src, lines[i].note = 1, nil
	}
	return lines
}

// option lays out one option, and under it what there is to say of it.
func (d *drawer) option(q *course.Predict, index int, a Answer, columns int) []line {
	o := q.Options[index]
	box := "[ ] "
	if a.chosen(index) {
		box = "[x] "
	}
	mark := d.pick(course.Letter(index)+" "+box, course.Letter(index)+". "+box)
	hang := pad(width(mark))
	room := max(columns-width(mark), minBody/2)
	lines := indent(d.optionText(o, room), span{text: mark, face: boldFace}, hang)
	if a.Locked && (o.Right || a.chosen(index)) {
		lines = append(lines, indent(d.why(o, a.chosen(index), room), hang, hang)...)
	}
	for i := range lines {
		lines[i].src, lines[i].note = o.Line, nil
	}
	return lines
}

// optionText lays out an option's text: a paragraph, or a claim of several lines. Whatever else the text
// would be in Markdown, "2." a list, it is not meant to be.
func (d *drawer) optionText(o course.Option, columns int) []line {
	if claim, ok := o.Claim(); ok && strings.Contains(claim, "\n") {
		return d.code(claim, false, columns)
	}
	if _, blocks := course.Prose(o.Text); len(blocks) == 1 && blocks[0].Kind() == ast.KindParagraph {
		if lines := d.foreign(nil, o.Text, columns); len(lines) > 0 {
			return lines
		}
	}
	return wrap(plainText(o.Text, face{}), columns)
}

// why lays out an option's explanation. Authors begin those of right ones with "Right.".
func (d *drawer) why(o course.Option, chosen bool, columns int) []line {
	word := span{text: "right: ", face: face{bold: true, color: green}}
	sign := d.pick("✓ ", "")
	switch {
	case !o.Right:
		sign, word = d.pick("✗ ", ""), span{text: "wrong: ", face: face{bold: true, color: red}}
	case !chosen:
		word.text = "right, and not chosen: "
	}
	word.text = sign + word.text
	return d.foreign([]span{word}, strings.TrimPrefix(o.Why, "Right. "), columns)
}

// verdictWords says whether the answer is right, and what is.
func verdictWords(q *course.Predict, a Answer) string {
	if q.Holds(a.Chosen) {
		return "Right."
	}
	var right []string
	for i, o := range q.Options {
		if o.Right {
			right = append(right, course.Letter(i))
		}
	}
	switch len(right) {
	case 0:
		return "Not right."
	case 1:
		return "Not right: " + right[0] + " is."
	}
	last := len(right) - 1
	return "Not right: " + strings.Join(right[:last], ", ") + " and " + right[last] + " are, together."
}

// plainWords makes a title's parts those of a sentence.
func plainWords(title string) string { return strings.ReplaceAll(title, " · ", ", ") }
