package tui

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"

	tea "charm.land/bubbletea/v2"

	"workbook/cmd/workbook/internal/render"
)

// Console takes lines at a prompt, and shows what comes of each above it, so that the terminal's own
// scrollback keeps everything.
type Console struct {
	Prompt, More string   // More is the prompt for a line that continues
	History      []string // earlier lines, the oldest first

	// Line does what a line asks for. It is called on a goroutine of its own, one call at a time, and
	// must return soon after ctx has ended, which ctrl-c does.
	Line func(ctx context.Context, line string) Said
	// Drop forgets the lines of an entry that is not finished.
	Drop func()

	In      io.Reader // the terminal
	Out     io.Writer
	Environ []string
}

// Said is what comes of a line.
type Said struct {
	Text string // to show; "" for nothing
	More bool   // the next line continues
	Quit bool
}

// Run takes lines until one of them, ctrl-d or the end of ctx quits. It returns the lines that were
// taken.
func (c Console) Run(ctx context.Context) (taken []string, err error) {
	inner, cancel := context.WithCancel(ctx)
	var work sync.WaitGroup
	defer work.Wait()
	defer cancel()
	m := &console{Console: c, ctx: inner, work: &work, at: len(c.History), prompt: c.Prompt}
	program := tea.NewProgram(m, tea.WithInput(c.In), tea.WithOutput(c.Out), tea.WithEnvironment(c.Environ), tea.WithoutSignalHandler())
	defer context.AfterFunc(ctx, program.Quit)()
	if _, err := program.Run(); err != nil {
		return m.taken, fmt.Errorf("reading your input: %w", err)
	}
	return m.taken, ctx.Err()
}

// console is the state of a Console.
type console struct {
	Console
	ctx  context.Context
	work *sync.WaitGroup

	width, height int
	prompt        string
	input         []rune
	cursor        int
	at            int    // in History, len(History) for the line that is being typed
	draft         []rune // that line, while an earlier one is shown
	taken         []string
	waiting       []string           // lines typed or pasted while an earlier one is at work
	cancel        context.CancelFunc // of the line at work, nil for none
	ended         bool
}

// saidMsg is the end of a line's work.
type saidMsg struct{ Said }

// Init implements tea.Model.
func (c *console) Init() tea.Cmd { return nil }

// Update implements tea.Model.
func (c *console) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	switch msg := msg.(type) {
	case tea.WindowSizeMsg:
		c.width, c.height = msg.Width, msg.Height
	case tea.KeyPressMsg:
		return c, c.key(msg)
	case tea.PasteMsg:
		return c, c.paste(msg.Content)
	case saidMsg:
		return c, c.said(msg.Said)
	}
	return c, nil
}

// paste inserts text; every line but the last is entered.
func (c *console) paste(text string) tea.Cmd {
	lines := strings.Split(strings.NewReplacer("\r\n", "\n", "\r", "\n", "\t", "    ").Replace(text), "\n")
	var all []tea.Cmd
	for i, line := range lines {
		c.insert(strings.Map(printable, line))
		if i < len(lines)-1 {
			all = append(all, c.enter())
		}
	}
	return tea.Sequence(all...)
}

func (c *console) insert(text string) {
	c.input = slices.Insert(c.input, c.cursor, []rune(text)...)
	c.cursor += len([]rune(text))
}

// key does what a key asks for.
func (c *console) key(msg tea.KeyPressMsg) tea.Cmd {
	switch key := msg.String(); key {
	case "enter", "ctrl+j":
		return c.enter()
	case "ctrl+c":
		return c.interrupt()
	case "ctrl+d":
		if len(c.input) == 0 && c.cancel == nil {
			return c.quit()
		}
		c.erase(c.cursor, c.cursor+1)
	case "ctrl+z":
		return tea.Suspend
	case "up", "ctrl+p":
		c.recall(-1)
	case "down", "ctrl+n":
		c.recall(1)
	case "tab":
		c.insert("    ")
	default:
		if !c.edit(key) {
			c.insert(strings.Map(printable, msg.Text))
		}
	}
	return nil
}

