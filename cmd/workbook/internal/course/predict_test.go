package course_test

import (
	"fmt"
	"strings"
	"testing"

	"workbook/cmd/workbook/internal/course"
)

// ask makes a predict block; its first line is line 5 of memory.
func ask(info, block string) string { return "```predict" + info + "\n" + block + "```\n" }

const (
	oneCell  = "\n```go cell id=c\nx\n```\n"
	twoRight = "Which?\n\n- [x] `1`\n  Why one.\n- [ ] `0`\n  Why not.\n- [x] It may deadlock.\n  Why so.\n\n  And so.\n"
	plain    = "What?\n\n- [x] a\n  A.\n- [ ] b\n  B.\n"
)

// TestPredict writes every question that a lesson has in one line for each option.
func TestPredict(t *testing.T) {
	for _, row := range []struct{ name, text, want string }{
		{"one", ask("", plain) + oneCell, "c for c: What?\na right=true line 4: A.\nb right=false line 6: B.\n"},
		{"several", ask(" id=q for=c", twoRight) + oneCell,
			"q for c, several: Which?\n`1` right=true line 4: Why one. claims \"1\"\n`0` right=false line 6: Why not. claims \"0\"\nIt may deadlock. right=true line 8: Why so.||And so.\n"},
		{"lines", ask("", "What\nis\n\nit?\n- [x] ``a\n  b`` \n  A.\n- [ ] `` ` ``\n  B.\n") + oneCell,
			"c for c: What|is||it?\n``a|b`` right=true line 6: A. claims \"a\\nb\"\n`` ` `` right=false line 9: B. claims \"`\"\n"},
		{"prose with code", ask("", "What?\n- [x] `a` or `b`\n  A.\n- [ ] It is `b`\n  B.\n") + oneCell,
			"c for c: What?\n`a` or `b` right=true line 3: A.\nIt is `b` right=false line 5: B.\n"},
		{"in a list", "- one\n\n  ```predict\n  What?\n  - [x] a\n    A.\n  - [ ] b\n    B.\n  ```\n" + oneCell,
			"c for c: What?\na right=true line 5: A.\nb right=false line 7: B.\n"},
		{"two about one cell", ask("", plain) + ask("", plain) + ask(" id=c-2", plain) + oneCell,
			"c for c: What?\na right=true line 4: A.\nb right=false line 6: B.\n" +
				"c-3 for c: What?\na right=true line 12: A.\nb right=false line 14: B.\n" +
				"c-2 for c: What?\na right=true line 20: A.\nb right=false line 22: B.\n"},
	} {
		l, _ := course.ParseLesson("lessons/01-x.md", []byte(row.text))
		var b strings.Builder
		for _, q := range l.Questions {
			several := ""
			if q.Several() {
				several = ", several"
			}
			fmt.Fprintf(&b, "%s for %s%s: %s\n", q.ID, q.Cell.ID, several, bars(q.Question))
			for _, o := range q.Options {
				fmt.Fprintf(&b, "%s right=%v line %d: %s", bars(o.Text), o.Right, o.Line, bars(o.Why))
				if claim, ok := o.Claim(); ok {
					fmt.Fprintf(&b, " claims %q", claim)
				}
				b.WriteString("\n")
			}
			if l.Question(q.ID) != q {
				t.Errorf("%s: Question(%q) is another question", row.name, q.ID)
			}
		}
		if b.String() != row.want {
			t.Errorf("%s: the questions of\n%s\nare\n%swant\n%s", row.name, row.text, b.String(), row.want)
		}
	}
}

func bars(s string) string { return strings.ReplaceAll(s, "\n", "|") }

