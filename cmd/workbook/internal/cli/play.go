package cli

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"

	"github.com/spf13/cobra"

	"workbook/cmd/workbook/internal/cell"
	"workbook/cmd/workbook/internal/course"
	"workbook/cmd/workbook/internal/render"
	"workbook/cmd/workbook/internal/tui"
)

const playHelp = `Enter Go: statements, declarations, expressions. What is not finished goes on in the next line. The scratch is
one program, which runs from its beginning each time; a name that is declared again replaces the old one, and
what fails is not kept. In between all other goroutines go on as far as they can.
  :race     run the scratch on the real toolchain, under the race detector
  :run      run it on the real toolchain
  :explore  run it under every order of its goroutines' steps, and count the outcomes
  :vet      what go vet says
  :again    draw another order of steps
  :list     show the scratch
  :undo     take the latest entry away
  :reset    take all away
  :cancel   drop an entry that is not finished
  :help     this text
  :quit     end; so does ctrl-d
`

func (a *app) playCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "play",
		Short: "Try something out",
		Long: `A scratch program, line by line. An interpreter runs it, with limits, under one order of its goroutines' steps:
quick, repeatable, and not Go itself. It refuses what it would get wrong; there is no clock, no network, no
file. On demand the real toolchain runs the whole scratch.

` + playHelp + `
Without a terminal the lines come from standard input. Exit code: 0, or without a terminal 1 where an entry
failed.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			runner, err := a.cellRunner(cmd.Context())
			if err != nil {
				return err
			}
			p := &player{app: a, runner: runner}
			p.vary()
			in, out := terminal(a.Stdin), terminal(a.Stdout)
			if in != nil && out != nil && !a.style().Plain {
				return p.console(cmd.Context())
			}
			return p.lines(cmd.Context(), in != nil)
		},
	}
}

// player is a scratch in use. Its line method is called by one goroutine at a time.
type player struct {
	app     *app
	runner  *cell.Runner
	scratch cell.Scratch
	pending string // lines of an entry that is not finished
	failed  bool   // some entry did
}

const playBanner = "Scratch, interpreted: one order of steps, not Go itself. :help lists the commands."

// vary chooses another order of steps.
func (p *player) vary() { p.scratch.Seed = rand.Uint64() }

// console plays in a terminal.
func (p *player) console(ctx context.Context) error {
	fmt.Fprintln(p.app.Stdout, playBanner)
	history := p.app.playHistory()
	taken, err := tui.Console{
		Prompt: "interpreted> ", More: "        ...> ", History: history,
		Line: p.line, Drop: func() { p.pending = "" },
		In: p.app.Stdin, Out: p.app.Stdout, Environ: p.app.Environ,
	}.Run(ctx)
	p.app.keepHistory(append(history, taken...))
	return ours0(err)
}

// lines plays without screen control: the lines of standard input, one after another. At a terminal an
// interrupt ends the evaluation that it meets.
func (p *player) lines(ctx context.Context, asked bool) error {
	fmt.Fprintln(p.app.Stdout, playBanner)
	if asked {
		ctx = context.WithoutCancel(ctx) // interrupts are ours
	}
	interrupts := make(chan os.Signal, 1)
	if asked {
		signal.Notify(interrupts, os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
		defer signal.Stop(interrupts)
	}
	input := p.app.inputLines()
	for {
		if asked {
			fmt.Fprint(p.app.Stdout, p.prompt())
		}
		var line inputLine
		select {
		case line = <-input:
		case s := <-interrupts:
			fmt.Fprintln(p.app.Stdout)
			if p.pending = ""; s != os.Interrupt {
				return nil
			}
			continue
		case <-ctx.Done():
			return ctx.Err()
		}
		if line.err != nil && line.text == "" {
			return p.finish(line.err)
		}
		said, last := p.interruptible(ctx, line.text, interrupts)
		fmt.Fprint(p.app.Stdout, said.Text)
		switch {
		case ctx.Err() != nil:
			return ctx.Err()
		case said.Quit || last:
			return p.finish(io.EOF)
		}
	}
}

func (p *player) prompt() string {
	if p.pending != "" {
		return "... "
	}
	return "interpreted> "
}

// interruptible is line, which an interrupt ends; last says that another signal came.
func (p *player) interruptible(ctx context.Context, text string, interrupts <-chan os.Signal) (said tui.Said, last bool) {
	inner, cancel := context.WithCancel(ctx)
	defer cancel()
	done := make(chan tui.Said, 1)
	go func() { done <- p.line(inner, text) }()
	select {
	case said = <-done:
		return said, false
	case s := <-interrupts:
		cancel()
		return <-done, s != os.Interrupt
	}
}

// finish ends with an entry that was begun, as far as it goes.
func (p *player) finish(err error) error {
	if !errors.Is(err, io.EOF) {
		return ours(fmt.Errorf("reading your input: %w", err))
	}
	if p.pending != "" {
		fmt.Fprintf(p.app.Stderr, "workbook: the input ends inside an entry: %s\n", oneLine(p.pending))
		p.failed = true
	}
	if p.failed && terminal(p.app.Stdin) == nil {
		return errNotPassing
	}
	return nil
}

// line does what one line of input asks for.
func (p *player) line(ctx context.Context, line string) tui.Said {
	if command := strings.TrimSpace(line); strings.HasPrefix(command, ":") {
		return p.command(ctx, command)
	}
	p.pending += line + "\n"
	if strings.TrimSpace(p.pending) == "" {
		p.pending = ""
		return tui.Said{}
	}
	if cell.Incomplete(p.pending) {
		return tui.Said{More: true}
	}
	text := p.pending
	p.pending = ""
	return p.enter(ctx, text)
}

// enter evaluates an entry.
func (p *player) enter(ctx context.Context, text string) tui.Said {
	res, err := p.runner.Enter(ctx, &p.scratch, text)
	switch {
	case errors.Is(err, cell.ErrNothing):
		return tui.Said{}
	case ctx.Err() != nil:
		return tui.Said{Text: "stopped; not kept\n"}
	case err != nil:
		p.failed = true
		return tui.Said{Text: troubleText(err)}
	}
	said := ended(cleanLines(res.Output))
	if res.Class == cell.ClassOK {
		return tui.Said{Text: said}
	}
	p.failed = true
	return tui.Said{Text: said + ended(cleanLines(res.Note)) + "not kept\n"}
}

// ended ends a text with a newline; none stays none.
func ended(text string) string {
	if text == "" || strings.HasSuffix(text, "\n") {
		return text
	}
	return text + "\n"
}

// cleanLines makes what a program printed harmless to a terminal.
func cleanLines(text string) string {
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		lines[i] = render.Clean(line)
	}
	return strings.Join(lines, "\n")
}

func troubleText(err error) string {
	var b strings.Builder
	writeTrouble(&b, err)
	return b.String()
}

// command does what a line with a colon asks for.
func (p *player) command(ctx context.Context, name string) tui.Said {
	said := tui.Said{More: p.pending != ""}
	switch name {
	case ":race":
		said.Text = p.run(ctx, course.EngineRace)
	case ":run":
		said.Text = p.run(ctx, course.EngineRun)
	case ":explore":
		said.Text = p.run(ctx, course.EngineExplore)
	case ":vet":
		said.Text = p.run(ctx, course.EngineVet)
	case ":again":
		p.vary()
		said.Text = "another order of steps from now on\n"
	case ":list":
		if said.Text = cleanLines(p.numbered()); said.Text == "" {
			said.Text = "the scratch is empty\n"
		}
	case ":undo":
		if said.Text = "taken away\n"; !p.scratch.Undo() {
			said.Text = "there is nothing to take away\n"
		}
	case ":reset":
		p.scratch.Clear()
		said.Text = "the scratch is empty\n"
	case ":cancel":
		p.pending, said.More = "", false
	case ":help", ":h", ":?":
		said.Text = playHelp
	case ":quit", ":q", ":exit":
		said.Quit = true
	default:
		p.failed = true
		said.Text = fmt.Sprintf("there is no command %s; :help lists them\n", render.Clean(name))
	}
	return said
}

// run runs the whole scratch as one program.
func (p *player) run(ctx context.Context, engine course.Engine) string {
	res, err := p.runner.RunScratch(ctx, &p.scratch, engine)
	switch {
	case errors.Is(err, cell.ErrNothing):
		return "the scratch is empty\n"
	case ctx.Err() != nil:
		return "stopped\n"
	case err != nil:
		p.failed = true
		return troubleText(err)
	}
	var b strings.Builder
	style := p.app.style()
	style.Width--
	res.Outcomes = fewOutcomes(res.Outcomes)
	if err := style.Result(&b, &course.Cell{ID: cell.ScratchFile, File: cell.ScratchFile, Engine: engine}, res); err != nil {
		return troubleText(err)
	}
	return b.String()
}

// maxOutcomes is how many outcomes are drawn.
const maxOutcomes = 8

// fewOutcomes makes one of the rarest outcomes where there are many.
func fewOutcomes(list []cell.Outcome) []cell.Outcome {
	if len(list) <= maxOutcomes {
		return list
	}
	rest := cell.Outcome{Class: cell.ClassOK, Text: fmt.Sprintf("(%d other outcomes)", len(list)-maxOutcomes)}
	for _, o := range list[maxOutcomes:] {
		rest.Count += o.Count
	}
	return append(list[:maxOutcomes:maxOutcomes], rest)
}

// numbered is the scratch with the numbers that messages name.
func (p *player) numbered() string {
	var b strings.Builder
	n := 0
	for line := range strings.Lines(p.scratch.Code()) {
		n++
		fmt.Fprintf(&b, "%3d  %s", n, strings.ReplaceAll(line, "\t", "    "))
	}
	return b.String()
}

// inputLine is a line of standard input with the error behind it.
type inputLine struct {
	text string
	err  error
}

// inputLines reads standard input to its end. The goroutine that does so ends with the input, with its
// last line unread, or with the process: a read of a terminal cannot be taken back.
func (a *app) inputLines() <-chan inputLine {
	lines := make(chan inputLine)
	go func() {
		in := bufio.NewReader(a.Stdin)
		for {
			text, err := in.ReadString('\n')
			lines <- inputLine{strings.TrimRight(text, "\r\n"), err}
			if err != nil {
				lines <- inputLine{"", err}
				return
			}
		}
	}()
	return lines
}

// maxHistory bounds the lines that are remembered.
const maxHistory = 1000

// historyFile keeps the lines entered; like the places of the reader it is only a convenience, so
// trouble with it is no trouble.
func (a *app) historyFile() string { return filepath.Join(a.cacheDir(), "play-history.json") }

func (a *app) playHistory() (lines []string) {
	if text, err := os.ReadFile(a.historyFile()); err == nil {
		_ = json.Unmarshal(text, &lines)
	}
	return lines
}

func (a *app) keepHistory(lines []string) {
	lines = lines[max(0, len(lines)-maxHistory):]
	if text, err := json.Marshal(lines); err == nil {
		a.keepFile(a.historyFile(), text)
	}
}
