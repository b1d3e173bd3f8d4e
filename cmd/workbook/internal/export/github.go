package export

import (
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
// printed, and with it what submissions say, the runner takes no commands.
func writeGitHub(w io.Writer, r batch.Report, o Options) error {
	var plain strings.Builder
	if err := writeText(&plain, r, o); err != nil {
		return err
	}
	for _, x := range r.Results {
		x = x.Full()
		if x.Verdict.Output != "" && !x.Verdict.Passed {
			fmt.Fprintf(&plain, "\n%s printed:\n%s\n", name(x), strings.TrimRight(x.Verdict.Output, "\n"))
		}
	}
	if o.Token == "" || strings.Contains(plain.String(), o.Token) {
		return fmt.Errorf("the word that ends the quoted text is not a fresh one")
	}
	var b strings.Builder
	shown, failed := 0, 0
	for _, x := range r.Results {
		x = x.Full()
		if x.Verdict.Passed {
			continue
		}
		if failed++; shown < maxAnnotations {
			b.WriteString(annotation(x))
			shown++
		}
	}
	fmt.Fprintf(&b, "::stop-commands::%s\n%s", o.Token, plain.String())
	if failed > shown {
		fmt.Fprintf(&b, "%d of %d are annotated: GitHub shows no more\n", shown, failed)
	}
	fmt.Fprintf(&b, "::%s::\n", o.Token)
	_, err := io.WriteString(w, b.String())
	return err
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
	var b strings.Builder
	fmt.Fprintf(&b, "### %s\n\n| submission | exercise | verdict | points | |\n|---|---|---|---|---|\n", markdown(total(r)))
	for i, x := range r.Results {
		x = x.Full()
		text := ""
		if len(x.Verdict.Findings) > 0 {
			f := x.Verdict.Findings[0]
			text = f.Message
			if file, line := place(x, f); file != "" {
				text = fmt.Sprintf("%s:%d: %s", file, line, text)
			}
		}
		row := fmt.Sprintf("| %s | %s | %s | %s/%s | %s |\n", markdown(x.Submission), markdown(x.Verdict.Exercise), x.Verdict.Class, number(x.Score), number(x.Points), markdown(cut(text, 500)))
		if b.Len()+len(row) > maxSummary {
			fmt.Fprintf(&b, "\n%d more results are in the log.\n", len(r.Results)-i)
			break
		}
		b.WriteString(row)
	}
	_, err := io.WriteString(w, b.String()+"\n")
	return err
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
