package export

import (
	"bytes"
	"errors"
	"flag"
	"os"
	"path/filepath"
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

// TestPacked writes the reports as they are held in memory: nothing of a result may be missed.
func TestPacked(t *testing.T) {
	for _, f := range formats {
		for _, name := range []string{"class", "one"} {
			r := recorded(t, name)
			if f.one && name == "class" {
				continue
			}
			if got, want := written(t, f.name, r.Packed()), written(t, f.name, r); !bytes.Equal(got, want) {
				t.Errorf("%s of %s, packed:\n%s\nwant\n%s", f.name, name, got, want)
			}
		}
	}
	var packed, plain bytes.Buffer
	if err := errors.Join(Summary(&packed, recorded(t, "class").Packed()), Summary(&plain, recorded(t, "class"))); err != nil || packed.String() != plain.String() {
		t.Errorf("%v, the summary of a packed report is\n%s\nwant\n%s", err, &packed, &plain)
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
