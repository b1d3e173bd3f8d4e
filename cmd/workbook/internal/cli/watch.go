package cli

import (
	"context"
	"path/filepath"

	"github.com/spf13/cobra"

	"workbook/cmd/workbook/internal/watch"
)

func (a *app) watchCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "watch [EXERCISE]",
		Short: "Grade exercises as you save them",
		Long: `Show an exercise, watch the workspace, and answer every save with a verdict.

In a terminal the keys work at any time: ` + allKeys + `.
Without a terminal it prints one line for each change of state.`,
		Args:              cobra.MaximumNArgs(1),
		ValidArgsFunction: a.completeExercises,
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.watch(cmd.Context(), first(args))
		},
	}
}

// first is the first argument, or "".
func first(args []string) string {
	if len(args) == 0 {
		return ""
	}
	return args[0]
}

// watch runs a session on the workspace, in the terminal or in lines.
func (a *app) watch(ctx context.Context, name string) error {
	o, err := a.openOrMake(ctx)
	if err != nil {
		return err
	}
	ex, err := o.exercise(name)
	if err != nil {
		return err
	}
	if o, err = a.withGrader(o); err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(ctx)
	w, err := watch.Start(ctx, watch.Config{Root: filepath.Join(o.ws.Dir, "exercises"), Match: func(path string) bool {
		return filepath.Ext(path) == ".go"
	}})
	if err != nil {
		cancel()
		return ours(err, "workbook init puts the exercises back")
	}
	events := make(chan any)
	post := func(e any) {
		select {
		case events <- e:
		case <-ctx.Done():
		}
	}
	s := &session{ctx: ctx, open: o, post: post}
	s.current = ex
	s.work.Go(func() { forward(ctx, w, post) })
	defer func() {
		cancel()
		s.end()
		w.Wait()
	}()
	if a.style().Plain || terminal(a.Stdin) == nil || terminal(a.Stdout) == nil {
		return a.watchLines(ctx, s, events)
	}
	return a.watchScreen(ctx, s, events)
}

// forward gives what the watcher tells to the session until the watcher ends.
func forward(ctx context.Context, w *watch.Watcher, post func(any)) {
	for {
		select {
		case change, ok := <-w.Changes():
			if !ok {
				return
			}
			post(change)
		case mode := <-w.Modes():
			post(mode)
		case <-ctx.Done():
			return
		}
	}
}
