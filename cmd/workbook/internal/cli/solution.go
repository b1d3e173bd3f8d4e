package cli

import (
	"fmt"

	"github.com/spf13/cobra"
)

func (a *app) solutionCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "solution [EXERCISE]",
		Short: "Show the reference solution",
		Long: `Show the reference solution of an exercise and put its file into the workspace's solutions folder.

It opens once the exercise has passed. Before that it asks whether you give up on it, which the journal
keeps; --yes answers for you.`,
		Args:              cobra.MaximumNArgs(1),
		ValidArgsFunction: a.completeExercises,
		RunE: func(cmd *cobra.Command, args []string) error {
			o, ex, err := a.openExercise(first(args))
			if err != nil {
				return err
			}
			if !o.ws.Progress().Earned(ex.Name) {
				yes, err := a.ask(cmd.Context(), ex.Name+" has not passed. Give up on it and see the solution?")
				if err != nil {
					return err
				}
				if !yes {
					return &problem{codeNotPassing, fmt.Errorf("%s has not passed: its solution stays closed", ex.Name),
						[]string{"workbook hint " + ex.Name, "workbook solution --yes " + ex.Name + " gives up on it"}}
				}
				if err := o.ws.GiveUp(ex); err != nil {
					return ours(err)
				}
			}
			return ours0(a.writeSolution(a.Stdout, a.style(), o, ex))
		},
	}
}
