package cli

import (
	"github.com/spf13/cobra"

	"workbook/cmd/workbook/internal/cell"
)

// workerName is the hidden command that interprets a cell in a process of its own.
const workerName = "__worker"

func (a *app) workerCommand() *cobra.Command {
	return &cobra.Command{
		Use:    workerName,
		Hidden: true,
		Args:   cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			if code := cell.WorkerMain(a.Stdin, a.Stdout); code != 0 {
				return errNotPassing
			}
			return nil
		},
	}
}
