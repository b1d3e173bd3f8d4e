package export

import (
	"bufio"
	"fmt"
	"strings"

	"workbook/cmd/workbook/internal/batch"
)

// writeText writes a report for people: a line for each result, what to mend below it, and a sum.
func writeText(w *bufio.Writer, r batch.Report, _ Options) error {
	err := r.Each(func(i int, x batch.Result) error {
		if i == 0 || r.Results[i-1].Submission != x.Submission {
			fmt.Fprintf(w, "%s\n", x.Submission)
		}
		fmt.Fprintf(w, "  %-13s %-16s %s/%s  %s\n", x.Verdict.Class, x.Verdict.Exercise, number(x.Score), number(x.Points), x.Verdict.Title)
		if len(x.Verdict.Findings) > 0 {
			fmt.Fprintf(w, "    %s\n", strings.ReplaceAll(told(x, x.Verdict.Findings[0]), "\n", "\n    "))
		}
		return nil
	})
	fmt.Fprintln(w, total(r))
	return err
}

// total is a report in one line.
func total(r batch.Report) string {
	score, points := batch.Sum(r.Results)
	text := fmt.Sprintf("%d of %d passed, %s of %s points; %d submissions", r.Passed(), len(r.Results), number(score), number(points), len(r.Submissions()))
	if len(r.Shards) > 0 {
		text += " of share " + strings.Join(r.Shards, ", ")
	}
	return text + "; graded in " + r.Box
}
