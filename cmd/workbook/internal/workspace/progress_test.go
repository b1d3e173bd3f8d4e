package workspace

import (
	"errors"
	"os"
	"reflect"
	"strings"
	"testing"
	"time"
)

// TestJoin: where two accounts of the same journal differ, each counts for what it knows better.
func TestJoin(t *testing.T) {
	day := func(n int) time.Time { return time.Date(2026, 1, n, 0, 0, 0, 0, time.UTC) }
	much := Standing{
		Attempts: 7, Class: "pass", Title: "it passes", Last: day(9), Passed: day(8), Before: 6, Hints: 2, GaveUp: day(5), Viewed: day(6), Resets: 3, Spent: 900,
	}
	little := Standing{Attempts: 2, Class: "race", Title: "data race", Last: day(3), Hints: 1, Resets: 1, Spent: 200}
	again := much // the journal was cut: it passed anew, after fewer tries
	again.Passed, again.Before, again.Attempts, again.Spent, again.Last = day(10), 1, 1, 50, day(10)
	again.Class, again.Title = "leak", "a goroutine is left"
	for _, tt := range []struct {
		name    string
		p, with Standing
		want    Standing
	}{
		{"nothing and much", Standing{}, much, much},
		{"much and nothing", much, Standing{}, much},
		{"little and much", little, much, much},
		{"much and little", much, little, much},
		{"anew", again, much, Standing{Attempts: 7, Class: "leak", Title: "a goroutine is left", Last: day(10), Passed: day(8), Before: 6, Hints: 2, GaveUp: day(5), Viewed: day(6), Resets: 3, Spent: 900}},
	} {
		p := Progress{Exercises: map[string]Standing{"counter": tt.p}}
		p.join(Progress{Exercises: map[string]Standing{"counter": tt.with}})
		if got := p.Exercises["counter"]; !reflect.DeepEqual(got, tt.want) {
			t.Errorf("%s:\n%+v, want\n%+v", tt.name, got, tt.want)
		}
	}
}

// TestHintsStay: a hint that was shown stays shown, whichever is looked at again.
func TestHintsStay(t *testing.T) {
	var p Progress
	for _, n := range []int{1, 3, 2} {
		p.apply(entry{Kind: kindHint, Exercise: "counter", N: n}, place{})
	}
	if got := p.Hints("counter"); got != 3 {
		t.Errorf("%d hints were shown, want 3", got)
	}
}

// TestOtherJournal: a snapshot says nothing of a journal that it was not made of, however long that is.
func TestOtherJournal(t *testing.T) {
	c := newCourse("counter", "tokens")
	many := func(w *Workspace, n int) {
		for range n {
			if err := w.append(entry{Kind: kindAttempt, Exercise: "counter", Class: "race"}); err != nil {
				t.Fatal(err)
			}
		}
	}
	w, other := create(t, c), create(t, c)
	many(w, snapshotEvery+4)
	if err := other.GiveUp(c.Exercise("tokens")); err != nil {
		t.Fatal(err)
	}
	many(other, 3*snapshotEvery)
	put(t, w.meta(journalName), text(t, other.meta(journalName)))
	got := reopen(t, w).Progress()
	if got.State("tokens") != GivenUp || got.Attempts("counter") != 3*snapshotEvery {
		t.Errorf("tokens is %q and counter was tried %d times, want %q and %d", got.State("tokens"), got.Attempts("counter"), GivenUp, 3*snapshotEvery)
	}
}

// TestSaves: undo goes round by every text once, and takes no entry of the journal for a text that it is not.
func TestSaves(t *testing.T) {
	var s Standing
	say := func(kind, text, restored string) {
		e := entry{Kind: kind, Restored: restored}
		e.setText([]byte(text))
		s.apply(e, place{})
	}
	say(kindReset, "first", "")
	say(kindReset, "second", "")
	say(kindUndo, "first", hash([]byte("second"))) // typed again meanwhile
	if len(s.Saves) != 2 || s.Saves[0].Hash != hash([]byte("second")) || s.Saves[1].Hash != hash([]byte("first")) {
		t.Errorf("saved: %+v, want the second text and then the first", s.Saves)
	}

	c := newCourse("counter")
	ex := c.Exercise("counter")
	w := create(t, c)
	put(t, w.path(ex.File), "mine")
	if err := w.Reset(ex); err != nil {
		t.Fatal(err)
	}
	kept := w.Progress().Exercises["counter"].Saves[0]
	if got, ok := w.saved(kept); !ok || string(got) != "mine" {
		t.Errorf("saved = %q, %v", got, ok)
	}
	kept.Hash = hash([]byte("another text"))
	if got, ok := w.saved(kept); ok {
		t.Errorf("an entry with another text is taken for it: %q", got)
	}
}

// TestFolderGone: where the journal's folder has gone, trying again does not help, and is not the advice.
func TestFolderGone(t *testing.T) {
	c := newCourse("counter")
	w := create(t, c)
	if err := os.RemoveAll(w.meta("")); err != nil {
		t.Fatal(err)
	}
	var e *Error
	if err := w.GiveUp(c.Exercise("counter")); !errors.As(err, &e) || !strings.Contains(e.Hints()[0], "workbook init") {
		t.Errorf("GiveUp = %v, with the hints %q", err, e.Hints())
	}
	if _, _, err := Create(w.Dir, c); err != nil {
		t.Fatal(err)
	}
	if err := reopen(t, w).GiveUp(c.Exercise("counter")); err != nil {
		t.Errorf("after init: %v", err)
	}
}
