package cli

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"workbook/cmd/workbook/internal/course"
	"workbook/cmd/workbook/internal/render"
	"workbook/cmd/workbook/internal/verdict"
)

// screen is the front end of a session in a terminal: news scrolls by above a status line, so that
// the terminal's own scrollback keeps everything.
type screen struct {
	s      *session
	a      *app
	width  int
	height int
	text   strings.Builder // said since the last update, to be printed above the status
	run    tea.Cmd         // a program that takes the terminal over, or nil
}

// watchScreen runs a session in the terminal until its end.
func (a *app) watchScreen(ctx context.Context, s *session, events <-chan any) error {
	sc := &screen{s: s, a: a, width: a.style().Width}
	s.say = sc
	s.start()
	fmt.Fprintln(a.Stdout, sc.text.String()) // before the screen is taken over, so that no room is left above it
	sc.text.Reset()
	p := tea.NewProgram(sc, tea.WithInput(a.Stdin), tea.WithOutput(a.Stdout),
		tea.WithEnvironment(a.Environ), tea.WithoutSignalHandler())
	// The end of ctx quits as a key does: killing the program would not wait for its reader of the terminal.
	defer context.AfterFunc(ctx, p.Quit)()
	ctx, cancel := context.WithCancel(ctx)
	forwarded := make(chan struct{})
	go func() {
		defer close(forwarded)
		for {
			select {
			case e := <-events:
				p.Send(e)
			case <-ctx.Done():
				return
			}
		}
	}()
	_, err := p.Run()
	cancel()
	<-forwarded
	if err != nil {
		return ours(fmt.Errorf("showing the screen: %w", err))
	}
	return nil
}

// Init implements tea.Model.
func (sc *screen) Init() tea.Cmd { return nil }

// Update implements tea.Model.
func (sc *screen) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	switch m := msg.(type) {
	case tea.WindowSizeMsg:
		sc.width, sc.height = m.Width, m.Height
		return sc, nil
	case tea.KeyPressMsg:
		sc.s.handle(keyEvent(m.String()))
	case tea.InterruptMsg:
		return sc, tea.Quit
	default:
		sc.s.handle(msg)
	}
	if sc.s.ended {
		return sc, tea.Sequence(sc.flush(), tea.Quit)
	}
	if run := sc.run; run != nil {
		sc.run = nil
		return sc, tea.Sequence(sc.flush(), run)
	}
	return sc, sc.flush()
}

// statusLines is how many lines the status has, and smallScreen the height that is reckoned with before
// the terminal has told its own.
const (
	statusLines = 2
	smallScreen = 12
)

// flush prints what was said above the status. Bubble Tea inserts a text by moving the cursor up, which
// stops at the top of the screen: a text that is longer goes in pieces that fit.
func (sc *screen) flush() tea.Cmd {
	if sc.text.Len() == 0 {
		return nil
	}
	lines := strings.Split(render.Break(strings.TrimRight(sc.text.String(), "\n"), sc.style().Width), "\n")
	sc.text.Reset()
	height := sc.height
	if height == 0 {
		height = smallScreen
	}
	var pieces []tea.Cmd
	for piece := range slices.Chunk(lines, max(1, height-statusLines-1)) {
		pieces = append(pieces, tea.Println(strings.Join(piece, "\n")))
	}
	return tea.Sequence(pieces...)
}

// View implements tea.Model.
func (sc *screen) View() tea.View {
	lines := cut(sc.s.status(), sc.width-1) + "\n" + cut(keyHelp, sc.width-1)
	if sc.s.ended {
		lines = ""
	}
	return tea.NewView(lines)
}

// cut shortens a line to a width, at a separator where there is one.
func cut(line string, width int) string {
	short := render.Fit(line, width)
	if width <= 0 || short == line {
		return line
	}
	if i := strings.LastIndex(short, " · "); i > 0 {
		return short[:i] + " …"
	}
	return short
}

// style leaves the last column free: Bubble Tea erases to the end of the line after each, which takes the
// last character of a line that fills its row.
func (sc *screen) style() render.Style {
	style := sc.a.style()
	if sc.width > 0 {
		style.Width = sc.width
	}
	style.Width--
	return style
}

func (sc *screen) note(text string) { fmt.Fprintf(&sc.text, "%s\n", text) }

func (sc *screen) opening(l *course.Lesson) { sc.trouble(sc.a.writeOpening(&sc.text, sc.style(), l)) }

func (sc *screen) task(ex *course.Exercise) { sc.a.writeTask(&sc.text, sc.style(), sc.s.open, ex) }

func (sc *screen) grading(*course.Exercise) {}

func (sc *screen) quick(ex *course.Exercise, findings []verdict.Finding) {
	v := verdict.Verdict{Exercise: ex.Name, Lesson: ex.Lesson, Class: verdict.Build, Title: "it does not compile", Findings: findings}
	sc.trouble(sc.style().Verdict(&sc.text, v))
}

func (sc *screen) verdict(ex *course.Exercise, v verdict.Verdict) {
	fmt.Fprintln(&sc.text)
	sc.trouble(sc.style().Verdict(&sc.text, v))
	if v.Passed {
		sc.note("next: n goes on; s shows the reference solution to compare with")
	}
}

func (sc *screen) trouble(err error) {
	if err != nil {
		writeTrouble(&sc.text, err)
	}
}

func (sc *screen) list(current *course.Exercise) {
	sc.trouble(sc.a.writeList(&sc.text, sc.style(), sc.s.open, current))
}

func (sc *screen) hint(ex *course.Exercise, n int) {
	sc.trouble(sc.s.open.writeHint(&sc.text, sc.style(), ex, n))
}

func (sc *screen) solution(ex *course.Exercise) {
	sc.trouble(sc.a.writeSolution(&sc.text, sc.style(), sc.s.open, ex))
}

// read hands the terminal to the pager and takes it back when the pager ends.
func (sc *screen) read(ex *course.Exercise) {
	lesson := sc.s.open.course.Lesson(ex.Lesson)
	sc.hand(func() error { return sc.a.page(sc.s.ctx, sc.s.open, lesson, placeIn{}) })
}

// edit hands the terminal to the learner's editor.
func (sc *screen) edit(ex *course.Exercise) {
	sc.hand(func() error { return sc.a.edit(sc.s.ctx, sc.s.open, ex) })
}

// hand gives the terminal to f once what was said is printed.
func (sc *screen) hand(f func() error) {
	sc.run = tea.Exec(&takeover{f}, func(err error) tea.Msg { return troubleEvent{err} })
}

// takeover is a function that has the terminal to itself while it runs.
type takeover struct{ f func() error }

// Run implements tea.ExecCommand.
func (t *takeover) Run() error { return t.f() }

// SetStdin implements tea.ExecCommand; the function has its own streams.
func (t *takeover) SetStdin(io.Reader) {}

// SetStdout implements tea.ExecCommand.
func (t *takeover) SetStdout(io.Writer) {}

// SetStderr implements tea.ExecCommand.
func (t *takeover) SetStderr(io.Writer) {}
