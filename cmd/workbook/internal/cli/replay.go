package cli

import (
	"encoding/json"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"workbook/cmd/workbook/internal/grader"
	"workbook/cmd/workbook/internal/schedule/sched"
)

func (a *app) replayCommand() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "replay EXERCISE SCHEDULE",
		Short: "Run one schedule of a verdict again",
		Long: `Run the schedule that a verdict named ("again: workbook replay counter 1d99jv-5e"), and only that one: the
same goroutines take the same steps in the same order. It holds for the program that it was found in; a
changed program has other schedules.

Exit code: 0 the schedule fails no test, 1 it fails one, 2 it belongs to another version of the program.`,
		Args:              cobra.ExactArgs(2),
		ValidArgsFunction: a.completeExercises,
		RunE: func(cmd *cobra.Command, args []string) error {
			o, ex, err := a.openExercise(args[0])
			if err != nil {
				return err
			}
			if o, err = a.withGrader(o); err != nil {
				return err
			}
			files, err := o.ws.Read(ex)
			if err != nil {
				return usage(err)
			}
			v, err := o.grader.Replay(cmd.Context(), grader.Submission{Exercise: ex, Files: files}, args[1])
			if errors.Is(err, grader.ErrOtherProgram) {
				return usage(fmt.Errorf("%s: %w", args[1], err), "workbook check "+ex.Name+" explores this version")
			} else if errors.Is(err, sched.ErrSchedule) {
				return usage(err, "workbook check "+ex.Name+" prints one behind \"again:\" where a schedule fails")
			} else if err != nil {
				return ours(err, "workbook doctor checks what the workbook needs")
			}
			if asJSON {
				err = json.NewEncoder(a.Stdout).Encode(v)
			} else {
				err = a.style().Verdict(a.Stdout, v)
			}
			if err != nil {
				return ours(fmt.Errorf("writing the verdict: %w", err))
			}
			if !v.Passed {
				return errNotPassing
			}
			return nil
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "the verdict as a JSON object")
	return cmd
}
