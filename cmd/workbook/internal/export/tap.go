package export

import (
	"bufio"
	"encoding/json"
	"fmt"
	"strings"

	"workbook/cmd/workbook/internal/batch"
)

// tapText keeps a text from being read as TAP: one line, with the directive's sign and the escape escaped.
var tapText = strings.NewReplacer(`\`, `\\`, "#", `\#`, "\n", " ", "\r", " ", "\t", " ")

// writeTAP writes TAP 14. The plan comes first: a report that breaks off is not taken for a whole one.
func writeTAP(w *bufio.Writer, r batch.Report, _ Options) error {
	fmt.Fprintf(w, "TAP version 14\n1..%d\n", len(r.Results))
	return r.Each(func(i int, x batch.Result) error {
		fmt.Fprintf(w, "# Subtest: %s\n    1..%d\n", tapText.Replace(name(x)), len(x.Credits))
		for j, c := range x.Credits {
			fmt.Fprintf(w, "    %sok %d - %s", not(passed(c)), j+1, tapText.Replace(c.Test))
			if c.Class == "" {
				w.WriteString(" # SKIP not run")
			}
			w.WriteString("\n")
		}
		fmt.Fprintf(w, "%sok %d - %s\n", not(x.Verdict.Passed), i+1, tapText.Replace(name(x)))
		if x.Verdict.Passed {
			return nil
		}
		return diagnosis(w, x)
	})
}

func not(ok bool) string {
	if ok {
		return ""
	}
	return "not "
}

// diagnosis writes what is wrong as a block of YAML. Its strings are JSON's, which YAML reads too.
func diagnosis(b *bufio.Writer, x batch.Result) error {
	b.WriteString("  ---\n")
	line := func(key string, value any) error {
		text, err := json.Marshal(value)
		fmt.Fprintf(b, "  %s: %s\n", key, text)
		return err
	}
	pairs := []struct {
		key   string
		value any
	}{
		{"message", x.Verdict.Title}, {"severity", string(x.Verdict.Class)}, {"score", x.Score}, {"points", x.Points},
	}
	for _, p := range pairs {
		if err := line(p.key, p.value); err != nil {
			return err
		}
	}
	if len(x.Verdict.Findings) > 0 {
		f := x.Verdict.Findings[0]
		if file, at := place(x, f); file != "" {
			if err := line("at", map[string]any{"file": file, "line": at}); err != nil {
				return err
			}
		}
		if err := line("finding", f.Message); err != nil {
			return err
		}
	}
	b.WriteString("  ...\n")
	return nil
}
