package explain

import (
	"go/ast"
	"regexp"
	"strings"

	"workbook/cmd/workbook/internal/verdict"
)

// filePrefix is what the testing package puts before a failure's text.
var filePrefix = regexp.MustCompile(`^\s*[\w./\\:-]+\.go:\d+(:\d+)?: `)

// testNoise are lines that the testing package adds around failures.
var testNoise = regexp.MustCompile(`^\s*(--- (FAIL|PASS|SKIP): |=== |FAIL$|PASS$|ok\s|exit status )`)

// wrong passes on what the hidden test says of a wrong answer, without the test's own file and line.
func (s *source) wrong(f verdict.Finding, text string) []verdict.Finding {
	sentences := clean(text)
	if len(sentences) == 0 {
		return []verdict.Finding{fallback(f)}
	}
	f.Message = sentences[0]
	if len(f.Detail) == 0 && len(sentences) > 1 {
		f.Detail = sentences[1:min(len(sentences), 6)]
	}
	t := Teach(f.Class)
	if f.Hint == "" {
		f.Hint = t.Hint
	}
	if f.Lesson == "" {
		f.Lesson = t.Lesson
	}
	if len(f.At) == 0 {
		if fn := s.mentioned(f.Message); fn != nil {
			f.At = []verdict.Place{s.at(fn.file, fn.line, "function")}
		}
	}
	return []verdict.Finding{f}
}

// clean cuts a test's output into its failures' texts. A line that is indented deeper than the
// failure before it belongs to that one.
func clean(text string) []string {
	var out []string
	prefixed := false
	for _, l := range splitLines(text) {
		if strings.TrimSpace(l) == "" || testNoise.MatchString(l) {
			continue
		}
		bare := filePrefix.ReplaceAllString(l, "")
		has := bare != l
		if strings.Contains(bare, "race detected during execution of test") {
			continue
		}
		bare = strings.TrimSpace(bare)
		if !has && prefixed && strings.HasPrefix(l, " ") && len(out) > 0 {
			out[len(out)-1] += " " + bare
			continue
		}
		prefixed = prefixed || has
		out = append(out, bare)
	}
	return out
}

var word = regexp.MustCompile(`\w+`)

// mentioned is the first of the learner's exported functions and methods that a sentence names.
func (s *source) mentioned(sentence string) *function {
	for _, w := range word.FindAllString(sentence, -1) {
		if !ast.IsExported(w) {
			continue
		}
		for _, fn := range s.funcs {
			if d, ok := fn.node.(*ast.FuncDecl); ok && d.Name.Name == w {
				return fn
			}
		}
	}
	return nil
}
