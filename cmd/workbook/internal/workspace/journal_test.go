package workspace

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"testing"
	"time"
)

// history fills a workspace with one entry of each kind and some more.
func history(t *testing.T) *Workspace {
	t.Helper()
	c := newCourse("counter", "tokens")
	w := create(t, c)
	counter, tokens := c.Exercise("counter"), c.Exercise("tokens")
	put(t, w.path(counter.File), "mine \"{\\\"sum\\\":\\\"\"\n{\"sum\":\"")
	put(t, w.path(tokens.File), "\xff\xfe")
	for i, f := range []func() error{
		func() error { return w.Record(Attempt{Exercise: "counter", Class: "race", Title: "héllo\n"}) },
		func() error { return w.HintShown(counter, 1) },
		func() error { return w.Reset(counter) },
		func() error { return w.Record(Attempt{Exercise: "counter", Class: "pass", MS: 12}) },
		func() error { return w.SetCurrent(tokens) },
		func() error { return w.Reset(tokens) },
		func() error { return w.Undo(counter) },
		func() error { return w.GiveUp(tokens) },
		func() error { _, err := w.WriteSolution(tokens); return err },
		func() error { return w.RecordAnswer("atomicity", asked("lost"), false) },
	} {
		if err := f(); err != nil {
			t.Fatalf("step %d: %v", i, err)
		}
	}
	return w
}

// entries returns the journal's entries with the offsets at which they end.
func entries(t *testing.T, journal []byte) (all []entry, places []place) {
	t.Helper()
	_, damaged := scan(journal, 0, func(e entry, p place) { all, places = append(all, e), append(places, p) })
	if damaged > 0 || len(all) != 11 {
		t.Fatalf("the journal has %d entries and %d damaged lines, want 11 and 0", len(all), damaged)
	}
	return all, places
}

// sameProgress compares what two progresses say, without the places in the journal.
func sameProgress(a, b Progress) bool {
	var texts [2][]byte
	for i, p := range []Progress{a.clone(), b.clone()} {
		p.Damaged = 0
		for name, s := range p.Exercises {
			for k := range s.Saves {
				s.Saves[k].place = place{}
			}
			p.Exercises[name] = s
		}
		texts[i], _ = json.Marshal(p)
	}
	return bytes.Equal(texts[0], texts[1])
}

func replayed(all []entry, places []place) Progress {
	var p Progress
	for i, e := range all {
		p.apply(e, places[i])
	}
	return p
}

// revive opens a workspace with the given journal and snapshot and returns what it knows. Where there
// is no snapshot it also wants an attempt that is recorded then to be there when it is opened again.
func revive(t *testing.T, w *Workspace, journal, snapshot []byte) Progress {
	t.Helper()
	put(t, w.meta(journalName), string(journal))
	remove(t, w.meta(snapshotName))
	if snapshot != nil {
		put(t, w.meta(snapshotName), string(snapshot))
	}
	fresh := &Workspace{Dir: w.Dir, course: w.course, write: (*os.File).Write}
	if err := fresh.load(); err != nil {
		t.Fatal(err)
	}
	p := fresh.Progress()
	if snapshot != nil {
		return p
	}
	fresh.unsaved = 0 // no snapshot, which waits for the disk
	if err := fresh.Record(Attempt{Exercise: "new", Class: "race"}); err != nil {
		t.Fatal(err)
	}
	again := &Workspace{Dir: w.Dir, course: w.course, write: (*os.File).Write}
	if err := again.load(); err != nil {
		t.Fatal(err)
	}
	if again.Progress().Attempts("new") != 1 || again.Progress().Attempts("counter") != p.Attempts("counter") {
		t.Fatalf("an attempt recorded after a journal of %d bytes is lost", len(journal))
	}
	return p
}

func TestJournalCutAnywhere(t *testing.T) {
	w := history(t)
	journal := []byte(text(t, w.meta(journalName)))
	old := []byte(text(t, w.meta(snapshotName))) // of the time of creation
	if err := w.saveSnapshot(); err != nil {
		t.Fatal(err)
	}
	full := []byte(text(t, w.meta(snapshotName)))
	all, places := entries(t, journal)
	for cut := range len(journal) + 1 {
		whole := 0
		for whole < len(places) && places[whole].At+places[whole].Size <= int64(cut) {
			whole++
		}
		want := replayed(all[:whole], places)
		snapshots := map[string][]byte{"no": nil}
		if cut%16 == 0 { // TestSnapshotDamagedAnywhere has more of these
			snapshots["a garbage"], snapshots["half a"] = []byte("{\"sum\":\"0\",\"value\":{}}"), full[:len(full)/2]
		}
		for what, snapshot := range snapshots {
			if got := revive(t, w, journal[:cut], snapshot); !sameProgress(got, want) {
				t.Fatalf("cut at %d with %s snapshot: %+v, want %+v", cut, what, got, want)
			}
		}
		want.join(replayed(all[:1], places))
		if got := revive(t, w, journal[:cut], old); !sameProgress(got, want) {
			t.Fatalf("cut at %d with an old snapshot: %+v, want %+v", cut, got, want)
		}
		got := revive(t, w, journal[:cut], full)
		if got.Attempts("counter") != 2 || !got.Passed("counter") || !got.Earned("tokens") || got.Current != "tokens" && got.Current != "counter" {
			t.Fatalf("cut at %d with a whole snapshot: %+v", cut, got)
		}
	}
}

