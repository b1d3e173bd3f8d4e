package cli

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"workbook/cmd/workbook/internal/course"
)

func (a *app) readCommand() *cobra.Command {
	var words string
	cmd := &cobra.Command{
		Use:   "read [LESSON]",
		Short: "Read a lesson",
		Long: `Read a lesson, or the current exercise's. LESSON is a lesson's or an exercise's name; LESSON#SECTION and
LESSON:LINE open it there.

In a terminal it is a pager: arrows and space move, / searches the lesson and s the course, t lists the sections,
p answers a question, r runs the program in view, e opens the exercise in your editor, q quits. Elsewhere, and
with --plain, it is plain text, from the section on that is asked for.

--search WORDS lists the lines that have the words, of all lessons or of LESSON, as LESSON:LINE: SECTION: TEXT.
Exit code: 0 some were found, 1 none.`,
		Args:              cobra.MaximumNArgs(1),
		ValidArgsFunction: a.completeLessons,
		RunE: func(cmd *cobra.Command, args []string) error {
			c, err := a.loadCourse()
			if err != nil {
				return err
			}
			if cmd.Flags().Changed("search") {
				return a.search(c, words, first(args))
			}
			o := &opened{course: c}
			if _, ok := a.findWorkspace(); ok {
				if o, err = a.openExisting(); err != nil {
					return err
				}
			}
			return a.read(cmd.Context(), o, first(args))
		},
	}
	cmd.Flags().StringVar(&words, "search", "", "list the lines that have these words")
	return cmd
}

func (a *app) read(ctx context.Context, o *opened, name string) error {
	place := parsePlace(name)
	l, err := o.lesson(place.lesson)
	if err != nil {
		return err
	}
	if place.section != "" && l.Section(place.section) == nil {
		return usage(fmt.Errorf("lesson %s has no section %q", l.Slug, place.section), "workbook read "+l.Slug)
	}
	if terminal(a.Stdin) == nil || terminal(a.Stdout) == nil || a.style().Plain {
		line := place.line
		if place.section != "" {
			line = l.Section(place.section).Line
		}
		return ours0(a.style().LessonFrom(a.Stdout, l, line))
	}
	return ours0(a.page(ctx, o, l, place))
}

// lesson finds a lesson; "" is the current exercise's, or the first.
func (o *opened) lesson(name string) (*course.Lesson, error) {
	if name != "" {
		return findLesson(o.course, name)
	}
	if o.ws != nil {
		return o.course.Lesson(o.ws.Current().Lesson), nil
	}
	return o.course.Lessons[0], nil
}

// edit opens an exercise's file in the learner's editor and returns when the editor ends.
func (a *app) edit(ctx context.Context, o *opened, ex *course.Exercise) error {
	editor := a.getenv("VISUAL")
	if editor == "" {
		editor = a.getenv("EDITOR")
	}
	words := strings.Fields(editor)
	if len(words) == 0 {
		return usage(fmt.Errorf("no editor is known: neither VISUAL nor EDITOR is set"), "export EDITOR=vim",
			"edit "+a.relative(filepath.Join(o.ws.Dir, filepath.FromSlash(ex.File)))+" yourself")
	}
	cmd := exec.CommandContext(ctx, words[0], append(words[1:], filepath.Join(o.ws.Dir, filepath.FromSlash(ex.File)))...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	if err := cmd.Run(); err != nil {
		return ours(fmt.Errorf("running the editor %s: %w", words[0], err))
	}
	return nil
}
