package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strings"

	"workbook/cmd/workbook/internal/course"
	"workbook/cmd/workbook/internal/render"
)

// writeTask shows an exercise: its title, its task and the file to edit.
func (a *app) writeTask(w io.Writer, style render.Style, o *opened, ex *course.Exercise) {
	lesson := o.course.Lesson(ex.Lesson)
	fmt.Fprintf(w, "\n%s: %s (%s)\n\n", lesson.Title, ex.Title, o.place(ex))
	if err := style.Blocks(w, lesson.Source, ex.Task); err != nil {
		writeTrouble(w, err)
	}
	section := ""
	if practised := lesson.Practises(ex); len(practised) > 0 {
		section = "#" + practised[0].Slug
	}
	fmt.Fprintf(w, "\nEdit   %s\nLesson workbook read %s%s\n", a.relative(filepath.Join(o.ws.Dir, filepath.FromSlash(ex.File))), ex.Lesson, section)
}

// writeOpening shows how a lesson begins, for someone who has just started.
func (a *app) writeOpening(w io.Writer, style render.Style, l *course.Lesson) error {
	fmt.Fprintln(w)
	if err := style.Blocks(w, l.Source, l.Opening()); err != nil {
		return err
	}
	_, err := fmt.Fprintf(w, "\nThis is how the lesson begins. `workbook read %s`, or the key r, shows all\nof it. Its first exercise:\n", l.Slug)
	return err
}

// relative shortens a path for people where it lies below the working folder.
func (a *app) relative(path string) string {
	rel, err := filepath.Rel(a.Dir, path)
	if err != nil || strings.HasPrefix(rel, "..") {
		return path
	}
	return rel
}

// writeHint shows the n-th hint of an exercise, from 1.
func (o *opened) writeHint(w io.Writer, style render.Style, ex *course.Exercise, n int) error {
	if n < 1 || n > len(ex.Hints) {
		_, err := fmt.Fprintf(w, "%s has no more hints\n", ex.Name)
		return err
	}
	hint := ex.Hints[n-1]
	fmt.Fprintf(w, "\nHint %d of %d for %s", n, len(ex.Hints), ex.Name)
	if hint.Title != "" {
		fmt.Fprintf(w, ": %s", hint.Title)
	}
	fmt.Fprint(w, "\n\n")
	return style.Blocks(w, o.course.Lesson(ex.Lesson).Source, hint.Blocks)
}

// writeSolution shows the reference solution and puts its file into the workspace.
func (a *app) writeSolution(w io.Writer, style render.Style, o *opened, ex *course.Exercise) error {
	path, err := o.ws.WriteSolution(ex)
	if err != nil {
		return err
	}
	fmt.Fprintf(w, "\nThe reference solution of %s (%s):\n\n", ex.Name, a.relative(path))
	return style.Code(w, ex.Solution)
}

// writeTrouble puts an error to people where a screen is in use.
func writeTrouble(w io.Writer, err error) {
	if err == nil || errors.Is(err, context.Canceled) {
		return
	}
	fmt.Fprintf(w, "workbook: %s\n", strings.TrimSpace(err.Error()))
	var p *problem
	if errors.As(err, &p) {
		for _, hint := range p.hints {
			fmt.Fprintf(w, "hint: %s\n", hint)
		}
	}
	for _, hint := range mending(err) {
		fmt.Fprintf(w, "hint: %s\n", hint)
	}
}

// oneLine joins the lines of a text.
func oneLine(text string) string { return strings.Join(strings.Fields(text), " ") }