// edit moves in the line or takes from it, and reports whether the key does so.
func (c *console) edit(key string) bool {
	end := len(c.input)
	switch key {
	case "left", "ctrl+b":
		c.cursor = max(c.cursor-1, 0)
	case "right", "ctrl+f":
		c.cursor = min(c.cursor+1, end)
	case "home", "ctrl+a":
		c.cursor = 0
	case "end", "ctrl+e":
		c.cursor = end
	case "backspace", "ctrl+h":
		c.erase(c.cursor-1, c.cursor)
	case "delete":
		c.erase(c.cursor, c.cursor+1)
	case "ctrl+u":
		c.erase(0, c.cursor)
	case "ctrl+k":
		c.erase(c.cursor, end)
	case "ctrl+w":
		from := c.cursor
		for from > 0 && c.input[from-1] == ' ' {
			from--
		}
		for from > 0 && c.input[from-1] != ' ' {
			from--
		}
		c.erase(from, c.cursor)
	default:
		return false
	}
	return true
}

// erase takes the runes [from, to) away, as far as there are such.
func (c *console) erase(from, to int) {
	from, to = max(from, 0), min(to, len(c.input))
	if from < to {
		c.input = slices.Delete(c.input, from, to)
		c.cursor = from
	}
}

// recall shows an earlier or a later line.
func (c *console) recall(by int) {
	to := c.at + by
	if to < 0 || to > len(c.History) {
		return
	}
	if c.at == len(c.History) {
		c.draft = c.input
	}
	c.at = to
	if c.input = c.draft; to < len(c.History) {
		c.input = []rune(c.History[to])
	}
	c.input = slices.Clone(c.input)
	c.cursor = len(c.input)
}

// enter takes the line, for later where an earlier one is at work.
func (c *console) enter() tea.Cmd {
	line := string(c.input)
	c.input, c.cursor, c.draft = nil, 0, nil
	if n := len(c.History); strings.TrimSpace(line) != "" && (n == 0 || c.History[n-1] != line) {
		c.History = append(c.History, line)
		c.taken = append(c.taken, line)
	}
	c.at = len(c.History)
	if c.cancel != nil {
		c.waiting = append(c.waiting, line)
		return nil
	}
	return c.start(line)
}

// start shows the line as it was typed and begins its work.
func (c *console) start(line string) tea.Cmd {
	ctx, cancel := context.WithCancel(c.ctx)
	c.cancel = cancel
	done := make(chan Said, 1)
	c.work.Go(func() {
		defer cancel()
		done <- c.Line(ctx, line)
	})
	return tea.Sequence(c.print(c.prompt+line), func() tea.Msg { return saidMsg{<-done} })
}

// said shows what came of a line and goes on with the next.
func (c *console) said(s Said) tea.Cmd {
	c.cancel = nil
	if c.prompt = c.Prompt; s.More {
		c.prompt = c.More
	}
	shown := c.print(s.Text)
	switch {
	case s.Quit:
		return tea.Sequence(shown, c.quit())
	case len(c.waiting) > 0:
		next := c.waiting[0]
		c.waiting = c.waiting[1:]
		return tea.Sequence(shown, c.start(next))
	}
	return shown
}

// interrupt ends the line at work; where there is none it drops what was typed.
func (c *console) interrupt() tea.Cmd {
	c.waiting = nil
	if c.cancel != nil {
		c.cancel()
		return nil
	}
	text := c.prompt + string(c.input) + "^C"
	if len(c.input) == 0 && c.prompt == c.Prompt {
		text = "ctrl-d or :quit ends"
	}
	c.input, c.cursor, c.at, c.prompt = nil, 0, len(c.History), c.Prompt
	c.Drop()
	return c.print(text)
}

func (c *console) quit() tea.Cmd {
	c.ended = true
	return tea.Quit
}

// print shows text above the prompt, in pieces that fit on the screen: what is inserted moves the
// cursor up, which stops at the top.
func (c *console) print(text string) tea.Cmd {
	if text == "" {
		return nil
	}
	width, height := c.width, c.height
	if width == 0 {
		width, height = 80, 12
	}
	lines := strings.Split(render.Break(strings.TrimRight(text, "\n"), max(width-1, 1)), "\n")
	var pieces []tea.Cmd
	for piece := range slices.Chunk(lines, max(1, height-2)) {
		pieces = append(pieces, tea.Println(strings.Join(piece, "\n")))
	}
	return tea.Sequence(pieces...)
}

// View implements tea.Model: the prompt with the part of the line around the cursor that fits.
func (c *console) View() tea.View {
	if c.ended {
		return tea.NewView("")
	}
	if c.cancel != nil {
		return tea.NewView("… ctrl-c stops it")
	}
	room := max(c.width-len([]rune(c.prompt))-1, 1)
	from := max(c.cursor-room+1, 0)
	shown := c.input[from:min(len(c.input), from+room)]
	view := tea.NewView(c.prompt + string(shown))
	view.Cursor = tea.NewCursor(len([]rune(c.prompt))+c.cursor-from, 0)
	return view
}
