package cli

import (
	"context"
	"fmt"
	"io"

	"workbook/cmd/workbook/internal/course"
	"workbook/cmd/workbook/internal/verdict"
)

// lines is the front end of a session without a terminal: one line a change of state.
type lines struct {
	s *session
	a *app
	w io.Writer
}

// watchLines runs a session until its context ends.
func (a *app) watchLines(ctx context.Context, s *session, events <-chan any) error {
	l := &lines{s, a, a.Stdout}
	s.say = l
	s.start()
	for {
		select {
		case <-ctx.Done():
			return nil
		case e := <-events:
			if w, ok := e.(warmEvent); ok && w.finished && w.err == nil {
				l.note("the race detector's standard library is ready")
			}
			s.handle(e)
		}
	}
}

func (l *lines) opening(lesson *course.Lesson) { l.trouble(l.a.writeOpening(l.w, l.a.style(), lesson)) }

func (l *lines) task(ex *course.Exercise) {
	l.a.writeTask(l.w, l.a.style(), l.s.open, ex)
	if l.s.warming != "" {
		l.note(l.s.warming + " (the first time takes up to a minute)")
	}
}

func (l *lines) grading(ex *course.Exercise) { fmt.Fprintf(l.w, "%s: grading\n", ex.Name) }

func (l *lines) quick(ex *course.Exercise, findings []verdict.Finding) {
	fmt.Fprintf(l.w, "%s: build: %s\n", ex.Name, where(findings))
}

func (l *lines) verdict(ex *course.Exercise, v verdict.Verdict) {
	if v.Passed {
		fmt.Fprintf(l.w, "%s: pass: %s\n", ex.Name, v.Title)
		return
	}
	fmt.Fprintf(l.w, "%s: %s: %s\n", ex.Name, v.Class, where(v.Findings))
}

// where is the first finding in one line: its place, if it has one, then its message.
func where(findings []verdict.Finding) string {
	if len(findings) == 0 {
		return "no finding"
	}
	f := findings[0]
	if len(f.At) == 0 {
		return oneLine(f.Message)
	}
	return fmt.Sprintf("%s:%d: %s", f.At[0].File, f.At[0].Line, oneLine(f.Message))
}

func (l *lines) trouble(err error) { writeTrouble(l.a.Stderr, err) }

func (l *lines) note(text string) { fmt.Fprintf(l.w, "workbook: %s\n", text) }

// The rest are answers to keys, which a session without a terminal does not have.

func (l *lines) list(*course.Exercise)      {}
func (l *lines) hint(*course.Exercise, int) {}
func (l *lines) read(*course.Exercise)      {}
func (l *lines) edit(*course.Exercise)      {}
func (l *lines) solution(*course.Exercise)  {}
