package cli

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"workbook/cmd/workbook/internal/course"
	"workbook/cmd/workbook/internal/grader"
	"workbook/cmd/workbook/internal/verdict"
	"workbook/cmd/workbook/internal/watch"
	"workbook/cmd/workbook/internal/workspace"
)

// session is the state of watching, without a screen: events go in, text and a status come out.
//
// Its methods are called from one goroutine, the front end's loop. Gradings run in goroutines of
// their own, one at a time, and come back as events through post; the session waits for them in end.
// A grading carries the number it was started with, and an answer with an older number is dropped:
// a stale verdict is never shown.
type session struct {
	ctx    context.Context
	open   *opened
	say    speaker         // how things are put to people
	post   func(event any) // gives an event back to the front end's loop; safe from any goroutine
	warmed chan struct{}   // closed once the standard library is ready for -race

	current *course.Exercise
	running *course.Exercise   // being graded, or nil
	queue   []*course.Exercise // saved and not yet graded
	number  int                // of the newest grading
	quick   int                // number of the grading whose compile errors were shown
	cancel  context.CancelFunc // ends the running grading
	work    sync.WaitGroup     // every goroutine that the session started
	hints   int                // hints shown of the current exercise
	asking  *question          // an open question, or nil
	last    verdict.Class      // of the current exercise's newest verdict, "" before the first
	warming string             // what the status says while the standard library is built
	ended   bool               // q was pressed
}

// question waits for y or n.
type question struct {
	text string
	yes  func()
}

// The events of a session, beside watch.Change and watch.Mode.
type (
	// keyEvent is a key that was pressed.
	keyEvent string
	// quickEvent is what the type checker says before anything has been built.
	quickEvent struct {
		number   int
		ex       *course.Exercise
		findings []verdict.Finding
	}
	// gradedEvent is a grading's end.
	gradedEvent struct {
		number int
		ex     *course.Exercise
		v      verdict.Verdict
		err    error
	}
	// troubleEvent is an error to be told; nil is none.
	troubleEvent struct{ err error }
	// warmEvent is progress of building the -race standard library.
	warmEvent struct {
		done, total int
		finished    bool
		err         error
	}
)

// speaker puts a session's news to people: a screen with room for texts, or one line a change.
type speaker interface {
	opening(*course.Lesson)
	task(*course.Exercise)
	grading(*course.Exercise)
	quick(*course.Exercise, []verdict.Finding)
	verdict(*course.Exercise, verdict.Verdict)
	trouble(error)
	note(string)
	list(*course.Exercise)
	hint(*course.Exercise, int)
	read(*course.Exercise)
	edit(*course.Exercise)
	solution(*course.Exercise)
}

// start warms the toolchain, shows the current exercise and grades it.
func (s *session) start() {
	s.warmed = make(chan struct{})
	s.warming = "preparing the race detector"
	s.work.Go(func() {
		defer close(s.warmed)
		err := s.open.grader.Warm(s.ctx, func(done, total int) { s.post(warmEvent{done: done, total: total}) })
		s.post(warmEvent{finished: true, err: err})
	})
	if s.open.fresh {
		s.say.opening(s.open.course.Lesson(s.current.Lesson))
	}
	s.say.task(s.current)
	s.enqueue(s.current)
}

// end cancels what runs and waits for it.
func (s *session) end() {
	if s.cancel != nil {
		s.cancel()
	}
	s.work.Wait()
}

// handle takes one event in.
func (s *session) handle(event any) {
	switch e := event.(type) {
	case watch.Change:
		s.changed(e.Paths)
	case watch.Mode:
		if e.Polling {
			s.say.note("no file events arrive here (" + e.Reason + "): looking at your files every 300 ms instead")
		}
	case keyEvent:
		s.key(string(e))
	case quickEvent:
		if e.number == s.number {
			s.quick = e.number
			s.say.quick(e.ex, e.findings)
		}
	case gradedEvent:
		s.graded(e)
	case warmEvent:
		s.warm(e)
	case troubleEvent:
		s.say.trouble(e.err)
	}
}

