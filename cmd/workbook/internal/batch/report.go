// Package batch grades the submissions of a class.
//
// It finds them in folders and archives, grades each once, keeps every answer in a journal before it goes
// on, and puts the answers into one report. Reports of several machines merge into the one that a single
// machine would have made.
package batch

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"math"
	"slices"

	"workbook/cmd/workbook/internal/course"
	"workbook/cmd/workbook/internal/verdict"
)

// Schema is the version of the report's JSON form. A field may be added without a new version; a field's
// meaning may not change and none may go.
const Schema = 1

// Report is what a batch has found out. The results of one that Run returns are in its journal, which is open
// as long as they are read; see Each.
type Report struct {
	Schema  int      `json:"schema"`
	Course  string   `json:"course"` // what it was graded with: equal only for equal exercises, tests and grader
	Tier    int      `json:"tier"`   // what held the submissions: 0 nothing, see `workbook doctor`
	Box     string   `json:"box"`    // the same in words
	Shards  []string `json:"shards,omitempty"`
	Results []Result `json:"results"` // by submission, then by the exercises' order in the course; see Each
}

// Result is the answer to one exercise of one submission.
type Result struct {
	Submission string          `json:"submission"`
	Number     int             `json:"number"`         // the exercise's place in the course, from 1
	File       string          `json:"file,omitempty"` // where it was found
	Content    string          `json:"content"`        // equal for equal files of equal exercises
	Points     float64         `json:"points"`         // to be had
	Score      float64         `json:"score"`          // of them, earned
	Credits    []Credit        `json:"credits"`        // a hidden test each, in the order of their file
	Verdict    verdict.Verdict `json:"verdict"`

	kept kept // where all of it is, where only what is above Credits, and of the verdict what thin says, is here
}

// Credit is what one hidden test brought.
type Credit struct {
	Test   string        `json:"test"`
	Class  verdict.Class `json:"class,omitempty"` // "" where the test was not run
	MS     int64         `json:"ms,omitempty"`
	Points float64       `json:"points"`
	Score  float64       `json:"score"`
}

// Identity returns what a report or a journal was made with: the exercises with their hidden tests and
// points, and whatever else of the grader decides about verdicts.
func Identity(exercises []*course.Exercise, grader ...string) string {
	h := sha256.New()
	fmt.Fprintf(h, "%d %q\n", Schema, grader)
	for _, ex := range exercises {
		fmt.Fprintf(h, "%q %q %v %v\n", ex.File, ex.Names, ex.Points.Total, ex.Points.Weights)
		writeAll(h, ex.Tests, ex.Solution)
	}
	return hex.EncodeToString(h.Sum(nil))[:24]
}

func writeAll(w io.Writer, texts ...[]byte) {
	for _, text := range texts {
		fmt.Fprintf(w, "%d\n", len(text))
		w.Write(text)
	}
}

// content identifies a file of an exercise.
func content(ex *course.Exercise, text []byte) string {
	h := sha256.New()
	fmt.Fprintf(h, "%q\n", ex.File)
	writeAll(h, text)
	return hex.EncodeToString(h.Sum(nil)[:12])
}

// worthless are the classes that earn nothing: no test has run, or none can be believed.
var worthless = []verdict.Class{verdict.Build, verdict.Policy, verdict.Tampered, verdict.Fault}

// result puts a verdict into a report's form: cleaned of what could harm a reader, with its points.
func result(t *Task, key string, v verdict.Verdict) Result {
	r := Result{Submission: t.Submission, Number: t.Number, File: cleanLine(t.File.Name), Content: key, Points: t.Exercise.Worth(), Verdict: clean(v)}
	var all, earned float64
	for _, name := range t.Exercise.Names {
		all += t.Exercise.Weight(name)
	}
	for _, name := range t.Exercise.Names {
		c := Credit{Test: name, Points: cents(r.Points * t.Exercise.Weight(name) / all)}
		if i := slices.IndexFunc(v.Tests, func(test verdict.Test) bool { return test.Name == name }); i >= 0 {
			c.Class, c.MS = v.Tests[i].Class, v.Tests[i].MS
		}
		if c.Class == verdict.Pass && !slices.Contains(worthless, v.Class) {
			c.Score = c.Points
			earned += t.Exercise.Weight(name)
		}
		r.Credits = append(r.Credits, c)
	}
	switch {
	case v.Passed:
		r.Score = r.Points
	case all > 0:
		r.Score = cents(r.Points * earned / all)
	}
	return r
}

// cents rounds to what is exact enough to be added up.
func cents(x float64) float64 { return math.Round(x*10000) / 10000 }

// Sum adds up the points of results.
func Sum(results []Result) (score, points float64) {
	for _, r := range results {
		score += r.Score
		points += r.Points
	}
	return cents(score), cents(points)
}

// Passed counts the results that pass.
func (r Report) Passed() int {
	n := 0
	for _, x := range r.Results {
		if x.Verdict.Passed {
			n++
		}
	}
	return n
}

// Each calls f with every result in the report's order, with all that is known of it. It ends with f's first
// error, or where a result cannot be read.
func (r Report) Each(f func(i int, x Result) error) error {
	for i, x := range r.Results {
		x, err := x.Full()
		if err == nil {
			err = f(i, x)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// Submissions returns the results of each submission, in the order of their names.
func (r Report) Submissions() [][]Result {
	var all [][]Result
	for i, x := range r.Results {
		if i == 0 || r.Results[i-1].Submission != x.Submission {
			all = append(all, nil)
		}
		all[len(all)-1] = append(all[len(all)-1], x)
	}
	return all
}

// sorted brings results into the order of a report.
func sorted(results []Result) []Result {
	slices.SortStableFunc(results, func(a, b Result) int {
		return cmp.Or(cmp.Compare(a.Submission, b.Submission), cmp.Compare(a.Number, b.Number), cmp.Compare(a.Verdict.Exercise, b.Verdict.Exercise))
	})
	return results
}
