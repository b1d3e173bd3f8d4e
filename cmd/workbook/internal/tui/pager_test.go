package tui

import (
	"slices"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"

	"workbook/cmd/workbook/internal/render"
)

func TestScrolling(t *testing.T) {
	r := open(t, Pager{}, 80, 10)
	r.want("What is indivisible", "top")
	for _, step := range []struct {
		key string
		top int
	}{
		{"j", 1}, {"down", 2}, {"k", 1}, {"up", 0}, {"k", 0}, {"space", 8}, {"pgdown", 16}, {"b", 8}, {"pgup", 0},
		{"d", 4}, {"ctrl+d", 8}, {"u", 4}, {"ctrl+u", 0}, {"ctrl+f", 8}, {"ctrl+b", 0}, {"enter", 1}, {"home", 0},
	} {
		if r.keys(step.key); r.top != step.top {
			t.Fatalf("after %q the first row is %d, want %d", step.key, r.top, step.top)
		}
	}
	r.keys("G")
	r.want("The last line.", "end")
	if r.keys("j"); r.top != len(r.rows)-9 {
		t.Errorf("scrolled past the end: %d of %d rows", r.top, len(r.rows))
	}
	r.keys("g")
	r.want("What is indivisible", "top")
}

func TestEverySizeOfScreen(t *testing.T) {
	for _, style := range []render.Style{{}, {Plain: true}, {Color: true, Links: true}} {
		for _, width := range []int{1, 10, 22, 40, 80, 120, 300} {
			for _, height := range []int{1, 2, 5, 24, 400} {
				r := open(t, Pager{Style: style}, width, height)
				r.keys("space", "]", "t", "j", "enter", "/", "x", "+", "enter", "n", "o", "?", "j", "z", "e")
			}
		}
	}
}

func TestNarrowStatusKeepsTheEssentials(t *testing.T) {
	r := open(t, Pager{}, 40, 12)
	lines := r.screen()
	if status := lines[len(lines)-1]; !strings.Contains(status, "top") || !strings.Contains(status, "? keys") {
		t.Errorf("status line at 40 columns: %q", status)
	}
	r.keys("?")
	r.want("] [", "next cell", "quit")
	r.keys("x")
	r.want("What is indivisible")
}

func TestSearch(t *testing.T) {
	r := open(t, Pager{}, 60, 12)
	r.keys("/", "m", "u", "t", "e", "x", "x", "backspace")
	r.want("/mutex_")
	r.keys("enter")
	r.want("mutex", "match 1 of 3")
	first := r.top
	r.keys("n")
	r.want("match 2 of 3")
	r.keys("n", "n")
	r.want("match 1 of 3")
	if r.top != first {
		t.Errorf("round the end the first row is %d, want %d", r.top, first)
	}
	r.keys("N")
	r.want("match 3 of 3")
	r.keys("esc")
	r.wantNot("match")
	r.keys("n")
	r.want("nothing to search for")
}

func TestSearchAcrossLines(t *testing.T) {
	r := open(t, Pager{}, 60, 40)
	rows := r.rows[:20]
	for i, row := range rows[:19] {
		first, second := strings.Fields(row.text), strings.Fields(strings.TrimPrefix(rows[i+1].text, "│ "))
		if len(first) < 5 || len(second) < 5 {
			continue
		}
		r.keys("/")
		r.send(tea.PasteMsg{Content: strings.Join(first[3:], " ") + " " + second[0]})
		r.keys("enter")
		if n := len(r.search.matches); n != 1 || r.search.matches[0].row != i || r.search.matches[0].lastRow != i+1 {
			t.Errorf("looking for %q over rows %d and %d: %+v", r.search.typed, i, i+1, r.search.matches)
		}
	}
}

func TestSearchCase(t *testing.T) {
	for _, tt := range []struct {
		typed string
		want  string
	}{{"mutex", "of 3"}, {"Mutex", "of 1"}, {"absent.", "not found: absent."}, {"(", "match 1"}} {
		r := open(t, Pager{}, 80, 12)
		r.keys("/")
		r.send(tea.PasteMsg{Content: tt.typed + "\n"})
		r.keys("enter")
		r.want(tt.want)
	}
}

func TestSearchKeepsFaces(t *testing.T) {
	r := open(t, Pager{Style: render.Style{Color: true}}, 80, 12)
	r.keys("/", "m", "u", "t", "e", "x", "enter")
	if view := strings.Join(r.screen(), "\n"); !strings.Contains(view, "\x1b[7mmutex") {
		t.Errorf("the match is not reversed: %q", view)
	}
}