func (s *session) warm(e warmEvent) {
	switch {
	case e.err != nil && s.ctx.Err() == nil:
		s.warming = ""
		s.say.trouble(e.err)
	case e.finished:
		s.warming = ""
	case e.total > 0:
		s.warming = "preparing the race detector (once) " + bar(e.done, e.total, 20)
	}
}

// bar draws progress in plain characters.
func bar(done, total, width int) string {
	full := min(width, width*done/max(total, 1))
	return fmt.Sprintf("[%s%s] %d/%d", strings.Repeat("#", full), strings.Repeat(".", width-full), done, total)
}

// changed grades the exercises whose files changed: the current one first, else in course order.
func (s *session) changed(paths []string) {
	var saved []*course.Exercise
	for _, ex := range s.open.course.Exercises() {
		if slices.Contains(paths, filepath.Join(s.open.ws.Dir, filepath.FromSlash(ex.File))) {
			saved = append(saved, ex)
		}
	}
	if len(saved) == 0 {
		return
	}
	if !slices.Contains(saved, s.current) {
		s.say.note(fmt.Sprintf("you saved %s: it is the current exercise now", saved[0].Name))
		s.show(saved[0])
	}
	if i := slices.Index(saved, s.current); i > 0 {
		saved[0], saved[i] = saved[i], saved[0]
	}
	if s.running != nil && !slices.Contains(saved, s.running) {
		saved = append(saved, s.running) // cancelled by what follows, graded again after
	}
	s.queue = slices.DeleteFunc(s.queue, func(e *course.Exercise) bool { return slices.Contains(saved, e) })
	s.queue = append(saved, s.queue...)
	s.next()
}

// enqueue grades ex now, cancelling what runs.
func (s *session) enqueue(ex *course.Exercise) {
	s.queue = slices.DeleteFunc(s.queue, func(e *course.Exercise) bool { return e == ex })
	s.queue = append([]*course.Exercise{ex}, s.queue...)
	s.next()
}

// next starts the first grading of the queue in the place of the one that runs.
func (s *session) next() {
	if s.cancel != nil {
		s.cancel()
		s.cancel, s.running = nil, nil
	}
	if len(s.queue) == 0 || s.ctx.Err() != nil {
		return
	}
	ex := s.queue[0]
	s.queue = s.queue[1:]
	s.number++
	number := s.number
	ctx, cancel := context.WithCancel(s.ctx)
	s.cancel, s.running = cancel, ex
	s.say.grading(ex)
	s.work.Go(func() {
		defer cancel()
		s.grade(ctx, number, ex)
	})
}

// grade runs in a goroutine of its own: it touches nothing of the session that changes.
func (s *session) grade(ctx context.Context, number int, ex *course.Exercise) {
	files, err := s.open.ws.Read(ex)
	if err != nil {
		s.post(gradedEvent{number: number, ex: ex, err: err})
		return
	}
	sub := grader.Submission{Exercise: ex, Files: files}
	if findings := s.open.grader.Check(ctx, sub); len(findings) > 0 && ctx.Err() == nil {
		s.post(quickEvent{number, ex, findings})
	}
	select {
	case <-s.warmed:
	case <-ctx.Done():
		return
	}
	v, err := s.open.grader.Grade(ctx, sub)
	if ctx.Err() != nil {
		return
	}
	s.post(gradedEvent{number, ex, v, err})
}

func (s *session) graded(e gradedEvent) {
	if e.number != s.number || s.running == nil {
		return
	}
	s.cancel, s.running = nil, nil
	if e.err != nil {
		s.say.trouble(e.err)
	} else {
		if e.ex == s.current {
			s.last = e.v.Class
		}
		if err := s.open.ws.Record(attempt(e.v)); err != nil {
			s.say.trouble(err)
		}
		if e.v.Class != verdict.Build || s.quick != e.number {
			s.say.verdict(e.ex, e.v)
		}
	}
	s.next()
}

