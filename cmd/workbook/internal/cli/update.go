package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"workbook/cmd/workbook/internal/cell"
	"workbook/cmd/workbook/internal/course"
)

// update is verify --update: it puts what cells really print into the lessons' files, shows each change
// as a unified diff, and reports the cells that it cannot speak for.
func (a *app) update(ctx context.Context, only []string) error {
	if a.courseDir == "" {
		return usage(errors.New("the built-in course is part of the program: it cannot be rewritten"), "workbook verify --course . --allow-exec --update")
	}
	if err := a.mayRun(); err != nil {
		return err
	}
	fsys, err := a.courseFS()
	if err != nil {
		return err
	}
	c, err := course.Open(fsys)
	var faults course.Faults
	if err != nil && !errors.As(err, &faults) {
		return usage(err)
	}
	lessons, err := chooseLessons(c, only)
	if err != nil {
		return err
	}
	runner, err := a.cellRunner(ctx)
	if err != nil {
		return err
	}
	u := updater{app: a, runner: runner}
	for _, l := range lessons {
		if broken := about(l, faults); len(broken) > 0 {
			u.faults = append(u.faults, broken...)
			continue
		}
		if err := u.lesson(ctx, l); err != nil {
			return err
		}
	}
	return u.finish()
}

// chooseLessons returns the named lessons, and those of named exercises; all where there are no names.
func chooseLessons(c *course.Course, names []string) ([]*course.Lesson, error) {
	if len(names) == 0 {
		return c.Lessons, nil
	}
	var chosen []*course.Lesson
	for _, name := range names {
		l, err := findLesson(c, name)
		if err != nil {
			return nil, err
		}
		if !slices.Contains(chosen, l) {
			chosen = append(chosen, l)
		}
	}
	return chosen, nil
}

// about returns the faults of a lesson's file.
func about(l *course.Lesson, faults course.Faults) (found course.Faults) {
	for _, f := range faults {
		if f.File == l.File {
			found = append(found, f)
		}
	}
	return found
}

// updater goes through lessons.
type updater struct {
	app    *app
	runner *cell.Runner
	faults course.Faults
	cells  int // looked at
	texts  int // outputs rewritten
	files  int // lessons rewritten
}

// lesson promotes the outputs of one lesson and writes its file if something changed.
func (u *updater) lesson(ctx context.Context, l *course.Lesson) error {
	texts := map[*course.Cell]string{}
	for _, c := range l.Cells {
		text, faults := u.runner.Promote(ctx, l, c)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		u.cells++
		u.faults = append(u.faults, faults...)
		if len(faults) == 0 && c.Output != nil && text != c.Output.Text {
			texts[c] = text
		}
	}
	if len(texts) == 0 {
		return nil
	}
	u.texts += len(texts)
	u.files++
	file := filepath.Join(u.app.abs(u.app.courseDir), filepath.FromSlash(l.File))
	old, err := os.ReadFile(file)
	if err != nil {
		return ours(fmt.Errorf("reading the lesson: %w", err))
	}
	fresh, err := cell.Replace(old, texts)
	if err != nil {
		return ours(err, "run it again: nothing of this lesson was written")
	}
	if err := replaceFile(file, fresh); err != nil {
		return ours(fmt.Errorf("writing the lesson: %w", err))
	}
	if _, err := fmt.Fprint(u.app.Stdout, cell.Unified(l.File, old, fresh)); err != nil {
		return ours(err)
	}
	return u.claims(l, fresh)
}

// claims looks whether the lesson's questions agree with its new outputs.
func (u *updater) claims(old *course.Lesson, fresh []byte) error {
	l, err := course.ParseLesson(old.File, fresh)
	if err != nil {
		return ours(fmt.Errorf("reading what was written: %w", err))
	}
	for _, q := range l.Questions {
		u.faults = append(u.faults, cell.Claims(q)...)
	}
	return nil
}

// finish reports.
func (u *updater) finish() error {
	for _, f := range u.faults {
		fmt.Fprintln(u.app.Stdout, f)
	}
	fmt.Fprintf(u.app.Stdout, "%s updated in %s; %s looked at, %s\n",
		plural(u.texts, "output"), plural(u.files, "lesson"), plural(u.cells, "cell"), plural(len(u.faults), "fault"))
	if len(u.faults) > 0 {
		return errNotPassing
	}
	return nil
}

// replaceFile writes a file that exists, whole or not at all, with the permissions that it has.
func replaceFile(file string, data []byte) error {
	info, err := os.Stat(file)
	if err != nil {
		return err
	}
	temp, err := os.CreateTemp(filepath.Dir(file), ".new-*")
	if err != nil {
		return err
	}
	_, err = temp.Write(data)
	err = errors.Join(err, temp.Close(), os.Chmod(temp.Name(), info.Mode().Perm()))
	if err == nil {
		err = os.Rename(temp.Name(), file)
	}
	if err != nil {
		return errors.Join(err, os.Remove(temp.Name()))
	}
	return nil
}
