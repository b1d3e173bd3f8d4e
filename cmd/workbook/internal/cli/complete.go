package cli

import (
	"github.com/spf13/cobra"
)

// completeExercises offers the names of the course's exercises.
func (a *app) completeExercises(_ *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
	c, err := a.loadCourse()
	if err != nil {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	var names []string
	for _, ex := range c.Exercises() {
		names = append(names, ex.Name+"\t"+ex.Title)
	}
	return names, cobra.ShellCompDirectiveNoFileComp
}

// completeLessons offers the slugs of the course's lessons; after one, the ids of its cells or
// questions.
func (a *app) completeLessons(cmd *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
	c, err := a.loadCourse()
	if err != nil || len(args) > 1 {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	var names []string
	if len(args) == 0 {
		for _, l := range c.Lessons {
			names = append(names, l.Slug+"\t"+l.Title)
		}
	} else if l := c.Lesson(args[0]); l != nil && cmd.Name() == "run" {
		for _, cell := range l.Cells {
			names = append(names, cell.ID)
		}
	} else if l != nil && cmd.Name() == "predict" {
		for _, q := range l.Questions {
			names = append(names, q.ID)
		}
	}
	return names, cobra.ShellCompDirectiveNoFileComp
}