var predictFaults = []fault{
	{"no right answer", text(ask("", strings.ReplaceAll(plain, "[x]", "[ ]")) + oneCell), memory + `:5: question without a right answer: want "- [x] TEXT"`},
	{"one option", text(ask("", "What?\n- [x] a\n  A.\n") + oneCell), memory + `:5: question with 1 options: want 2 to 8, each "- [ ] TEXT" or, where it is right, "- [x] TEXT"`},
	{"nine options", text(ask("", plain+"- [ ] 3\n  x\n- [ ] 4\n  x\n- [ ] 5\n  x\n- [ ] 6\n  x\n- [ ] 7\n  x\n- [ ] 8\n  x\n- [ ] 9\n  x\n") + oneCell),
		memory + `:5: question with 9 options: want 2 to 8, each "- [ ] TEXT" or, where it is right, "- [x] TEXT"`},
	{"empty", text(ask("", "") + oneCell), memory + ":5: predict block without a question\n" + memory + `:5: question with 0 options: want 2 to 8, each "- [ ] TEXT" or, where it is right, "- [x] TEXT"`},
	{"no question", text(ask("", "- [x] a\n  A.\n- [ ] b\n  B.\n") + oneCell), memory + `:5: predict block without a question`},
	{"no explanation", text(ask("", "What?\n- [x] a\n- [ ] b\n  B.\n") + oneCell), memory + `:7: option "a" without an explanation: want it below, indented by two blanks`},
	{"no text", text(ask("", "What?\n- [x]\n  A.\n- [ ] b\n  B.\n") + oneCell), memory + `:7: option without text`},
	{"same text", text(ask("", plain+"- [ ] b\n  C.\n") + oneCell), memory + `:12: option "b" is the one at line 10 again`},
	{"open span", text(ask("", "What?\n- [x] `a\n  A.\n- [ ] b\n  B.\n") + oneCell), memory + ":7: option \"`a\\nA.\": a code span without an end"},
	{"bad box", text(ask("", "What?\n- [X] a\n- [x] a\n  A.\n- [ ] b\n  B.\n") + oneCell), memory + `:7: malformed line "- [X] a": want "- [ ] TEXT", "- [x] TEXT", or an explanation indented by two blanks`},
	{"bad line", text(ask("", plain+" C.\n") + oneCell), memory + `:12: malformed line " C.": want "- [ ] TEXT", "- [x] TEXT", or an explanation indented by two blanks`},
	{"no cell", text(oneCell + ask("", plain)), memory + `:9: question without a cell after it: name its cell with for=ID`},
	{"unknown cell", text(ask(" for=cc", plain) + "\n```go cell id=c2\nx\n```\n"), memory + `:5: for=cc: no cell has this id; did you mean c2?`},
	{"cell before", text("```go cell id=c\nx\n```\n" + ask(" for=c", plain)), memory + `:8: for=c: the cell stands before its question, at line 5`},
	{"duplicate question", text(ask(" id=q", plain) + ask(" id=q", plain) + oneCell), memory + `:13: duplicate id "q": the question at line 5 has it`},
	{"bad question id", text(ask(" id=1", plain) + oneCell), memory + `:5: bad id "1": want a letter, then letters, digits, - and _`},
	{"question key", text(ask(" about=c", plain) + oneCell), memory + `:5: unknown key "about": a question has id and for`},
	{"misspelled", text("```predic\nx\n```\n"), memory + `:5: malformed info string "predic": a question begins with "predict"`},
	{"all at once", text(ask(" id=1", "What?\nx\n- [ ] a\nA.\n")), memory + ":5: bad id \"1\": want a letter, then letters, digits, - and _\n" +
		memory + ":5: question with 1 options: want 2 to 8, each \"- [ ] TEXT\" or, where it is right, \"- [x] TEXT\"\n" + memory + ":5: question without a cell after it: name its cell with for=ID\n" +
		memory + ":5: question without a right answer: want \"- [x] TEXT\"\n" + memory + ":8: option \"a\" without an explanation: want it below, indented by two blanks\n" +
		memory + `:9: malformed line "A.": want "- [ ] TEXT", "- [x] TEXT", or an explanation indented by two blanks`},
}

func TestPredictFaults(t *testing.T) {
	for _, row := range predictFaults {
		t.Run(row.name, func(t *testing.T) { checkFaults(t, row) })
	}
}

func TestHolds(t *testing.T) {
	l, _ := course.ParseLesson("lessons/01-x.md", []byte(ask("", twoRight)+oneCell))
	for chosen, want := range map[string]bool{"": false, "a": false, "ac": true, "abc": false, "bc": false, "b": false} {
		var set []bool
		for i := range len(l.Questions[0].Options) {
			set = append(set, strings.Contains(chosen, course.Letter(i)))
		}
		if got := l.Questions[0].Holds(set); got != want {
			t.Errorf("Holds(%q) = %v, want %v", chosen, got, want)
		}
	}
	if l.Questions[0].Holds(nil) {
		t.Error("no choice holds")
	}
}

// TestHash wants a question to be another one when what is asked changes, and only then.
func TestHash(t *testing.T) {
	hash := func(block string) string {
		l, _ := course.ParseLesson("lessons/01-x.md", []byte(ask("", block)+oneCell))
		return l.Questions[0].Hash()
	}
	base := hash(plain)
	for edited, same := range map[string]bool{
		strings.Replace(plain, "  A.", "  Other words.", 1): true,
		strings.Replace(plain, "What?", "Which?", 1):        false,
		strings.Replace(plain, "] b", "] c", 1):             false,
		strings.Replace(plain, "[ ]", "[x]", 1):             false,
	} {
		if (hash(edited) == base) != same {
			t.Errorf("the hash of %q is that of %q: %v, want %v", edited, plain, !same, same)
		}
	}
}

// FuzzPredict wants every block to be read without a panic, its faults to lie in it, and one without
// faults to have what the reader relies on.
func FuzzPredict(f *testing.F) {
	f.Add("", plain)
	f.Add(" id=q for=c", twoRight)
	f.Add(" for=", "- [x] ``a\n  `b\n- [ ]\n\n\n  x")
	f.Fuzz(func(t *testing.T, info, block string) {
		if strings.ContainsAny(info, "\r\n`") || strings.ContainsAny(block, "\r") {
			t.Skip()
		}
		source := ask(info, block+"\n") + oneCell
		l, err := course.ParseLesson("lessons/01-x.md", []byte(source))
		if err != nil {
			for _, fault := range err.(course.Faults) {
				if fault.Line < 0 || fault.Line > 1+strings.Count(source, "\n") {
					t.Errorf("ParseLesson(%q) reports %v", source, fault)
				}
			}
		}
		for _, q := range l.Questions {
			q.Hash()
			right := make([]bool, len(q.Options))
			for i, o := range q.Options {
				o.Claim()
				course.Prose(o.Text)
				right[i] = o.Right
				if !strings.HasPrefix(strings.TrimLeft(lineAt(l.Source, o.Line), " \t>-*+0123456789.)"), "[") {
					t.Errorf("option %q is said to be in line %d of %q", o.Text, o.Line, source)
				}
			}
			if !q.Holds(right) || q.ID == "" || len(q.Options) > 0 && err == nil && (q.Holds(nil) || q.Cell == nil || q.Question == "") {
				t.Errorf("ParseLesson(%q) has the question %+v", source, q)
			}
		}
	})
}

func lineAt(text []byte, line int) string {
	return strings.Split(string(text), "\n")[line-1]
}
