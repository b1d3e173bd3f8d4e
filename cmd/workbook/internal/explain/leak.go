package explain

import (
	"fmt"

	"workbook/cmd/workbook/internal/verdict"
)

// leaks turns the dump of the goroutines that outlive a test into findings, one for each line that
// goroutines are blocked on.
func (s *source) leaks(dump string) []verdict.Finding { return s.leaksIn(s.waiters(dump)) }

func (s *source) leaksIn(ws []*waiter) []verdict.Finding {
	var found []verdict.Finding
	for _, w := range ws {
		r := s.reason(w, ws)
		f := verdict.Finding{Class: verdict.Leak, Hint: r.hint, Lesson: r.lesson, At: s.places(w)}
		if r.lesson == secDeadlock || r.lesson == "" {
			f.Lesson = secLeaks
		}
		why := r.why
		if r.message != "" {
			why = r.message
		}
		f.Message = fmt.Sprintf("%s after the test has ended. %s", s.sentence(w, "still "), why)
		for _, p := range r.at {
			f.At = addPlace(f.At, p)
		}
		if fn := w.fn.goroutine(); fn != nil && w.count() > 1 {
			f.Detail = append(f.Detail, fmt.Sprintf("Every call of %s leaves such a goroutine behind; it keeps its memory as long as the program runs.", fn.decl().Name.Name))
		}
		found = append(found, f)
	}
	return found
}
