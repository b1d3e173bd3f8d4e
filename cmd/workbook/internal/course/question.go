package course

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/yuin/goldmark/ast"
)

// predict makes a fenced block a Predict.
func (t *transformer) predict(f *ast.FencedCodeBlock, words []string, line int) {
	p := &Predict{File: t.lesson.File, Line: line + 1}
	p.SetLines(f.Lines())
	p.SetPos(f.Pos())
	p.SetBlankPreviousLines(f.HasBlankPreviousLines())
	for _, bad := range parsePairs(words, p.set) {
		t.fault(line, "%s", bad)
	}
	b := predictBlock{p: p, fault: t.fault}
	for row := range strings.Lines(string(f.Lines().Value(t.lesson.Source))) {
		line++
		b.row(strings.TrimRight(row, " \t\n"), line)
	}
	b.check()
	t.lesson.Questions = append(t.lesson.Questions, p)
	f.Parent().ReplaceChild(f.Parent(), f, p)
}

// set gives the question what one key=value of its info string says.
func (p *Predict) set(key, value string) error {
	switch key {
	case "id":
		if !idForm.MatchString(value) {
			return fmt.Errorf("bad id %q: want a letter, then letters, digits, - and _", value)
		}
		p.ID = value
	case "for":
		p.For = value
	default:
		return fmt.Errorf("unknown key %q: a question has id and for", key)
	}
	return nil
}

// predictBlock reads the lines of a block.
type predictBlock struct {
	p     *Predict
	fault func(line int, format string, args ...any)
}

const wantOption = "want \"- [ ] TEXT\", \"- [x] TEXT\", or an explanation indented by two blanks"

var (
	optionForm = regexp.MustCompile(`^- \[([ x])\](?: +(.*))?$`)
	nearOption = regexp.MustCompile(`^\s*[-*+]\s*\[.?\]`)
)

func (b *predictBlock) row(row string, line int) {
	last := len(b.p.Options) - 1
	m := optionForm.FindStringSubmatch(row)
	indented := strings.HasPrefix(row, "  ")
	switch {
	case m != nil:
		b.p.Options = append(b.p.Options, Option{Text: m[2], Right: m[1] == "x", Line: line})
	case last < 0 && nearOption.MatchString(row):
		b.fault(line, "malformed line %q: %s", row, wantOption)
	case last < 0:
		b.p.Question += row + "\n"
	case row == "" || indented:
		o := &b.p.Options[last]
		if row = strings.TrimPrefix(row, "  "); o.Why == "" && spanOpen(o.Text) {
			o.Text += "\n" + row
			return
		}
		o.Why += row + "\n"
	default:
		b.fault(line, "malformed line %q: %s", row, wantOption)
	}
}

// check trims the texts and reports what is missing.
func (b *predictBlock) check() {
	p := b.p
	p.Question = strings.TrimSpace(p.Question)
	if p.Question == "" {
		b.fault(p.Line-1, "predict block without a question")
	}
	if n := len(p.Options); n < 2 || n > maxOptions {
		b.fault(p.Line-1, "question with %d options: want 2 to %d, each \"- [ ] TEXT\" or, where it is right, \"- [x] TEXT\"", n, maxOptions)
	}
	if len(p.Options) > 0 && !slices.ContainsFunc(p.Options, func(o Option) bool { return o.Right }) {
		b.fault(p.Line-1, "question without a right answer: want \"- [x] TEXT\"")
	}
	seen := map[string]int{}
	for i := range p.Options {
		o := &p.Options[i]
		o.Text, o.Why = strings.TrimRight(o.Text, " \n"), strings.TrimSpace(o.Why)
		switch {
		case o.Text == "":
			b.fault(o.Line, "option without text")
			continue
		case spanOpen(o.Text):
			b.fault(o.Line, "option %q: a code span without an end", o.Text)
		case seen[o.Text] > 0:
			b.fault(o.Line, "option %q is the one at line %d again", o.Text, seen[o.Text])
		}
		if o.Why == "" && !spanOpen(o.Text) {
			b.fault(o.Line, "option %q without an explanation: want it below, indented by two blanks", o.Text)
		}
		seen[o.Text] = o.Line
	}
}

// bindQuestions gives every question its cell and an id, and reports what it cannot have.
func (l *Lesson) bindQuestions() (faults Faults) {
	taken := map[string]int{}
	for _, p := range l.Questions {
		faults = append(faults, l.bindQuestion(p)...)
		if p.Cell != nil {
			p.Cell.Asked = true
		}
		switch other := taken[p.ID]; {
		case p.ID == "":
		case other > 0:
			faults = append(faults, Fault{p.File, p.Line - 1, fmt.Sprintf("duplicate id %q: the question at line %d has it", p.ID, other)})
		default:
			taken[p.ID] = p.Line - 1
		}
	}
	for i, p := range l.Questions {
		if p.ID != "" {
			continue
		}
		base := fmt.Sprintf("question%d", i+1)
		if p.Cell != nil {
			base = p.Cell.ID
		}
		p.ID = base
		for n := 2; taken[p.ID] > 0; n++ {
			p.ID = fmt.Sprintf("%s-%d", base, n)
		}
		taken[p.ID] = p.Line - 1
	}
	return faults
}

func (l *Lesson) bindQuestion(p *Predict) Faults {
	if p.For == "" {
		for _, c := range l.Cells {
			if c.Line > p.Line {
				p.Cell = c
				return nil
			}
		}
		return Faults{{p.File, p.Line - 1, "question without a cell after it: name its cell with for=ID"}}
	}
	c := l.Cell(p.For)
	switch {
	case c == nil:
		return Faults{{p.File, p.Line - 1, fmt.Sprintf("for=%s: no cell has this id%s", p.For, meant(p.For, cellIDs(l)))}}
	case c.Line < p.Line:
		return Faults{{p.File, p.Line - 1, fmt.Sprintf("for=%s: the cell stands before its question, at line %d", p.For, c.Line-1)}}
	}
	p.Cell = c
	return nil
}

// Question returns the lesson's question with the given id, or nil.
func (l *Lesson) Question(id string) *Predict {
	for _, p := range l.Questions {
		if p.ID == id {
			return p
		}
	}
	return nil
}
