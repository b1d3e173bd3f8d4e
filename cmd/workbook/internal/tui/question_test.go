package tui

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"
	"testing/synctest"

	tea "charm.land/bubbletea/v2"

	"workbook/cmd/workbook/internal/course"
	"workbook/cmd/workbook/internal/render"
)

func predictions(t testing.TB) *course.Lesson {
	t.Helper()
	markdown, err := os.ReadFile("testdata/predict.md")
	if err != nil {
		t.Fatal(err)
	}
	l, err := course.ParseLesson("lessons/09-atomicity.md", markdown)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// asker keeps the answers that a pager gives.
type asker struct {
	given []string
	err   error
}

func (a *asker) answer(q *course.Predict, right bool) error {
	a.given = append(a.given, fmt.Sprint(q.ID, " ", right))
	return a.err
}

func openQuestions(t testing.TB, p Pager, height int) *reader {
	t.Helper()
	p.Lesson = predictions(t)
	return open(t, p, 80, height)
}

func TestPredictThenRun(t *testing.T) {
	f, a := newRunner(), &asker{}
	r := openQuestions(t, Pager{Sample: f.run, Answer: a.answer}, 30)
	r.want("p answers lost", "output hidden until lost is answered")
	r.wantNot("documented")
	r.keys("p")
	r.want("a letter chooses, enter takes the answer", "a to c choose")
	r.keys("enter")
	r.want("choose first: a to c")
	r.keys("b", "a")
	r.want("a [x] Always", "b [ ] A number")
	r.keys("e")
	r.want("the answers are a to c")
	r.wantNot("take turns")
	pending := r.keys("enter")
	r.want("✗ wrong: Nothing makes the goroutines take turns.", "✓ right, and not chosen: Updates are lost", "Not right: b is.", "documented", "lost runs")
	r.wantNot("It is not that bad.")
	if id := <-f.started; id != "lost" {
		t.Errorf("the answer ran %q, want lost", id)
	}
	f.finish <- "777"
	r.answer(pending)
	r.want("777")
	r.cells.Wait()
	if got := strings.Join(a.given, ", "); got != "lost false" {
		t.Errorf("the answers given are %s, want lost false", got)
	}
}

func TestSeveralAnswers(t *testing.T) {
	a := &asker{err: errors.New("the disk is full")}
	r := openQuestions(t, Pager{Answer: a.answer}, 60)
	r.keys("P", "p")
	r.want("the letters choose one or more")
	r.keys("a", "b", "c", "c")
	r.want("a [x] `1`", "b [x] `2`", "c [ ] `3`")
	r.keys("enter")
	r.want("✓ right: One update is lost.", "✓ right: None is lost.", "└ Right.", "the answer is not kept: the disk is full")
	r.keys("d")
	if got := strings.Join(a.given, ", "); got != "orders true" {
		t.Errorf("the answers given are %s, want orders true", got)
	}
}

// TestRunWaitsForTheAnswer wants r to run a cell only when its question was answered or skipped.
func TestRunWaitsForTheAnswer(t *testing.T) {
	for _, tt := range []struct {
		name string
		keys string // before the r that runs the cell
		note string
	}{
		{"skipped", "P", "skipped, p asks"},
		{"confirmed", "r", "skipped, p asks"},
		{"not confirmed at once", "r j k r", "skipped, p asks"},
		{"left, then confirmed", "p a esc r", "skipped, p asks"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			f := newRunner()
			r := openQuestions(t, Pager{RunCell: f.run}, 30)
			if pending := r.keys(strings.Fields(tt.keys)...); len(pending) > 0 {
				t.Fatalf("%s runs the cell", tt.keys)
			}
			pending := r.keys("r")
			f.finish <- "ran"
			r.answer(pending)
			r.want(tt.note, "documented", "ran")
			r.cells.Wait()
		})
	}
	f := newRunner()
	r := openQuestions(t, Pager{RunCell: f.run}, 30)
	r.keys("r")
	r.want("p answers lost first; r again runs the cell")
	r.keys("j", "r", "o")
	r.want("the output is hidden until the question is answered")
	r.wantNot("documented")
}

