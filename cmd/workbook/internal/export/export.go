// Package export writes the report of a batch in the forms that other programs read.
//
// No form holds a text of the hidden tests, and none lets a submission's text be taken for the form's own:
// each escapes it by the rules of its reader.
package export

import (
	"bufio"
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"path"
	"slices"
	"strconv"
	"strings"

	"workbook/cmd/workbook/internal/batch"
	"workbook/cmd/workbook/internal/verdict"
)

// Options are what a form needs beside the report.
type Options struct {
	Version string // of the workbook
	Token   string // a fresh random word, with which GitHub's runner is told to take commands again
}

// format is one form of a report.
type format struct {
	name  string
	one   bool                                             // it holds one submission
	write func(*bufio.Writer, batch.Report, Options) error // one result at a time: a class is larger than its grader
}

// formats are all of them, in the order of help.
var formats = []format{
	{"text", false, writeText},
	{"json", false, writeJSON},
	{"junit", false, writeJUnit},
	{"github", false, writeGitHub},
	{"sarif", false, writeSARIF},
	{"tap", false, writeTAP},
	{"gradescope", true, writeGradescope},
	{"exercism", true, writeExercism},
	{"classroom", true, writeClassroom},
}

// Names lists the forms.
func Names() []string {
	var names []string
	for _, f := range formats {
		names = append(names, f.name)
	}
	return names
}

// Single reports whether a form holds one submission alone.
func Single(name string) bool {
	return slices.ContainsFunc(formats, func(f format) bool { return f.name == name && f.one })
}

// Write writes a report in a form. Where the error is not nil, a part of it may have been written.
func Write(w io.Writer, name string, r batch.Report, o Options) error {
	for _, f := range formats {
		if f.name != name {
			continue
		}
		if n := len(r.Submissions()); f.one && n > 1 {
			return fmt.Errorf("the format %s holds one submission, and the report has %d", name, n)
		}
		b := bufio.NewWriter(w)
		err := f.write(b, r, o)
		if err == nil {
			err = b.Flush() // which tells of every failed write before
		}
		if err != nil {
			return fmt.Errorf("writing the report as %s: %w", name, err)
		}
		return nil
	}
	return fmt.Errorf("there is no format %q: the formats are %s", name, strings.Join(Names(), ", "))
}

func writeJSON(w *bufio.Writer, r batch.Report, _ Options) error {
	head := r
	head.Results = []batch.Result{}
	return listed(w, head, func(add func(any) error) error {
		return r.Each(func(_ int, x batch.Result) error { return add(x) })
	})
}

// listed writes a value as indented does, with the last list in its JSON form, which must be an empty one,
// filled by what items adds.
func listed(w *bufio.Writer, head any, items func(add func(any) error) error) error {
	var text bytes.Buffer
	if err := indented(&text, head); err != nil {
		return err
	}
	at := bytes.LastIndex(text.Bytes(), []byte("[]")) + 1
	before, after := text.Bytes()[:at], text.Bytes()[at:]
	line := before[bytes.LastIndexByte(before, '\n')+1:]
	margin := "\n" + string(line[:len(line)-len(bytes.TrimLeft(line, " "))])
	w.Write(before)
	separator, end := "", ""
	var item bytes.Buffer
	err := items(func(x any) error {
		item.Reset()
		if err := indented(&item, x); err != nil {
			return err
		}
		w.WriteString(separator + margin + "  ")
		w.WriteString(strings.ReplaceAll(strings.TrimSuffix(item.String(), "\n"), "\n", margin+"  "))
		separator, end = ",", margin
		return nil
	})
	w.WriteString(end)
	w.Write(after)
	return err
}

func indented(w io.Writer, what any) error {
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false)
	return e.Encode(what)
}

// name is what a result is called: "alice: counter".
func name(x batch.Result) string { return x.Submission + ": " + x.Verdict.Exercise }

// place returns where a finding lies in the file that was handed in; "" and 0 where it lies nowhere.
func place(x batch.Result, f verdict.Finding) (file string, line int) {
	if len(f.At) == 0 {
		return "", 0
	}
	return located(x, f.At[0]), f.At[0].Line
}

// located is the name that a file was handed in under.
func located(x batch.Result, p verdict.Place) string {
	if x.File != "" && path.Base(p.File) == x.Verdict.Exercise+".go" {
		return x.File
	}
	return p.File
}

// told is a finding as people read it: where, what, and what to do next.
func told(x batch.Result, f verdict.Finding) string {
	text := f.Message
	if file, line := place(x, f); file != "" {
		text = fmt.Sprintf("%s:%d: %s", file, line, text)
	}
	if f.Hint != "" {
		text += "\nnext: " + f.Hint
	}
	return text
}

// all is every finding of a result, and its title.
func all(x batch.Result) string {
	lines := []string{x.Verdict.Title}
	for _, f := range x.Verdict.Findings {
		lines = append(lines, told(x, f))
	}
	return strings.Join(lines, "\n")
}

// findings are what a result says of one hidden test; of a test that nothing is said of, what is wrong with
// the submission as a whole.
func findings(x batch.Result, test string) []verdict.Finding {
	var own, general []verdict.Finding
	for _, f := range x.Verdict.Findings {
		switch f.Test {
		case test:
			own = append(own, f)
		case "":
			general = append(general, f)
		}
	}
	if len(own) == 0 {
		return general
	}
	return own
}

// about says what became of a hidden test that brought no points.
func about(x batch.Result, c batch.Credit) string {
	var lines []string
	for _, f := range findings(x, c.Test) {
		lines = append(lines, told(x, f))
	}
	switch {
	case c.Class == "":
		return strings.Join(append([]string{"not run: " + x.Verdict.Title}, lines...), "\n")
	case len(lines) == 0:
		return string(cmp.Or(c.Class, x.Verdict.Class)) + ": " + x.Verdict.Title
	}
	return strings.Join(lines, "\n")
}

// passed reports whether a credit was earned.
func passed(c batch.Credit) bool { return c.Class == verdict.Pass && c.Score == c.Points }

// number writes points: "1", "0.5".
func number(x float64) string { return strconv.FormatFloat(x, 'f', -1, 64) }

// ran reports whether any hidden test of a result was run.
func ran(x batch.Result) bool {
	return slices.ContainsFunc(x.Credits, func(c batch.Credit) bool { return c.Class != "" })
}

// cut shortens a text to a number of bytes, between two characters.
func cut(s string, limit int) string {
	if len(s) <= limit {
		return s
	}
	return strings.ToValidUTF8(s[:limit-len("…")], "") + "…"
}
