package render

import (
	"bytes"
	"testing"

	"workbook/cmd/workbook/internal/course"
)

// terms have what definitions are made of: code, a link, a list, a name wider than the screen, and what
// must not reach a terminal.
var terms = []course.Term{
	{Name: "critical section", Text: "The code between the calls of `Lock` and `Unlock` is called a **critical section**, and [the memory model](https://go.dev/ref/mem) says what that means.",
		Lesson: "races", Section: "three-ways-out"},
	{Name: "data race", Text: "A **data race** is two accesses for which all of this holds:\n\n- they are accesses to the same memory location, by two goroutines;\n- at least one of them is a write;\n- nothing orders them.",
		Lesson: "races", Section: "data-races"},
	{Name: "linearizability-of-concurrent-objects", Text: "It is \x1b[31mred\u202e.", Lesson: "memory"},
}

func TestGlossaryGolden(t *testing.T) {
	for _, s := range styles {
		t.Run(s.name, func(t *testing.T) {
			var b bytes.Buffer
			if err := s.Glossary(&b, terms); err != nil {
				t.Fatal(err)
			}
			golden(t, "glossary-"+s.name+".txt", b.Bytes())
			checkLines(t, s.Style, b.String())
		})
	}
	for _, narrow := range []int{20, 23, 31} {
		var b bytes.Buffer
		s := Style{Width: narrow, Plain: true}
		if err := s.Glossary(&b, terms); err != nil {
			t.Fatal(err)
		}
		checkLines(t, s, b.String())
	}
}
