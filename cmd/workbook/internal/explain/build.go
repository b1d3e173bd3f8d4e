package explain

import (
	"regexp"
	"strings"

	"workbook/cmd/workbook/internal/verdict"
)

// diagLine is a message of the compiler or of vet.
var diagLine = regexp.MustCompile(`^(?:vet: )?(.+?\.go):(\d+)(?::\d+)?: (.+)$`)

// build adds to a compiler's message its line and what it usually takes to mend it.
func (s *source) build(f verdict.Finding, text string) verdict.Finding {
	if f.Message == "" || len(f.At) == 0 {
		s.firstDiag(&f, text)
	}
	for i, p := range f.At {
		if p.Source == "" {
			f.At[i].Source = s.text(p.File, p.Line)
		}
	}
	if f.Hint == "" {
		f.Hint = buildHint(f.Message)
	}
	return fallback(f)
}

// firstDiag takes message and place from the first message of the compiler's, the others as details.
func (s *source) firstDiag(f *verdict.Finding, text string) {
	for _, l := range splitLines(text) {
		m := diagLine.FindStringSubmatch(strings.TrimSpace(l))
		if m == nil {
			continue
		}
		name := s.relative(m[1])
		p := s.at(name, number(m[2]), "error")
		switch {
		case s.files[name] == nil:
			if f.Message == "" {
				f.Message = "The tests do not compile with your file: " + m[3]
			}
		case len(f.At) == 0:
			f.Message, f.At = m[3], append(f.At, p)
		case len(f.Detail) < 9:
			f.Detail = append(f.Detail, s.lineName(name, p.Line)+": "+m[3])
		}
	}
}

// buildHint is what mends a compiler's message, or "".
func buildHint(message string) string {
	for _, h := range buildHints {
		if m := h.text.FindStringSubmatchIndex(message); m != nil {
			return string(h.text.ExpandString(nil, h.hint, message, m))
		}
	}
	return ""
}

// buildHints say what to do about the messages that learners meet, the more particular ones first.
var buildHints = []struct {
	text *regexp.Regexp
	hint string
}{
	{rx(`^"(.+)" imported and not used`), `Delete the import of "$1", or use it: Go allows no import without a use.`},
	{rx(`^declared and not used: (\w+)`), "Use $1 or delete it; if it was meant to change a variable outside, write = in place of :=."},
	{rx(`^undefined: (sync|atomic|context|time|fmt|errors|slices|maps|strings|runtime)\b`), "Import the package $1 at the top of the file."},
	{rx(`^undefined: (\w+)`), "$1 is not declared here: check the spelling, capital letters too, and whether := or var declares it in a block around this line."},
	{rx(`(\S+) undefined \(type \S+ has no field or method (\w+), but does have (?:field|method) (\w+)\)`), "Go distinguishes capital letters: it is called $3."},
	{rx(`undefined \(type (\S+) has no field or method (\w+)\)`), "$1 has no $2: check the spelling, and whether the value has the type you think."},
	{rx(`undefined \(type \S+ is pointer to interface`), "Use the interface itself, not a pointer to it."},
	{rx(`^missing return`), "Every path through the function has to end in a return with a value, the one after the last if or loop too."},
	{rx(`^no new variables on left side of :=`), "The variables exist already: write = in place of :=."},
	{rx(`^non-name .* on left side of :=`), "A field or element cannot be declared: write = in place of :=."},
	{rx(`does not implement (\S+) \((?:missing method|method) (\w+)`), "Give the type a method $2 with the signature that $1 asks for; mind pointer receivers."},
	{rx(`^(?:cannot use .* as (\S+) value in (assignment|argument|return statement|send|variable declaration).*)`), "The types differ: convert the value if it means the same, or change the declaration of one of the two."},
	{rx(`mismatched types (\S+) and (\S+)`), "Go converts no numbers by itself: write the conversion, for example $1(x)."},
	{rx(`^(?:missing return values|not enough return values)`), "Return as many values as the function's signature lists."},
	{rx(`^too many return values`), "Return as many values as the function's signature lists, or change the signature."},
	{rx(`^assignment mismatch: (\d+) variables? but .* returns? (\d+) values?`), "The call gives $2 values: name that many on the left, _ for what you do not need."},
	{rx(`^(?:not enough|too many) arguments in call`), "Compare the call with the function's parameters."},
	{rx(`^invalid operation: cannot (send to|receive from) (receive|send)-only channel (\w+)`), "$3 has a direction in its type: <-chan can only be received from, chan<- only be sent to."},
	{rx(`^invalid operation: cannot close receive-only channel`), "Only the sending side closes a channel; let the function that sends do it."},
	{rx(`^expression in (go|defer) must be function call`), "Write the call's parentheses: $1 func() { … }()."},
	{rx(`^(?:\S+ )?\(?(?:value of type .*|.*) is not used$`), "Do something with the value: assign it, return it, or delete the line."},
	{rx(`^syntax error: unexpected newline`), "Something is missing at the end of the line: a closing parenthesis, a comma, or the opening brace, which belongs on the same line."},
	{rx(`^(?:syntax error|expected )`), "Look at this line and the one before: an unclosed brace, parenthesis or quote, or a missing comma."},
	{rx(`redeclared in this block`), "The name is declared twice in one block: delete one, or write = in place of := ."},
	{rx(`copies lock value|passes lock by value|copies lock`), "A copy of a mutex is another mutex: use a pointer, as a receiver and as a parameter too."},
	{rx(`WaitGroup\.Add called from inside new goroutine`), "Call Add before the go statement: inside, it may come after Wait."},
	{rx(`direct assignment to atomic value`), "Use the atomic's methods: x.Add(1), x.Store(v)."},
	{rx(`loop variable (\w+) captured by func literal`), "Pass $1 to the function as an argument."},
	{rx(`the cancel function (?:returned by \S+ )?(?:is not used|should be called)`), "Write defer cancel() right after the call: without it the context's resources stay until its parent ends."},
	{rx(`use of package (\w+) without selector`), "Name what you want of the package: $1.Something."},
	{rx(`^cannot assign to struct field .* in map`), "Take the struct out of the map, change it, and put it back; or store pointers."},
	{rx(`^import cycle|is not in std|no required module provides package|^could not import`), "Use only the standard library's packages that the task allows."},
	{rx(`must have package |found packages|^expected 'package'`), "The first line has to name the package, as it did in the file you were given."},
}
