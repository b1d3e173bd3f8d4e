package batch

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"sync"

	"workbook/cmd/workbook/internal/course"
	"workbook/cmd/workbook/internal/verdict"
)

// Work is one program to be graded.
type Work struct {
	Exercise *course.Exercise
	Files    map[string][]byte
}

// Config says what to grade, and with what.
type Config struct {
	Tasks    []Task // which Run may reorder
	Shard    Shard  // what share of a whole the tasks are
	Identity string // of the exercises and the grader, see Identity
	Tier     int    // what holds the submissions
	Box      string // the same in words

	// Grade judges one program. Its error says why there is no verdict.
	Grade func(context.Context, Work) (verdict.Verdict, error)
	// Prepare builds programs of one exercise together, before they are graded one by one. What it cannot
	// build Grade will. May be nil.
	Prepare func(context.Context, []Work) error

	Jobs    int      // programs at a time; one a processor where 0
	Chunk   int      // programs that are prepared together; DefaultChunk where 0
	Journal *Journal // keeps the answers, and the report's results; without one they are held in memory
	Before  []Result // of the journal, from an earlier run

	Progress func(Progress) // called by one goroutine at a time; may be nil
}

// DefaultChunk is how many programs are built together.
const DefaultChunk = 24

// Progress is how far a batch is.
type Progress struct {
	Done, Total int // tasks
	Before      int // of Done, those that an earlier run did
	What        string
}

// A CanaryError says that the machine misjudges a program that is known to be right. No answer that it
// gave since the last time it did not can be trusted, so the batch ends.
type CanaryError struct {
	Exercise string
	Class    verdict.Class
	Text     string
}

func (e *CanaryError) Error() string {
	return fmt.Sprintf("the reference solution of %s, which passes on a healthy machine, gets %s here: %s", e.Exercise, e.Class, e.Text)
}

// Run grades every task once and returns the report. Programs with equal texts are graded once for all,
// unless the answer is timeout or error, which may be different the next time.
//
// A right program goes first for each exercise, and again before a failure of ours is blamed on a
// submission. The error says what kept the batch from its end; what was graded until then is in the journal.
func Run(ctx context.Context, c Config) (Report, error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	r := &runner{Config: c, stop: cancel, canaries: map[string]*canary{}}
	if r.Jobs < 1 {
		r.Jobs = runtime.NumCPU()
	}
	if r.Chunk < 1 {
		r.Chunk = DefaultChunk
	}
	todo, err := r.plan()
	if err == nil {
		r.work(ctx, todo)
		err = r.err
	}
	if err = errors.Join(err, context.Cause(ctx)); err != nil {
		return Report{}, err
	}
	if err := r.collect(); err != nil {
		return Report{}, err
	}
	return Report{Schema: Schema, Course: c.Identity, Tier: c.Tier, Box: c.Box, Shards: c.Shard.names(), Results: sorted(r.results)}, nil
}

// collect brings what the journal has been given into the results.
func (r *runner) collect() error {
	for _, at := range r.kept {
		x, err := Result{kept: at}.Full()
		if err != nil {
			return err
		}
		r.results = append(r.results, x.thin(at))
	}
	r.kept = nil
	return nil
}

// runner is one run.
type runner struct {
	Config
	stop context.CancelCauseFunc

	canaryMu sync.Mutex // guards canaries
	canaries map[string]*canary

	mu      sync.Mutex // guards what follows
	results []Result   // without those that this run has put into the journal
	kept    []kept     // where these are
	done    int
	before  int
	err     error
}

// same are tasks whose texts are equal.
type same struct {
	key   string
	tasks []*Task
}

// plan takes over what the journal holds, and puts the other tasks together by their texts, exercise after
// exercise.
func (r *runner) plan() ([]same, error) {
	known := map[[3]string]Result{}
	for _, x := range r.Before {
		if x.Verdict.Class == verdict.Fault {
			continue // it may go well today
		}
		known[[3]string{x.Submission, x.Verdict.Exercise, x.Content}] = x
	}
	seen := map[[2]string]bool{}
	var todo []same
	index := map[string]int{}
	slices.SortStableFunc(r.Tasks, func(a, b Task) int { return a.Number - b.Number })
	for i := range r.Tasks {
		t := &r.Tasks[i]
		id := [2]string{t.Submission, t.Exercise.Name}
		if seen[id] {
			return nil, fmt.Errorf("the submission %q has the exercise %s twice", t.Submission, t.Exercise.Name)
		}
		seen[id] = true
		key, unread := t.key()
		if x, ok := known[[3]string{t.Submission, t.Exercise.Name, key}]; ok && !unread {
			r.results = append(r.results, x)
			r.done, r.before = r.done+1, r.before+1
			continue
		}
		i, ok := index[key]
		if !ok || unread {
			i = len(todo)
			todo = append(todo, same{key: key})
			index[key] = i
		}
		todo[i].tasks = append(todo[i].tasks, t)
	}
	return todo, nil
}

// key identifies the text of a task. unread says that there is none, or that it could not be read.
func (t *Task) key() (key string, unread bool) {
	files, refused := t.files()
	if len(refused) > 0 {
		return content(t.Exercise, []byte(refused[0].Message)), true
	}
	return content(t.Exercise, files[t.Exercise.File]), false
}

