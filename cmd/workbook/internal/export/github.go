package export

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"

	"workbook/cmd/workbook/internal/batch"
)

// maxAnnotations is how many errors GitHub shows of one step.
const maxAnnotations = 10

var (
	commandText     = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A")
	commandProperty = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C")
)

// writeGitHub writes annotations for a step of a workflow, then the report for people. While that is
// printed, and with it what submissions say, the runner takes no commands. The report is written twice, first
// to see that nobody in it knows the word.
func writeGitHub(w *bufio.Writer, r batch.Report, o Options) error {
	s := &seeker{word: []byte(o.Token)}
	b := bufio.NewWriter(s)
	if err := errors.Join(writePlain(b, r, o), b.Flush()); err != nil {
		return err
	}
	if o.Token == "" || s.found {
		return fmt.Errorf("the word that ends the quoted text is not a fresh one")
	}
	shown := 0
	for _, x := range r.Results {
		if x.Verdict.Passed || shown == maxAnnotations {
			continue
		}
		x, err := x.Full()
		if err != nil {
			return err
		}
		w.WriteString(annotation(x))
		shown++
	}
	fmt.Fprintf(w, "::stop-commands::%s\n", o.Token)
	err := writePlain(w, r, o)
	if failed := len(r.Results) - r.Passed(); failed > shown {
		fmt.Fprintf(w, "%d of %d are annotated: GitHub shows no more\n", shown, failed)
	}
	fmt.Fprintf(w, "::%s::\n", o.Token)
	return err
}

// writePlain writes the report for people and what those that do not pass have printed.
func writePlain(w *bufio.Writer, r batch.Report, o Options) error {
	if err := writeText(w, r, o); err != nil {
		return err
	}
	return r.Each(func(_ int, x batch.Result) error {
		if x.Verdict.Output != "" && !x.Verdict.Passed {
			fmt.Fprintf(w, "\n%s printed:\n%s\n", name(x), strings.TrimRight(x.Verdict.Output, "\n"))
		}
		return nil
	})
}

// seeker keeps nothing of what is written to it but whether a word was in it.
type seeker struct {
	word  []byte
	tail  []byte // of what was written: the word may be written in two parts
	found bool
}

func (s *seeker) Write(p []byte) (int, error) {
	s.tail = append(s.tail, p...)
	s.found = s.found || bytes.Contains(s.tail, s.word)
	s.tail = append(s.tail[:0], s.tail[max(0, len(s.tail)-len(s.word)):]...)
	return len(p), nil
}

// annotation is a result's first finding as a workflow command.
func annotation(x batch.Result) string {
	title := fmt.Sprintf("%s: %s", name(x), x.Verdict.Class)
	text, where := x.Verdict.Title, ""
	if len(x.Verdict.Findings) > 0 {
		f := x.Verdict.Findings[0]
		text = f.Message
		if f.Hint != "" {
			text += "\nnext: " + f.Hint
		}
		if file, line := place(x, f); file != "" {
			where = fmt.Sprintf("file=%s,line=%d,endLine=%d,", commandProperty.Replace(file), line, line)
		}
	}
	return fmt.Sprintf("::error %stitle=%s::%s\n", where, commandProperty.Replace(title), commandText.Replace(cut(text, 4<<10)))
}

// maxSummary is GitHub's limit on the summary of one step, with room for the line that says so.
const maxSummary = 1<<20 - 1<<10

// Summary writes a report as Markdown, for the summary of a job.
func Summary(w io.Writer, r batch.Report) error {
	b := bufio.NewWriter(w)
	written, _ := fmt.Fprintf(b, "### %s\n\n| submission | exercise | verdict | points | |\n|---|---|---|---|---|\n", markdown(total(r)))
	for i, x := range r.Results {
		x, err := x.Full()
		if err != nil {
			return err
		}
		text := ""
		if len(x.Verdict.Findings) > 0 {
			f := x.Verdict.Findings[0]
			text = f.Message
			if file, line := place(x, f); file != "" {
				text = fmt.Sprintf("%s:%d: %s", file, line, text)
			}
		}
		row := fmt.Sprintf("| %s | %s | %s | %s/%s | %s |\n", markdown(x.Submission), markdown(x.Verdict.Exercise), x.Verdict.Class, number(x.Score), number(x.Points), markdown(cut(text, 500)))
		if written += len(row); written > maxSummary {
			fmt.Fprintf(b, "\n%d more results are in the log.\n", len(r.Results)-i)
			break
		}
		b.WriteString(row)
	}
	b.WriteString("\n")
	return b.Flush()
}

// markdown keeps a text from being read as Markdown or as HTML, in a cell of a table.
func markdown(s string) string {
	var b strings.Builder
	for _, r := range s {
		switch {
		case r == '\n' || r == '\r':
			b.WriteString("<br>")
		case r == '<':
			b.WriteString("&lt;")
		case r == '&':
			b.WriteString("&amp;")
		case r == '@':
			b.WriteString("&#64;") // nobody is told of it
		case strings.ContainsRune("\\`*_{}[]()#+-!|>~", r):
			b.WriteByte('\\')
			b.WriteRune(r)
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}
