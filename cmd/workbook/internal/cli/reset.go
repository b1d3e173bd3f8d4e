package cli

import (
	"fmt"

	"github.com/spf13/cobra"
)

func (a *app) resetCommand() *cobra.Command {
	return &cobra.Command{
		Use:               "reset EXERCISE",
		Short:             "Start an exercise over",
		Long:              `Put an exercise's starter back. Your text is saved in the journal first: workbook undo brings it back.`,
		Args:              cobra.ExactArgs(1),
		ValidArgsFunction: a.completeExercises,
		RunE: func(cmd *cobra.Command, args []string) error {
			o, ex, err := a.openExercise(args[0])
			if err != nil {
				return err
			}
			text := fmt.Sprintf("%s is its starter again", ex.Name)
			if o.ws.Written(ex) {
				text += fmt.Sprintf("; `workbook undo %s` brings your text back", ex.Name)
			}
			if err := o.ws.Reset(ex); err != nil {
				return ours(err)
			}
			fmt.Fprintln(a.Stdout, text)
			return nil
		},
	}
}

func (a *app) undoCommand() *cobra.Command {
	return &cobra.Command{
		Use:               "undo [EXERCISE]",
		Short:             "Take the last reset back",
		Long:              `Put back the text that an exercise had before its last reset. What is in the file now is saved first.`,
		Args:              cobra.MaximumNArgs(1),
		ValidArgsFunction: a.completeExercises,
		RunE: func(cmd *cobra.Command, args []string) error {
			o, ex, err := a.openExercise(first(args))
			if err != nil {
				return err
			}
			if err := o.ws.Undo(ex); err != nil {
				return usage(err)
			}
			fmt.Fprintf(a.Stdout, "%s has the text back that it had before the reset\n", ex.Name)
			return nil
		},
	}
}
