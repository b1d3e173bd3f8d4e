package course

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/text"
)

// KindPredict is the kind of a Predict node.
var KindPredict = ast.NewNodeKind("Predict")

// maxOptions keeps the letters of the options within a to h.
const maxOptions = 8

// Predict is a fenced block "```predict …": a question about a cell, to be answered before the cell is run.
type Predict struct {
	ast.BaseBlock

	ID       string // unique among the lesson's questions; from its cell's where the author gave none
	For      string // id of its cell as the author gave it, "" for the next one
	File     string // "lessons/09-atomicity.md"
	Line     int    // of the block's first line of text, from 1
	Question string // Markdown
	Options  []Option
	Cell     *Cell // nil only where it is a fault that there is none
}

// Option is one of the answers to choose from.
type Option struct {
	Text  string // Markdown
	Right bool
	Why   string // Markdown: why it is right, or what is wrong with it
	Line  int
}

// Kind implements ast.Node.
func (p *Predict) Kind() ast.NodeKind { return KindPredict }

// IsRaw implements ast.Node: goldmark does not parse the block's lines.
func (p *Predict) IsRaw() bool { return true }

// Dump implements ast.Node.
func (p *Predict) Dump(source []byte, level int) {
	ast.DumpHelper(p, source, level, map[string]string{"ID": p.ID, "Question": p.Question}, nil)
}

// Several says whether more than one option is right, and all of them are asked for.
func (p *Predict) Several() bool {
	n := 0
	for _, o := range p.Options {
		if o.Right {
			n++
		}
	}
	return n > 1
}

// Holds says whether the chosen options are the right ones: all of them and no other. Options beyond
// the end of chosen are not chosen.
func (p *Predict) Holds(chosen []bool) bool {
	for i, o := range p.Options {
		if o.Right != (i < len(chosen) && chosen[i]) {
			return false
		}
	}
	return true
}

// Hash names what is asked: it changes with the question, the options and which of them are right, and
// not with the explanations.
func (p *Predict) Hash() string {
	h := sha256.New()
	fmt.Fprintf(h, "%q\n", p.Question)
	for _, o := range p.Options {
		fmt.Fprintf(h, "%q %v\n", o.Text, o.Right)
	}
	return hex.EncodeToString(h.Sum(nil)[:8])
}

// Letter returns the letter by which the option with the given index is chosen: "a", "b", ….
func Letter(index int) string { return string(rune('a' + index)) }

// Claim returns the output that an option claims the cell to have: what is between the backquotes, where
// the option's text is one code span and nothing else. Other options are prose, ok is false.
func (o Option) Claim() (output string, ok bool) {
	ticks := len(o.Text) - len(strings.TrimLeft(o.Text, "`"))
	fence := strings.Repeat("`", ticks)
	if ticks == 0 || len(o.Text) <= 2*ticks || !strings.HasSuffix(o.Text, fence) {
		return "", false
	}
	inner := o.Text[ticks : len(o.Text)-ticks]
	if slices.Contains(tickRuns(inner), ticks) || strings.HasSuffix(inner, "`") {
		return "", false
	}
	if strings.HasPrefix(inner, " ") && strings.HasSuffix(inner, " ") && strings.TrimSpace(inner) != "" {
		inner = inner[1 : len(inner)-1] // as in Markdown: for spans that begin or end with a backquote
	}
	return inner, true
}

// setForm is an option whose code spans, here each a \x00, are all that can be printed.
var setForm = regexp.MustCompile(`^(?:Only \x00|\x00(?:,? (?:and|or) |, )\x00)(?:(?:,? (?:and|or) |, )\x00)*\.?$`)

// Set returns the outputs that an option claims to be all that the cell can print: several code spans,
// parted by commas, "and" or "or", or a single one after "Only". For other options ok is false.
func (o Option) Set() (outputs []string, ok bool) {
	rest, shape := o.Text, ""
	for {
		i := strings.IndexByte(rest, '`')
		if i < 0 {
			break
		}
		ticks := len(rest[i:]) - len(strings.TrimLeft(rest[i:], "`"))
		end := strings.Index(rest[i+ticks:], rest[i:i+ticks])
		if end < 0 {
			return nil, false
		}
		output, ok := Option{Text: rest[i : i+ticks+end+ticks]}.Claim()
		if !ok {
			return nil, false
		}
		outputs = append(outputs, output)
		shape += rest[:i] + "\x00"
		rest = rest[i+ticks+end+ticks:]
	}
	if !setForm.MatchString(shape + rest) {
		return nil, false
	}
	return outputs, true
}

// endings are the words of an option that say how the cell ends, by what a cell can expect.
var endings = map[string]*regexp.Regexp{
	"deadlock":      regexp.MustCompile(`(?i)\b(may deadlock|deadlocks|waits? for ever)\b`),
	"panic":         regexp.MustCompile(`(?i)\b(may panic|panics)\b`),
	"race":          regexp.MustCompile(`(?i)\b(reports? (it|a|the) data race|race is reported)\b`),
	"compile-error": regexp.MustCompile(`(?i)\bdoes not compile\b`),
}

// Ending returns how an option claims that the cell ends, or may end: "deadlock", "panic", "race" or
// "compile-error"; "" where it says nothing of the kind.
func (o Option) Ending() string {
	for _, name := range []string{"deadlock", "panic", "race", "compile-error"} {
		if endings[name].MatchString(o.Text) {
			return name
		}
	}
	return ""
}

var ticksForm = regexp.MustCompile("`+")

// tickRuns returns the lengths of the runs of backquotes in s.
func tickRuns(s string) (runs []int) {
	for _, run := range ticksForm.FindAllString(s, -1) {
		runs = append(runs, len(run))
	}
	return runs
}

// spanOpen says whether a code span begins in s that does not end there.
func spanOpen(s string) bool {
	runs := tickRuns(s)
	for len(runs) > 0 {
		i := slices.Index(runs[1:], runs[0])
		if i < 0 {
			return true
		}
		runs = runs[i+2:]
	}
	return false
}

// Prose parses Markdown that is not a lesson of its own: a question, an option, an explanation.
func Prose(markdown string) (source []byte, blocks []ast.Node) {
	source = []byte(markdown)
	doc := goldmark.New(goldmark.WithExtensions(extension.GFM)).Parser().Parse(text.NewReader(source))
	for n := doc.FirstChild(); n != nil; n = n.NextSibling() {
		blocks = append(blocks, n)
	}
	return source, blocks
}
