// Package cli is the commands that people type.
//
// It alone speaks to them, by these rules: what was asked for goes to standard output; everything else
// goes to standard error, as "workbook: what is wrong" with "hint: what to type next" lines below it.
// Exit codes are a promise: 0 everything passed, 1 work not passing, 2 wrong usage or bad input,
// 3 the workbook could not do its job.
package cli

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"workbook/cmd/workbook/internal/build"
	"workbook/cmd/workbook/internal/render"
)

// Env is what varies around the commands.
type Env struct {
	Stdin   io.Reader
	Stdout  io.Writer
	Stderr  io.Writer
	Environ []string
	Dir     string // the working folder
	Course  fs.FS  // the course to use where --course names no other
}

// app is one invocation: its surroundings, its flags, and what its command has opened so far.
type app struct {
	Env
	courseDir string        // --course
	dir       string        // --dir
	plain     bool          // --plain
	yes       bool          // --yes
	allowExec bool          // --allow-exec
	lines     *bufio.Reader // of Stdin, once something was asked
	started   bool          // a command's own code has begun: errors before that are wrong usage
}

// Run executes one command line and returns its exit code.
func Run(ctx context.Context, args []string, env Env) int {
	a := &app{Env: env}
	root := a.root()
	root.SetArgs(twoDashes(args))
	root.SetIn(env.Stdin)
	root.SetOut(env.Stdout)
	root.SetErr(env.Stderr)
	cmd, err := root.ExecuteContextC(ctx)
	if err == nil {
		return 0
	}
	if !a.started {
		err = usage(err, "usage: "+cmd.UseLine(), cmd.CommandPath()+" --help says more")
	}
	return a.report(ctx, err)
}

// root is the command tree.
func (a *app) root() *cobra.Command {
	root := &cobra.Command{
		Use:   "workbook",
		Short: "An interactive course on Go concurrency",
		Long: `An interactive course on Go concurrency.

Without a command it watches: it makes or finds your workspace, shows the current exercise, and
answers every save with a verdict.`,
		SilenceUsage:      true,
		SilenceErrors:     true,
		Args:              cobra.ArbitraryArgs,
		PersistentPreRun:  func(*cobra.Command, []string) { a.started = true },
		CompletionOptions: cobra.CompletionOptions{HiddenDefaultCmd: true},
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) > 0 {
				return unknownCommand(cmd, args[0])
			}
			return a.watch(cmd.Context(), "")
		},
	}
	flags := root.PersistentFlags()
	flags.StringVar(&a.dir, "dir", "", "your workspace (default: found from the current folder)")
	flags.StringVar(&a.courseDir, "course", "", "a course folder to use instead of the built-in course")
	flags.BoolVar(&a.plain, "plain", false, "plain text: no colour, no boxes, no screen control")
	flags.BoolVarP(&a.yes, "yes", "y", false, "answer every question with its default")
	flags.BoolVar(&a.allowExec, "allow-exec", false, "let the lessons of another course run their programs")
	for _, c := range a.commands() {
		root.AddCommand(c)
	}
	return root
}

// commands is the table of commands, in the order of help.
func (a *app) commands() []*cobra.Command {
	return []*cobra.Command{
		a.watchCommand(), a.initCommand(), a.listCommand(), a.readCommand(), a.glossaryCommand(), a.predictCommand(), a.reviewCommand(), a.checkCommand(), a.hintCommand(),
		a.replayCommand(), a.exploreCommand(), a.solutionCommand(), a.resetCommand(), a.undoCommand(), a.runCommand(), a.playCommand(), a.verifyCommand(), a.labCommand(), a.doctorCommand(),
		a.gradeCommand(), a.mergeCommand(), a.similarCommand(), a.versionCommand(), a.workerCommand(), a.labWorkerCommand(),
	}
}

func unknownCommand(cmd *cobra.Command, name string) error {
	hints := []string{}
	cmd.SuggestionsMinimumDistance = 2
	if near := cmd.SuggestionsFor(name); len(near) > 0 {
		hints = append(hints, "did you mean: workbook "+near[0])
	}
	return usage(fmt.Errorf("there is no command %q", name), append(hints, "workbook help lists the commands")...)
}

// The exit codes.
const (
	codeNotPassing = 1
	codeUsage      = 2
	codeOurs       = 3
)

// problem is an error with an exit code and with what to type next.
type problem struct {
	code  int
	err   error
	hints []string
}

func (p *problem) Error() string { return p.err.Error() }
func (p *problem) Unwrap() error { return p.err }

// usage is wrong usage or bad input: exit code 2.
func usage(err error, hints ...string) error { return &problem{codeUsage, err, hints} }

// ours is something the workbook could not do: exit code 3.
func ours(err error, hints ...string) error { return &problem{codeOurs, err, hints} }

// errNotPassing ends a command whose output has said already that work does not pass.
var errNotPassing = errors.New("not passing")

// hinter is an error of another package that knows what to do about it.
type hinter interface {
	error
	Hints() []string
}

// mending is what another package's error says about what to type next.
func mending(err error) []string {
	var trouble *build.Trouble
	if errors.As(err, &trouble) && trouble.Mend != "" {
		return []string{trouble.Mend}
	}
	var h hinter
	if errors.As(err, &h) {
		return h.Hints()
	}
	return nil
}

// report says what is wrong and returns the exit code for it.
func (a *app) report(ctx context.Context, err error) int {
	if errors.Is(err, errNotPassing) {
		return codeNotPassing
	}
	if ctx.Err() != nil && errors.Is(err, context.Canceled) {
		return codeOurs
	}
	code, hints := codeOurs, []string(nil)
	var p *problem
	if errors.As(err, &p) {
		code, hints = p.code, p.hints
	}
	hints = append(mending(err), hints...)
	text := strings.ReplaceAll(strings.TrimSpace(err.Error()), "\n", "\n  ")
	fmt.Fprintf(a.Stderr, "workbook: %s\n", render.Clean(text)) // it may quote a name of a file, or an argument
	for _, hint := range hints {
		fmt.Fprintf(a.Stderr, "hint: %s\n", render.Clean(hint))
	}
	return code
}

// getenv returns the last value of an environment variable.
func (a *app) getenv(name string) string {
	for i := len(a.Environ) - 1; i >= 0; i-- {
		if v, ok := strings.CutPrefix(a.Environ[i], name+"="); ok {
			return v
		}
	}
	return ""
}

// terminal returns the file behind standard input or output when it is a terminal, else nil.
func terminal(stream any) *os.File {
	f, ok := stream.(*os.File)
	if !ok || !render.IsTerminal(f) {
		return nil
	}
	return f
}
