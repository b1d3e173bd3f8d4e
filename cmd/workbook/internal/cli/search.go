package cli

import (
	"fmt"
	"strconv"
	"strings"

	"workbook/cmd/workbook/internal/course"
	"workbook/cmd/workbook/internal/render"
	"workbook/cmd/workbook/internal/tui"
)

// search lists the lines of the course, or of one lesson, that have the words: LESSON:LINE, which read
// takes, the section, the text.
func (a *app) search(c *course.Course, words, lesson string) error {
	if strings.TrimSpace(words) == "" {
		return usage(fmt.Errorf("--search wants words"), "workbook read --search 'data race'")
	}
	var only *course.Lesson
	if lesson != "" {
		l, err := findLesson(c, lesson)
		if err != nil {
			return err
		}
		only = l
	}
	n := 0
	for _, hit := range c.Search(words) {
		if only != nil && hit.Lesson != only {
			continue
		}
		n++
		fmt.Fprintf(a.Stdout, "%s:%d: %s: %s\n", hit.Lesson.Slug, hit.Line, render.Clean(hit.Section), render.Clean(hit.Text))
	}
	if n == 0 {
		fmt.Fprintf(a.Stderr, "workbook: no lesson has %q\n", words)
		return errNotPassing
	}
	return nil
}

// find is search for the pager.
func (o *opened) find(words string) (found []tui.Found) {
	for _, hit := range o.course.Search(words) {
		found = append(found, tui.Found{Lesson: hit.Lesson.Slug, Line: hit.Line, Text: hit.Text})
	}
	return found
}

// placeIn is where a reader of a lesson wants to begin.
type placeIn struct {
	lesson  string
	section string // its anchor
	line    int    // 0 for none
}

// parsePlace reads LESSON, LESSON#section and LESSON:LINE.
func parsePlace(name string) placeIn {
	if lesson, section, ok := strings.Cut(name, "#"); ok {
		return placeIn{lesson: lesson, section: section}
	}
	if lesson, digits, ok := strings.Cut(name, ":"); ok {
		if line, err := strconv.Atoi(digits); err == nil && line > 0 {
			return placeIn{lesson: lesson, line: line}
		}
	}
	return placeIn{lesson: name}
}