// attempt is what the journal keeps of a verdict.
func attempt(v verdict.Verdict) workspace.Attempt {
	return workspace.Attempt{Exercise: v.Exercise, Class: string(v.Class), Title: v.Title, MS: v.ElapsedMS}
}

// show makes ex the current exercise.
func (s *session) show(ex *course.Exercise) {
	s.current, s.hints, s.asking, s.last = ex, 0, nil, ""
	if err := s.open.ws.SetCurrent(ex); err != nil {
		s.say.trouble(err)
	}
}

// key answers a key press; the keys are live at any time.
func (s *session) key(k string) {
	if s.asking != nil {
		q := s.asking
		s.asking = nil
		if k == "y" || k == "Y" {
			q.yes()
		} else {
			s.say.note("left as it was")
		}
		return
	}
	switch k {
	case "n":
		s.forward()
	case "h":
		s.hint()
	case "l":
		s.say.list(s.current)
	case "r":
		s.say.read(s.current)
	case "s":
		s.solution()
	case "x":
		s.asking = &question{"reset " + s.current.Name + " to its starter? Your text is kept for undo. (y/n)", s.reset}
	case "u":
		s.undo()
	case "e":
		s.say.edit(s.current)
	case "enter", " ":
		s.enqueue(s.current)
	case "q", "ctrl+c", "esc":
		s.ended = true
	case "?":
		s.say.note("keys: " + allKeys)
	}
}

// keyHelp is the line of keys that a screen shows; ? tells all of them.
const (
	keyHelp = "n next · h hint · r read · l list · s solution · x reset · q quit · ? keys"
	allKeys = "n next exercise · h next hint · r read the lesson · l list · s solution · x reset (asks) · u undo · " +
		"e edit · enter grade again · q quit"
)

func (s *session) forward() {
	next := s.open.after(s.current)
	if next == nil {
		s.say.note("every exercise has passed: `workbook list` shows them, `workbook read` the lessons")
		return
	}
	s.show(next)
	s.say.task(next)
	s.enqueue(next)
}

func (s *session) hint() {
	if s.hints < len(s.current.Hints) {
		s.hints++
	}
	s.say.hint(s.current, s.hints)
	if err := s.open.ws.HintShown(s.current, s.hints); err != nil {
		s.say.trouble(err)
	}
}

func (s *session) solution() {
	if s.open.ws.Progress().Earned(s.current.Name) {
		s.say.solution(s.current)
		return
	}
	s.asking = &question{s.current.Name + " has not passed. Give up on it and see the solution? (y/n)", func() {
		if err := s.open.ws.GiveUp(s.current); err != nil {
			s.say.trouble(err)
			return
		}
		s.say.solution(s.current)
	}}
}

func (s *session) reset() {
	text := s.current.Name + " is its starter again"
	if s.open.ws.Written(s.current) {
		text += "; u brings your text back"
	}
	if err := s.open.ws.Reset(s.current); err != nil {
		s.say.trouble(err)
		return
	}
	s.say.note(text)
}

func (s *session) undo() {
	if err := s.open.ws.Undo(s.current); err != nil {
		s.say.trouble(err)
		return
	}
	s.say.note(s.current.Name + " has the text back that it had before the reset")
}

// status is one line: where the learner is and what is going on.
func (s *session) status() string {
	if s.asking != nil {
		return s.asking.text
	}
	parts := []string{s.current.Name, s.open.place(s.current)}
	switch {
	case s.warming != "":
		parts = append(parts, s.warming)
	case s.running != nil:
		parts = append(parts, "grading "+s.running.Name)
	case s.last == verdict.Pass:
		parts = append(parts, "passed")
	case s.last != "":
		parts = append(parts, "not passed: "+string(s.last))
	}
	return strings.Join(parts, " · ")
}
