package cli

import "github.com/spf13/cobra"

func (a *app) hintCommand() *cobra.Command {
	var all bool
	cmd := &cobra.Command{
		Use:               "hint [EXERCISE]",
		Short:             "Show the next hint",
		Long:              `Show the next hint of an exercise, general ones first; each call goes one further, then the last one repeats.`,
		Args:              cobra.MaximumNArgs(1),
		ValidArgsFunction: a.completeExercises,
		RunE: func(cmd *cobra.Command, args []string) error {
			o, ex, err := a.openExercise(first(args))
			if err != nil {
				return err
			}
			from := min(o.ws.Progress().Hints(ex.Name)+1, len(ex.Hints))
			to := from
			if all {
				from, to = 1, len(ex.Hints)
			}
			for n := from; n <= to; n++ {
				if err := o.writeHint(a.Stdout, a.style(), ex, n); err != nil {
					return ours(err)
				}
			}
			return ours0(o.ws.HintShown(ex, to))
		},
	}
	cmd.Flags().BoolVar(&all, "all", false, "every hint at once")
	return cmd
}

// ours0 is ours for an error that may be nil.
func ours0(err error) error {
	if err == nil {
		return nil
	}
	return ours(err)
}
