package cli

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"workbook/cmd/workbook/internal/cell"
	"workbook/cmd/workbook/internal/course"
	"workbook/cmd/workbook/internal/tui"
)

// page shows a lesson in the pager, from the given place or from where the reader left it, edits the
// exercises that the reader asks for, and goes on to the lessons that a search leads to.
func (a *app) page(ctx context.Context, o *opened, l *course.Lesson, at placeIn) error {
	places := a.places()
	start := places[l.Slug]
	switch {
	case at.section != "":
		start = tui.Place{Anchor: at.section}
	case at.line > 0:
		start = tui.Place{Line: at.line - 1}
	}
	for {
		result, err := tui.Pager{
			Lesson: l, Style: a.style(), Start: start,
			RunCell: a.pagerCell(l, (*cell.Runner).Run), Sample: a.pagerCell(l, (*cell.Runner).Sample),
			Answered: o.answered(l), Answer: o.answer(l), Find: o.find,
			In: a.Stdin, Out: a.Stdout, Environ: a.Environ,
		}.Run(ctx)
		if err != nil {
			return err
		}
		places[l.Slug] = result.Place
		a.savePlaces(places)
		start = result.Place
		switch {
		case result.Action == tui.Open:
			l, start = o.course.Lesson(result.Found.Lesson), tui.Place{Line: result.Found.Line - 1}
		case result.Action != tui.Edit || o.ws == nil:
			return nil
		default:
			if err := a.edit(ctx, o, result.Exercise); err != nil {
				return err
			}
		}
	}
}

// answered says which of a lesson's questions were answered before.
func (o *opened) answered(l *course.Lesson) map[*course.Predict]bool {
	answered := map[*course.Predict]bool{}
	if o.ws == nil {
		return answered
	}
	progress := o.ws.Progress()
	for _, q := range l.Questions {
		answered[q] = progress.Recall(l.Slug, q, time.Local).Answered
	}
	return answered
}

// answer keeps an answer that the pager takes; nil where there is no workspace to keep it in.
func (o *opened) answer(l *course.Lesson) func(*course.Predict, bool) error {
	if o.ws == nil {
		return nil
	}
	return func(q *course.Predict, right bool) error { return o.ws.RecordAnswer(l.Slug, q, right) }
}

// runs is a way to run a cell.
type runs = func(*cell.Runner, context.Context, *course.Lesson, *course.Cell) (cell.Result, error)

// pagerCell runs a cell for the pager.
func (a *app) pagerCell(l *course.Lesson, run runs) func(context.Context, *course.Cell) (cell.Result, error) {
	return func(ctx context.Context, c *course.Cell) (cell.Result, error) {
		if err := a.mayRun(); err != nil {
			return cell.Result{}, err
		}
		runner, err := a.cellRunner(ctx)
		if err != nil {
			return cell.Result{}, err
		}
		return run(runner, ctx, l, c)
	}
}

// placesFile keeps where the reader left each lesson; it is only a convenience, so trouble with it is
// no trouble.
func (a *app) placesFile() string { return filepath.Join(a.cacheDir(), "places.json") }

func (a *app) places() map[string]tui.Place {
	places := map[string]tui.Place{}
	if text, err := os.ReadFile(a.placesFile()); err == nil {
		_ = json.Unmarshal(text, &places)
	}
	return places
}

func (a *app) savePlaces(places map[string]tui.Place) {
	if text, err := json.Marshal(places); err == nil {
		a.keepFile(a.placesFile(), text)
	}
}

// keepFile writes a file of the cache, whole or not at all.
func (a *app) keepFile(file string, text []byte) {
	if os.MkdirAll(filepath.Dir(file), 0o755) != nil {
		return
	}
	temp := fmt.Sprintf("%s.%d", file, os.Getpid())
	if os.WriteFile(temp, text, 0o644) == nil {
		_ = os.Rename(temp, file) // what is lost is a convenience
	}
}
