package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"workbook/cmd/workbook/internal/lab"
)

// labWorkerName is the hidden command that an experiment runs under a CPU quota.
const labWorkerName = "__lab"

// labFlags is how a result is wanted.
type labFlags struct {
	json, csv bool
	time      time.Duration
}

func (a *app) labCommand() *cobra.Command {
	var f labFlags
	cmd := &cobra.Command{
		Use:   "lab [NAME]",
		Short: "Measure on your own machine what the lessons say",
		Long: `Measure on your own machine what the lessons say. Without a name it lists the experiments.

An experiment says what it does, takes your guess, measures for some seconds (never more than ten), then
shows its figures with their spread and answers the guess. --yes goes without the question.`,
		Args:              cobra.MaximumNArgs(1),
		ValidArgsFunction: completeExperiments,
		RunE: func(cmd *cobra.Command, args []string) error {
			if f.json && f.csv {
				return usage(errors.New("--json and --csv are two forms of one result: ask for one of them"))
			}
			if f.time <= 0 || f.time > lab.MaxTime {
				return usage(fmt.Errorf("--time %s is not between 0s and %s", f.time, lab.MaxTime))
			}
			if len(args) == 0 {
				return ours0(a.labStyle().List(a.Stdout, lab.Experiments()))
			}
			e, ok := lab.Find(args[0])
			if !ok {
				return usage(fmt.Errorf("there is no experiment %q", args[0]), "workbook lab lists the experiments")
			}
			return a.lab(cmd.Context(), e, f)
		},
	}
	cmd.Flags().BoolVar(&f.json, "json", false, "the result as one JSON object; no question")
	cmd.Flags().BoolVar(&f.csv, "csv", false, "the result as CSV, a line a figure; no question")
	cmd.Flags().DurationVar(&f.time, "time", lab.DefaultTime, "how long to measure")
	return cmd
}

func completeExperiments(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
	var names []string
	for _, e := range lab.Experiments() {
		names = append(names, e.Name+"\t"+e.Title)
	}
	return names, cobra.ShellCompDirectiveNoFileComp
}

func (a *app) labStyle() lab.Style {
	style := a.style()
	return lab.Style{Width: style.Width, Plain: style.Plain}
}

// lab runs one experiment.
func (a *app) lab(ctx context.Context, e lab.Experiment, f labFlags) error {
	b := &lab.Bench{Budget: f.time, Worker: labWorker()}
	if err := e.Able(b); err != nil {
		return ours(err)
	}
	if f.json || f.csv {
		r, err := a.measure(ctx, e, b)
		if err != nil {
			return err
		}
		if f.csv {
			return ours0(r.CSV(a.Stdout))
		}
		return ours0(r.JSON(a.Stdout))
	}
	style := a.labStyle()
	if err := style.Intro(a.Stdout, e); err != nil {
		return ours(err)
	}
	guess, err := a.guess(ctx, e.Question)
	if err != nil {
		return err
	}
	r, err := a.measure(ctx, e, b)
	if err != nil {
		return err
	}
	if err := style.Result(a.Stdout, r); err != nil {
		return ours(err)
	}
	fmt.Fprintln(a.Stdout)
	return ours0(style.Answer(a.Stdout, e.Question, guess, r))
}

// guess asks for the learner's guess: the index of an option, or -1 where there is none.
func (a *app) guess(ctx context.Context, q lab.Question) (int, error) {
	if err := a.labStyle().Ask(a.Stdout, q); err != nil {
		return -1, ours(err)
	}
	if a.yes || terminal(a.Stdin) == nil || terminal(a.Stdout) == nil {
		fmt.Fprintln(a.Stdout)
		return -1, nil
	}
	for {
		fmt.Fprintf(a.Stdout, "Your guess (1 to %d, enter for none): ", len(q.Options))
		answer, err := a.nextLine(ctx)
		if answer == "" && errors.Is(err, io.EOF) {
			fmt.Fprintln(a.Stdout)
			return -1, nil
		}
		if err != nil && !errors.Is(err, io.EOF) {
			return -1, err
		}
		if answer == "" {
			return -1, nil
		}
		if n, err := strconv.Atoi(answer); err == nil && 1 <= n && n <= len(q.Options) {
			fmt.Fprintln(a.Stdout)
			return n - 1, nil
		}
	}
}

// measure runs the experiment with a progress bar on a terminal.
func (a *app) measure(ctx context.Context, e lab.Experiment, b *lab.Bench) (lab.Result, error) {
	clear := func() {}
	if f := terminal(a.Stderr); f != nil && !a.labStyle().Plain {
		b.Progress, clear = labProgress(f)
	}
	r, err := lab.Measure(ctx, e, b)
	clear()
	if err != nil {
		return r, ours(err)
	}
	return r, nil
}

// labProgress draws a bar, at most ten times a second so that drawing does not disturb the measurement.
func labProgress(w io.Writer) (progress func(float64), clear func()) {
	const columns = 20
	var drawn time.Time
	progress = func(done float64) {
		if time.Since(drawn) < 100*time.Millisecond {
			return
		}
		drawn = time.Now()
		n := int(done * columns)
		fmt.Fprintf(w, "\rmeasuring %s%s %3.0f %%", strings.Repeat("█", n), strings.Repeat("░", columns-n), 100*done)
	}
	return progress, func() {
		if !drawn.IsZero() {
			fmt.Fprintf(w, "\r%s\r", strings.Repeat(" ", columns+20))
		}
	}
}

// labWorker is the command line of the process that runs under a quota; nil where this program's own
// file is not known.
func labWorker() []string {
	exe, err := os.Executable()
	if err != nil {
		return nil
	}
	return []string{exe, labWorkerName}
}

func (a *app) labWorkerCommand() *cobra.Command {
	return &cobra.Command{
		Use:    labWorkerName,
		Hidden: true,
		Args:   cobra.ExactArgs(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			return ours0(lab.WorkerMain(cmd.Context(), labWorker(), args, a.Stdin, a.Stdout))
		},
	}
}
