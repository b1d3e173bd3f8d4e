// Command workbook is an interactive course on Go concurrency, with the grader behind it.
//
// Run it without arguments: it makes a workspace, shows the first lesson's first exercise, watches the
// exercises' files, and answers every save with a verdict. `workbook help` lists the other commands.
package main

import (
	"context"
	"io/fs"
	"os"
	"os/signal"
	"syscall"

	"workbook/cmd/workbook/internal/cli"
	"workbook/cmd/workbook/internal/course"
	"workbook/exercises"
	"workbook/lessons"
	"workbook/solutions"
)

func main() { os.Exit(run()) }

func run() int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	defer stop()
	context.AfterFunc(ctx, stop) // whoever asks twice is not to wait for anything
	dir, err := os.Getwd()
	if err != nil {
		dir = "."
	}
	return cli.Run(ctx, os.Args[1:], cli.Env{
		Stdin:   os.Stdin,
		Stdout:  os.Stdout,
		Stderr:  os.Stderr,
		Environ: os.Environ(),
		Dir:     dir,
		Course: course.Union(map[string]fs.FS{
			"lessons":   lessons.FS,
			"exercises": exercises.FS,
			"solutions": solutions.FS,
		}),
	})
}