func TestContents(t *testing.T) {
	r := open(t, Pager{}, 80, 14)
	r.keys("t")
	r.want("▸ What is indivisible", "    Cells", "enter goes there")
	r.keys("j", "j", "k", "j")
	r.want("▸   Cells")
	r.keys("enter")
	if row := r.rows[r.top].text; row != "Cells" {
		t.Errorf("the contents lead to %q, want Cells", row)
	}
	r.keys("j", "t")
	r.want("▸   Cells")
	r.keys("G")
	r.want("▸   After")
	r.keys("esc")
	if r.mode != reading {
		t.Error("esc does not leave the contents")
	}
}

func TestPlaceSurvivesWidth(t *testing.T) {
	for top := range 200 {
		r := open(t, Pager{}, 100, 5)
		if top > len(r.rows)-4 {
			break
		}
		r.scroll(top)
		src := r.rows[r.top].src
		for _, width := range []int{40, 60, 120} {
			r.send(tea.WindowSizeMsg{Width: width, Height: 5})
			if got := r.rows[r.top].src; got != src && r.top != len(r.rows)-4 {
				t.Errorf("from row %d at width %d, source line %d is at the top, want %d", top, width, got, src)
			}
		}
		place := r.result().Place
		again := open(t, Pager{Start: place}, 44, 5)
		if got := again.rows[again.top].src; got != src && again.top != len(again.rows)-4 && r.top != len(r.rows)-4 {
			t.Errorf("%+v leads to source line %d, want %d", place, got, src)
		}
	}
}

func TestPlaceNames(t *testing.T) {
	r := open(t, Pager{}, 80, 5)
	if got := r.result().Place; got != (Place{}) {
		t.Errorf("the place at the top is %+v", got)
	}
	r.keys("t", "j", "j", "enter")
	if got := r.result().Place; got != (Place{Anchor: "cells"}) {
		t.Errorf("the place at a heading is %+v", got)
	}
	gone := open(t, Pager{Start: Place{Anchor: "gone", Line: 7}}, 80, 5)
	if gone.top != 0 {
		t.Errorf("a section that is gone leads to row %d", gone.top)
	}
	far := open(t, Pager{Start: Place{Anchor: "after", Line: 900}}, 80, 5)
	far.want("The last line.")
}

func TestEdit(t *testing.T) {
	r := open(t, Pager{}, 80, 12)
	r.keys("e")
	r.want("no exercise on the screen")
	r.keys("t", "G", "k", "enter", "e")
	res := r.result()
	if !r.quit || res.Action != Edit || res.Exercise == nil || res.Exercise.Name != "counter" {
		t.Errorf("e gives %+v, quit %v", res, r.quit)
	}
	r = open(t, Pager{}, 80, 12)
	if r.keys("q"); !r.quit || r.result().Action != Quit {
		t.Errorf("q gives %+v, quit %v", r.result(), r.quit)
	}
	r = open(t, Pager{}, 80, 12)
	if r.keys("/", "ctrl+c"); !r.quit {
		t.Error("ctrl+c does not quit while a search is typed")
	}
}

func TestHelpNamesEveryKey(t *testing.T) {
	var named []string
	for _, b := range bindings {
		named = append(named, strings.Fields(strings.ReplaceAll(b.keys, ",", " "))...)
	}
	for _, key := range []string{"j", "k", "space", "b", "d", "u", "g", "G", "t", "/", "n", "N", "]", "[", "p", "P", "r", "esc", "o", "e", "q"} {
		if !slices.Contains(named, key) {
			t.Errorf("the help does not name %q", key)
		}
		r := open(t, Pager{}, 80, 12)
		r.keys(key)
		if r.message == "? lists the keys" {
			t.Errorf("the help names %q, which does nothing", key)
		}
	}
}

func TestScreenGolden(t *testing.T) {
	for _, tt := range []struct {
		name          string
		width, height int
		style         render.Style
	}{{"80", 80, 20, render.Style{}}, {"40", 40, 16, render.Style{}}, {"plain", 60, 16, render.Style{Plain: true}}} {
		t.Run(tt.name, func(t *testing.T) {
			f := newRunner()
			r := open(t, Pager{Style: tt.style, RunCell: f.run}, tt.width, tt.height)
			var b strings.Builder
			shot := r.shots(&b)
			shot("g")
			shot("space")
			shot("t")
			pending := shot("esc", "]", "r")
			<-f.started
			f.finish <- "fail"
			r.answer(pending)
			shot("j")
			shot("?")
			shot("x", "/", "x")
			shot("enter")
			r.cells.Wait()
			golden(t, "screen-"+tt.name+".txt", b.String())
		})
	}
}
