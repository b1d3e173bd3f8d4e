package cli

import (
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"workbook/cmd/workbook/internal/batch"
)

func (a *app) mergeCommand() *cobra.Command {
	var out outputs
	cmd := &cobra.Command{
		Use:   "merge REPORT...",
		Short: "Merge the reports of several machines",
		Long: `Merge reports that workbook grade --format json has written, such as those of --shard 1/4 to 4/4, into one,
in any of grade's formats. The order does not matter, nor does a report that is given twice.

Exit code: 0 all passed, 1 some did not or a share is missing, 2 the reports do not fit together.`,
		Args: cobra.MinimumNArgs(1),
		RunE: func(_ *cobra.Command, args []string) error { return a.merge(args, out) },
	}
	a.outputFlags(cmd, &out)
	return cmd
}

func (a *app) merge(files []string, out outputs) error {
	var reports []batch.Report
	for _, name := range files {
		r, err := a.readReport(name)
		if err != nil {
			return usage(fmt.Errorf("reading %s: %w", name, err))
		}
		reports = append(reports, r)
	}
	report, err := batch.Merge(reports...)
	if err != nil {
		return usage(err)
	}
	if err := out.checkReport(report); err != nil {
		return err
	}
	if err := a.writeReports(out, report); err != nil {
		return err
	}
	if missing := report.Missing(); len(missing) > 0 {
		fmt.Fprintf(a.Stderr, "workbook: the report is not whole: the shares %s are missing\n", strings.Join(missing, ", "))
		return errNotPassing
	}
	if report.Passed() < len(report.Results) || len(report.Results) == 0 {
		return errNotPassing
	}
	return nil
}

func (a *app) readReport(name string) (batch.Report, error) {
	f, err := os.Open(a.abs(name))
	if err != nil {
		return batch.Report{}, errors.Unwrap(err)
	}
	defer f.Close()
	return batch.ReadReport(f)
}

// checkReport is check for a report that is there already.
func (o *outputs) checkReport(r batch.Report) error {
	var tasks []batch.Task
	for _, x := range r.Results {
		tasks = append(tasks, batch.Task{Submission: x.Submission})
	}
	return o.check(tasks)
}
