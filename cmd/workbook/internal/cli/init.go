package cli

import (
	"github.com/spf13/cobra"
)

func (a *app) initCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "init [DIR]",
		Short: "Make a workspace, or add to it what a newer course brings",
		Long: `Make a workspace in DIR (default ./my-workbook): the exercises' starters, a go.mod for your editor,
and a journal of your progress. A file that is there already is never overwritten.`,
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
			if dir == "" {
				if dir, err = a.askWhere(cmd.Context()); err != nil {
					return err
				}
			}
			_, err = a.makeWorkspace(c, a.abs(dir))
			return err
		},
	}
}
