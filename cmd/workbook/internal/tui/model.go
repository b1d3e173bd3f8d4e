package tui

import (
	"context"
	"strings"
	"sync"

	tea "charm.land/bubbletea/v2"

	"workbook/cmd/workbook/internal/course"
	"workbook/cmd/workbook/internal/render"
)

// margin is what stands left of the text: a mark, a blank.
const margin = 2

// mode is what the keys mean.
type mode int

const (
	reading   mode = iota
	typing         // a search
	contents       // the table of contents is shown
	helping        // the keys are shown
	answering      // a question is asked: letters choose
	typingFar      // a search in the whole course
	choosing       // what was found in the course is shown
)

// model is the state of the pager. Bubble Tea calls its methods one at a time.
type model struct {
	ctx   context.Context
	pager *Pager
	cells *sync.WaitGroup // goroutines that run cells

	width, height int
	page          render.Page
	rows          []row // the page with what was folded and what was printed
	top           int   // index of the first row shown
	started       bool  // the terminal's size is known and Start was reached

	mode    mode
	message string // shown in place of the keys until the next key
	chosen  int    // line of the table of contents
	search  search
	far     far // what was found in the course

	cell    int // index in page.Cells of the one that keys act on, -1 for none
	outputs map[*course.Cell]*output
	hidden  map[*course.Cell]bool // documented outputs that are folded

	answers render.Answers
	asked   *course.Predict // while answering
	confirm *course.Cell    // r was pressed once though a question holds it back

	action   Action
	exercise *course.Exercise
}

func newModel(ctx context.Context, p *Pager, cells *sync.WaitGroup) *model {
	return &model{ctx: ctx, pager: p, cells: cells, cell: -1,
		outputs: map[*course.Cell]*output{}, hidden: map[*course.Cell]bool{}, answers: startAnswers(p)}
}

// Init implements tea.Model.
func (m *model) Init() tea.Cmd { return nil }

// Update implements tea.Model.
func (m *model) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	switch msg := msg.(type) {
	case tea.WindowSizeMsg:
		m.resize(msg.Width, msg.Height)
	case tea.KeyPressMsg:
		return m, m.key(msg)
	case tea.PasteMsg:
		if m.mode == typing || m.mode == typingFar {
			m.search.typed += strings.Join(strings.Fields(msg.Content), " ")
		}
	case ranMsg:
		m.ran(msg)
	case tickMsg:
		return m, m.tick()
	}
	return m, nil
}

// resize lays the lesson out again and stays at the place.
func (m *model) resize(width, height int) {
	m.height = height
	if width == m.width {
		m.scroll(0)
		return
	}
	at := m.here()
	m.width = width
	m.page = m.style().Page(m.pager.Lesson, m.answers)
	m.build()
	if m.started {
		m.goTo(at)
	} else {
		m.started = true
		m.goTo(spot{src: m.source(m.pager.Start)})
	}
	m.find()
}

// style is the pager's style with the room that the text has.
func (m *model) style() render.Style {
	s := m.pager.Style
	s.Width = max(m.width-margin, 1)
	return s
}

// body is how many rows of text are shown: all but the status line.
func (m *model) body() int { return max(m.height-1, 1) }

// spot is a row that can be found again in another layout.
type spot struct {
	src int // line of the source
	off int // rows below the first one of that line
}

// here returns the first row shown.
func (m *model) here() spot {
	if m.top >= len(m.rows) {
		return spot{}
	}
	at := spot{src: m.rows[m.top].src}
	for i := m.top - 1; i >= 0 && m.rows[i].src == at.src; i-- {
		at.off++
	}
	return at
}

// goTo shows a spot at the top, as far as there is text below it.
func (m *model) goTo(at spot) {
	m.top = m.firstRow(at.src)
	for range at.off {
		if m.top+1 >= len(m.rows) || m.rows[m.top+1].src != at.src {
			break
		}
		m.top++
	}
	m.scroll(0)
}

// firstRow returns the first row that is made of the source line or of a later one.
func (m *model) firstRow(src int) int {
	for i, r := range m.rows {
		if r.src >= src {
			return i
		}
	}
	return max(len(m.rows)-1, 0)
}

// scroll moves by rows and keeps the window in the text, and the chosen cell in the window.
func (m *model) scroll(by int) {
	m.top = max(min(m.top+by, len(m.rows)-m.body()), 0)
	m.chooseVisible()
}

// source returns the line of the source that a place means, 1 where its section is gone.
func (m *model) source(p Place) int {
	if p.Anchor == "" {
		return 1 + p.Line
	}
	if s := m.pager.Lesson.Section(p.Anchor); s != nil {
		return s.Line + p.Line
	}
	return 1
}

// result says where the reader is and what they want.
func (m *model) result() Result {
	r := Result{Place: m.pager.Start, Action: m.action, Exercise: m.exercise, Found: m.far.open}
	if !m.started || len(m.rows) == 0 {
		return r
	}
	src := m.rows[m.top].src
	r.Place = Place{Line: src - 1}
	for _, s := range m.pager.Lesson.Sections {
		if s.Line <= src {
			r.Place = Place{Anchor: s.Slug, Line: src - s.Line}
		}
	}
	if m.top == 0 {
		r.Place = Place{}
	}
	return r
}