func TestJournalDamagedAnywhere(t *testing.T) {
	w := history(t)
	journal := []byte(text(t, w.meta(journalName)))
	if err := w.saveSnapshot(); err != nil {
		t.Fatal(err)
	}
	full := []byte(text(t, w.meta(snapshotName)))
	all, places := entries(t, journal)
	for at := range len(journal) {
		for _, b := range []byte{0, '\n', '"', journal[at] ^ 1} {
			bad := slices.Clone(journal)
			bad[at] = b
			kept := 0
			_, _ = scan(bad, 0, func(entry, place) { kept++ })
			if kept < len(all)-1 {
				t.Fatalf("byte %d made %q costs %d entries", at, b, len(all)-kept)
			}
			hit := slices.IndexFunc(places, func(p place) bool { return p.At <= int64(at) && int64(at) < p.At+p.Size })
			want := replayed(all, places)
			if hit >= 0 && kept < len(all) {
				want = replayed(slices.Delete(slices.Clone(all), hit, hit+1), slices.Delete(slices.Clone(places), hit, hit+1))
			}
			if b != 0 {
				continue // opening for each is slow, and one kind of damage is like another from here on
			}
			if got := revive(t, w, bad, nil); !sameProgress(got, want) {
				t.Fatalf("byte %d made %q: %+v, want %+v", at, b, got, want)
			}
			got := revive(t, w, bad, full)
			if got.Attempts("counter") != 2 || !got.Passed("counter") || !got.Earned("tokens") {
				t.Fatalf("byte %d made %q, with a snapshot: %+v", at, b, got)
			}
		}
	}
}

func TestSnapshotDamagedAnywhere(t *testing.T) {
	w := history(t)
	journal := []byte(text(t, w.meta(journalName)))
	if err := w.saveSnapshot(); err != nil {
		t.Fatal(err)
	}
	full := []byte(text(t, w.meta(snapshotName)))
	all, places := entries(t, journal)
	want := replayed(all, places)
	for at := range len(full) {
		if got := revive(t, w, journal, full[:at]); !sameProgress(got, want) {
			t.Fatalf("snapshot cut at %d: %+v, want %+v", at, got, want)
		}
		bad := slices.Clone(full)
		bad[at] ^= 1
		if got := revive(t, w, journal, bad); !sameProgress(got, want) {
			t.Fatalf("snapshot damaged at %d: %+v, want %+v", at, got, want)
		}
	}
}

// TestUndoAfterDamage wants an undo to skip a text that the journal has lost.
func TestUndoAfterDamage(t *testing.T) {
	c := newCourse("counter")
	ex := c.Exercise("counter")
	w := create(t, c)
	for i := range 2 {
		put(t, w.path(ex.File), fmt.Sprintf("text %d", i))
		if err := w.Reset(ex); err != nil {
			t.Fatal(err)
		}
	}
	journal := []byte(text(t, w.meta(journalName)))
	put(t, w.meta(journalName), string(bytes.Replace(journal, []byte("text 1"), []byte("test 1"), 1)))
	if err := w.Undo(ex); err != nil || text(t, w.path(ex.File)) != "text 0" {
		t.Errorf("Undo = %v, and the file is %q, want text 0", err, text(t, w.path(ex.File)))
	}
}

func TestRemoveTemps(t *testing.T) {
	w := create(t, newCourse("counter"))
	old, young := w.meta(".1.tmp"), w.meta(".2.tmp")
	put(t, old, "x")
	put(t, young, "x")
	if err := os.Chtimes(old, time.Now(), time.Now().Add(-2*time.Hour)); err != nil {
		t.Fatal(err)
	}
	reopen(t, w)
	if exists(old) || !exists(young) {
		t.Errorf("after Open: old %v, young %v, want only the young", exists(old), exists(young))
	}
}

func FuzzScan(f *testing.F) {
	line, err := seal(entry{Kind: kindAttempt, Exercise: "counter", Class: "race"})
	if err != nil {
		f.Fatal(err)
	}
	f.Add(line)
	f.Add(append(line[:20:20], line...))
	f.Add([]byte("{\"sum\":\"\n\n{}"))
	f.Fuzz(func(t *testing.T, text []byte) {
		var p Progress
		n, damaged := scan(text, 0, func(e entry, at place) {
			p.apply(e, at)
			var again entry
			if _, ok := unseal(text[at.At:at.At+at.Size], &again); !ok {
				t.Errorf("scan(%q) found an entry at %v that is not whole", text, at)
			}
		})
		if n < 0 || n > int64(len(text)) || damaged > 1+bytes.Count(text, []byte("\n")) {
			t.Errorf("scan(%q) = %d, %d", text, n, damaged)
		}
	})
}

func BenchmarkOpen(b *testing.B) {
	c := newCourse("counter", "tokens")
	w, _, err := Create(b.TempDir(), c)
	if err != nil {
		b.Fatal(err)
	}
	for range 1000 {
		if err := w.Record(Attempt{Exercise: "counter", Class: "race"}); err != nil {
			b.Fatal(err)
		}
	}
	for b.Loop() {
		if _, err := Open(w.Dir, c); err != nil {
			b.Fatal(err)
		}
	}
}