// work grades: while the programs of one chunk run, those of the next are built.
func (r *runner) work(ctx context.Context, todo []same) {
	queue, ready := make(chan same), make(chan []same)
	var wg sync.WaitGroup
	for range r.Jobs {
		wg.Go(func() {
			for s := range queue {
				r.grade(ctx, s)
			}
		})
	}
	wg.Go(func() {
		defer close(ready)
		for chunk := range r.chunks(todo) {
			r.prepare(ctx, chunk)
			ready <- chunk
		}
	})
	r.report("")
	for chunk := range ready {
		for _, s := range chunk {
			if ctx.Err() == nil {
				queue <- s
			}
		}
	}
	close(queue)
	wg.Wait()
}

// chunks yields the programs of one exercise, a number at a time.
func (r *runner) chunks(todo []same) func(yield func([]same) bool) {
	return func(yield func([]same) bool) {
		for len(todo) > 0 {
			n := 1
			for n < min(len(todo), r.Chunk) && todo[n].tasks[0].Exercise == todo[0].tasks[0].Exercise {
				n++
			}
			if !yield(todo[:n]) {
				return
			}
			todo = todo[n:]
		}
	}
}

// prepare builds a chunk's programs together, the reference solution among them.
func (r *runner) prepare(ctx context.Context, chunk []same) {
	if r.Prepare == nil || ctx.Err() != nil {
		return
	}
	var all []Work
	for _, s := range chunk {
		if files, refused := s.tasks[0].files(); len(refused) == 0 {
			all = append(all, Work{s.tasks[0].Exercise, files})
		}
	}
	if err := r.Prepare(ctx, all); err != nil {
		r.fail(err)
	}
}

// grade grades tasks with equal texts: the first one for all, as long as its answer is one that lasts.
func (r *runner) grade(ctx context.Context, s same) {
	for i := 0; i < len(s.tasks) && ctx.Err() == nil; i++ {
		t := s.tasks[i]
		key, unread := t.key() // it may have changed
		v, err := r.judge(ctx, t)
		if err != nil {
			r.fail(err)
			return
		}
		r.finish(t, key, v)
		if key != s.key || unread || !lasting(v.Class) {
			continue
		}
		for _, other := range s.tasks[i+1:] {
			r.finish(other, key, v)
		}
		return
	}
}

// lasting reports whether a program would get the same answer again. A machine that was busy, or broken, for
// a moment must not decide about others.
func lasting(c verdict.Class) bool { return c != verdict.Timeout && c != verdict.Fault }

// judge grades one task. The error is about the machine.
func (r *runner) judge(ctx context.Context, t *Task) (verdict.Verdict, error) {
	empty := verdict.Verdict{Schema: verdict.Schema, Exercise: t.Exercise.Name, Lesson: t.Exercise.Lesson, Tests: []verdict.Test{}}
	files, refused := t.files()
	if len(refused) > 0 {
		empty.Class, empty.Title, empty.Findings = refused[0].Class, "it cannot be graded", refused
		return empty, nil
	}
	if err := r.canary(ctx, t.Exercise, false); err != nil {
		return empty, err
	}
	v, err := r.Grade(ctx, Work{t.Exercise, files})
	if ctx.Err() != nil {
		return v, ctx.Err()
	}
	if err == nil && v.Class != verdict.Fault {
		return v, nil
	}
	if bad := r.canary(ctx, t.Exercise, true); bad != nil {
		return v, bad
	}
	if err != nil {
		v = empty
		v.Class, v.Title = verdict.Fault, "the workbook could not grade it"
		v.Findings = []verdict.Finding{{Class: verdict.Fault, Message: err.Error()}}
	}
	v.Notes = append(slices.Clone(v.Notes), "the reference solution passed right after, so it has to do with this submission")
	return v, nil
}

// canary is the reference solution of an exercise, graded.
type canary struct {
	mu  sync.Mutex // held while it is graded
	err error
	ran bool
}

// canary grades a reference solution, once for an exercise, or again.
func (r *runner) canary(ctx context.Context, ex *course.Exercise, again bool) error {
	r.canaryMu.Lock()
	c := r.canaries[ex.Name]
	if c == nil {
		c = &canary{}
		r.canaries[ex.Name] = c
	}
	r.canaryMu.Unlock()
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.ran && !again || c.err != nil {
		return c.err
	}
	c.ran = true
	v, err := r.Grade(ctx, Work{ex, map[string][]byte{ex.File: ex.Solution}})
	switch {
	case ctx.Err() != nil:
		c.err = ctx.Err()
	case err != nil:
		c.err = &CanaryError{ex.Name, verdict.Fault, err.Error()}
	case !v.Passed:
		text := v.Title
		if len(v.Findings) > 0 {
			text = v.Findings[0].Message
		}
		c.err = &CanaryError{ex.Name, v.Class, text}
	}
	return c.err
}

// finish keeps an answer.
func (r *runner) finish(t *Task, key string, v verdict.Verdict) {
	x := result(t, key, v)
	if r.Journal != nil {
		var err error
		if x, err = r.Journal.Add(x); err != nil {
			r.fail(err)
			return
		}
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.Journal != nil {
		r.kept = append(r.kept, x.kept)
	} else {
		r.results = append(r.results, x)
	}
	r.done++
	r.reportLocked(t.Submission + ": " + t.Exercise.Name)
}

func (r *runner) report(what string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.reportLocked(what)
}

// reportLocked tells how far the run is. r.mu is held.
func (r *runner) reportLocked(what string) {
	if r.Progress != nil {
		r.Progress(Progress{Done: r.done, Total: len(r.Tasks), Before: r.before, What: what})
	}
}

// fail ends the run; the first reason counts.
func (r *runner) fail(err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.err == nil && !errors.Is(err, context.Canceled) {
		r.err = err
	}
	r.stop(err)
}