func TestAnsweredBefore(t *testing.T) {
	l := predictions(t)
	f := newRunner()
	r := open(t, Pager{Lesson: l, RunCell: f.run, Answered: map[*course.Predict]bool{l.Questions[0]: true, l.Questions[1]: false}}, 80, 24)
	r.want("answered before, p asks", "documented", "r runs lost")
	r.keys("p", "a")
	r.want("a [x] Always")
	r.keys("esc")
	r.want("answered before, p asks", "a [ ] Always")
	pending := r.keys("r")
	f.finish <- "ran"
	r.answer(pending)
	r.want("ran")
	r.cells.Wait()
	if r.holding(l.Cells[1]) != l.Questions[1] {
		t.Error("a question that was not answered does not hold its cell")
	}
}

// TestQuestionOfTheCellInView wants p to find the question that scrolled away.
func TestQuestionOfTheCellInView(t *testing.T) {
	r := openQuestions(t, Pager{}, 8)
	r.keys("]")
	r.wantNot("predict lost")
	r.want("p answers lost")
	r.keys("p")
	r.want("▸ ┌ predict lost")
	r.keys("esc", "G", "p")
	if r.asked.ID != "orders" {
		t.Errorf("at the end p asks %s, want orders", r.asked.ID)
	}
	r.keys("q")
	if !r.quit {
		t.Error("q does not quit while a question is asked")
	}
}

func TestNoQuestion(t *testing.T) {
	r := open(t, Pager{}, 80, 12)
	for _, key := range []string{"p", "P"} {
		r.keys(key)
		r.want("no question on the screen")
	}
}

// TestNoCellRunsBeside wants an answer to run nothing where a cell is running already.
func TestNoCellRunsBeside(t *testing.T) {
	f := &runner{make(chan string, 2), make(chan string, 2)}
	r := openQuestions(t, Pager{RunCell: f.run}, 60)
	pending := r.keys("P", "r")
	<-f.started
	if more := r.keys("p", "a", "enter"); len(more) > 0 {
		t.Error("an answer runs a second cell at the same time")
	}
	f.finish <- "first"
	r.answer(pending)
	r.want("first", "Not right: a and b are, together.")
	r.cells.Wait()
}

func TestQuestionsInEverySizeOfScreen(t *testing.T) {
	for _, style := range []render.Style{{}, {Plain: true}, {Color: true, Links: true}} {
		for _, width := range []int{1, 22, 40, 120} {
			for _, height := range []int{1, 3, 9, 24, 400} {
				r := open(t, Pager{Lesson: predictions(t), Style: style}, width, height)
				r.keys("p", "j", "space", "a", "up", "z", "enter", "]", "r", "r", "p", "b")
				r.send(tea.WindowSizeMsg{Width: width + 7, Height: height})
				r.keys("a", "enter", "G", "P", "o", "p", "esc", "?", "x")
			}
		}
	}
}

func TestQuestionGolden(t *testing.T) {
	for _, tt := range []struct {
		name          string
		width, height int
		style         render.Style
	}{{"80", 80, 26, render.Style{}}, {"40", 40, 26, render.Style{}}, {"plain", 60, 26, render.Style{Plain: true}}} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				f := newRunner()
				r := open(t, Pager{Lesson: predictions(t), Style: tt.style, RunCell: f.run}, tt.width, tt.height)
				var b strings.Builder
				shot := r.shots(&b)
				shot("g")
				shot("r")
				shot("p", "c")
				pending := shot("enter")
				<-f.started
				f.finish <- "6039484"
				r.answer(pending)
				shot("space")
				r.cells.Wait()
				golden(t, "question-"+tt.name+".txt", b.String())
			})
		})
	}
}
