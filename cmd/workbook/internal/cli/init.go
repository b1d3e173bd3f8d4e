package cli

import (
	"errors"

	"github.com/spf13/cobra"

	"workbook/cmd/workbook/internal/workspace"
)

func (a *app) initCommand() *cobra.Command {
	var ci, source string
	cmd := &cobra.Command{
		Use:   "init [DIR]",
		Short: "Make a workspace, or add to it what a newer course brings",
		Long: `Make a workspace in DIR (default: the one that you are in, or ./my-workbook): the exercises' starters, a go.mod for your editor,
and a journal of your progress. A file that is there already is never overwritten.

--ci github and --ci gitlab add what has your work graded on every push, with annotations and a summary;
--source says where the workbook is cloned from there.`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			c, err := a.loadCourse()
			if err != nil {
				return err
			}
			dir := first(args)
			if dir == "" {
				dir = a.dir
			}
			if dir == "" { // within a workspace it is that one
				dir, _ = workspace.Find(a.Dir)
			}
			if dir == "" {
				if dir, err = a.askWhere(cmd.Context()); err != nil {
					return err
				}
			}
			if source != "" && ci == "" {
				return usage(errors.New("--source goes with --ci"))
			}
			if _, err = a.makeWorkspace(c, a.abs(dir)); err != nil || ci == "" {
				return err
			}
			return a.writeRecipe(a.abs(dir), ci, source)
		},
	}
	cmd.Flags().StringVar(&ci, "ci", "", "write a recipe for grading on every push: github or gitlab")
	cmd.Flags().StringVar(&source, "source", "", "with --ci: where the workbook's source is cloned from")
	return cmd
}
