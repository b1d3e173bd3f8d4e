package export

import (
	"bytes"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"workbook/cmd/workbook/internal/batch"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// recorded is a report of testdata: class.json is a class, with submissions that are out to be mistaken for
// the report's own text; one.json is one submission. Both hold verdicts of the grader.
func recorded(t testing.TB, name string) batch.Report {
	t.Helper()
	f, err := os.Open(filepath.Join("testdata", name+".json"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	r, err := batch.ReadReport(f)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// written is a report in a form.
func written(t testing.TB, form string, r batch.Report) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := Write(&b, form, r, Options{Version: "v1", Token: "FRESHTOKEN"}); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// TestGolden holds every form against a file that people have read.
func TestGolden(t *testing.T) {
	for _, f := range formats {
		if !f.one {
			compare(t, "class."+f.name, written(t, f.name, recorded(t, "class")))
		}
		compare(t, "one."+f.name, written(t, f.name, recorded(t, "one")))
	}
	var b bytes.Buffer
	if err := Summary(&b, recorded(t, "class")); err != nil {
		t.Fatal(err)
	}
	compare(t, "class.summary", b.Bytes())
}

// kept is a report as batch.Run returns it: its results are in a journal, which is open until the test ends.
func kept(t *testing.T, r batch.Report) batch.Report {
	t.Helper()
	j, err := batch.Create(filepath.Join(t.TempDir(), "journal"), "id")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { j.Close() })
	results := make([]batch.Result, len(r.Results))
	for i, x := range r.Results {
		if results[i], err = j.Add(x); err != nil {
			t.Fatal(err)
		}
	}
	r.Results = results
	return r
}

// TestKept writes the reports as they are held in memory: nothing of a result may be missed.
func TestKept(t *testing.T) {
	for _, f := range formats {
		for _, name := range []string{"class", "one"} {
			r := recorded(t, name)
			if f.one && name == "class" {
				continue
			}
			if got, want := written(t, f.name, kept(t, r)), written(t, f.name, r); !bytes.Equal(got, want) {
				t.Errorf("%s of %s, in a journal:\n%s\nwant\n%s", f.name, name, got, want)
			}
		}
	}
	var held, plain bytes.Buffer
	if err := errors.Join(Summary(&held, kept(t, recorded(t, "class"))), Summary(&plain, recorded(t, "class"))); err != nil || held.String() != plain.String() {
		t.Errorf("%v, the summary of a report in a journal is\n%s\nwant\n%s", err, &held, &plain)
	}
}

// TestUnreadable: where the journal cannot be read any more, every form says so instead of writing less.
func TestUnreadable(t *testing.T) {
	for _, f := range formats {
		file := filepath.Join(t.TempDir(), "journal")
		j, err := batch.Create(file, "id")
		if err != nil {
			t.Fatal(err)
		}
		defer j.Close()
		r := recorded(t, "one")
		for i, x := range r.Results {
			if r.Results[i], err = j.Add(x); err != nil {
				t.Fatal(err)
			}
		}
		if err := os.Truncate(file, 200); err != nil {
			t.Fatal(err)
		}
		if err := Write(&bytes.Buffer{}, f.name, r, Options{Token: "FRESHTOKEN"}); err == nil || !strings.Contains(err.Error(), "journal") {
			t.Errorf("%s: %v", f.name, err)
		}
	}
}

// TestSeeker: the word that ends the quoted text is found wherever it is cut in two.
func TestSeeker(t *testing.T) {
	text := "before WORD after"
	for i := range len(text) {
		s := &seeker{word: []byte("WORD")}
		for _, part := range []string{text[:i], text[i : i+1], text[i+1:]} {
			s.Write([]byte(part))
		}
		other := &seeker{word: []byte("WORK")}
		other.Write([]byte(text[:i]))
		other.Write([]byte(text[i:]))
		if !s.found || other.found {
			t.Errorf("cut at %d: found %v, and what is not there %v", i, s.found, other.found)
		}
	}
}

func compare(t *testing.T, name string, got []byte) {
	t.Helper()
	file := filepath.Join("testdata", "golden", name)
	if *update {
		if err := os.MkdirAll(filepath.Dir(file), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, got, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s has changed (-update rewrites it):\n%s", file, got)
	}
}

// TestNames: a form that there is not, and a form of one submission for several.
func TestNames(t *testing.T) {
	if err := Write(&bytes.Buffer{}, "html", batch.Report{}, Options{}); err == nil {
		t.Error("html is a format")
	}
	for _, f := range formats {
		err := Write(&bytes.Buffer{}, f.name, recorded(t, "class"), Options{Token: "FRESHTOKEN"})
		if (err != nil) != f.one || Single(f.name) != f.one {
			t.Errorf("%s for several submissions: %v", f.name, err)
		}
		if err := Write(&bytes.Buffer{}, f.name, batch.Report{}, Options{Token: "FRESHTOKEN"}); err != nil {
			t.Errorf("%s of an empty report: %v", f.name, err)
		}
	}
}
