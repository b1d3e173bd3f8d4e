package batch

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"

	"workbook/cmd/workbook/internal/verdict"
)

// maxReport bounds a report that is read.
const maxReport = 1 << 30

// ReadReport reads a report's JSON form.
func ReadReport(r io.Reader) (Report, error) {
	text, err := io.ReadAll(io.LimitReader(r, maxReport+1))
	if err != nil {
		return Report{}, err
	}
	var report Report
	switch err := json.Unmarshal(text, &report); {
	case len(text) > maxReport:
		return Report{}, errors.New("it is larger than a report can be")
	case err != nil:
		return Report{}, fmt.Errorf("it is no report of `workbook grade --format json`: %w", err)
	case report.Schema != Schema || report.Course == "":
		return Report{}, fmt.Errorf("it is no report of schema %d", Schema)
	}
	return report, nil
}

// Merge returns the report that holds every result of the given ones once. Neither the order of the reports
// nor one that is given twice makes a difference. Where a submission was graded more than once with the
// same content, an answer stands before a failure of ours to give one. The error is for reports that say
// different things of what is not the same.
func Merge(reports ...Report) (Report, error) {
	if len(reports) == 0 {
		return Report{}, errors.New("there is no report to merge")
	}
	out := Report{Schema: Schema, Course: reports[0].Course, Tier: reports[0].Tier, Box: reports[0].Box}
	best := map[[2]string]Result{}
	for _, r := range reports {
		if r.Course != out.Course {
			return Report{}, errors.New("the reports were made with different exercises, or by different versions of the workbook")
		}
		if weaker(r, out) {
			out.Tier, out.Box = r.Tier, r.Box
		}
		out.Shards = append(out.Shards, r.Shards...)
		for _, x := range r.Results {
			key := [2]string{x.Submission, x.Verdict.Exercise}
			have, ok := best[key]
			if ok && have.Content != x.Content {
				return Report{}, fmt.Errorf("the reports hold different files of %s by %s: merge reports on one state of the submissions", x.Verdict.Exercise, x.Submission)
			}
			if !ok || better(x, have) {
				best[key] = x
			}
		}
	}
	out.Shards = shares(out.Shards, reports)
	out.Results = make([]Result, 0, len(best))
	for _, x := range best {
		out.Results = append(out.Results, x)
	}
	out.Results = sorted(out.Results)
	return out, nil
}

// shares is the list of shares of a merged report; where one report is about everything there are none.
func shares(shards []string, reports []Report) []string {
	if slices.ContainsFunc(reports, func(r Report) bool { return len(r.Shards) == 0 }) {
		return nil
	}
	slices.Sort(shards)
	return slices.Compact(shards)
}

// weaker reports whether less held the submissions of a than those of b.
func weaker(a, b Report) bool {
	return cmp.Or(cmp.Compare(a.Tier, b.Tier), cmp.Compare(a.Box, b.Box)) < 0
}

// better is a total order of results of one task: what we failed at comes last, then it is arbitrary, but
// the same for every order of the reports.
func better(a, b Result) bool {
	if fa, fb := a.Verdict.Class == verdict.Fault, b.Verdict.Class == verdict.Fault; fa != fb {
		return fb
	}
	ja, errA := json.Marshal(a)
	jb, errB := json.Marshal(b)
	return errA == nil && errB == nil && bytes.Compare(ja, jb) < 0
}
