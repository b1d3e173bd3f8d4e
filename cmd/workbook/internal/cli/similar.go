package cli

import (
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"workbook/cmd/workbook/internal/batch"
	"workbook/cmd/workbook/internal/course"
	"workbook/cmd/workbook/internal/render"
	"workbook/cmd/workbook/internal/similar"
)

// likeness is the flags of `workbook similar`.
type likeness struct {
	exercises   []string
	csv, asJSON bool
	least       float64
}

func (a *app) similarCommand() *cobra.Command {
	l := &likeness{}
	cmd := &cobra.Command{
		Use:   "similar PATH...",
		Short: "Show which submissions look alike",
		Long: `Show pairs of submissions that have passages in common, the most similar first, with the lines to look at.
Names, literals, comments and layout count for nothing; neither does what is in the starter, or in more than
` + strconv.Itoa(similar.Common) + ` submissions. Each PATH is what workbook grade takes.

This is where to look, and never a verdict: short exercises have few good answers, and people who never
met find the same one.

Exit code: 0 whatever is found, 2 wrong usage.`,
		Args: cobra.MinimumNArgs(1),
		RunE: func(_ *cobra.Command, args []string) error { return a.similar(args, l) },
	}
	flags := cmd.Flags()
	flags.StringSliceVar(&l.exercises, "exercises", nil, "compare these exercises only")
	flags.BoolVar(&l.csv, "csv", false, "comma-separated values, a pair each, with the columns of Dolos's pairs.csv first")
	flags.BoolVar(&l.asJSON, "json", false, "one JSON object a line, a pair each")
	flags.Float64Var(&l.least, "least", 0.5, "leave pairs out that are less similar, from 0 to 1")
	return cmd
}

// alike is a pair of submissions of an exercise.
type alike struct {
	exercise string
	similar.Pair
	files map[string]string // by submission
}

func (a *app) similar(paths []string, l *likeness) error {
	c, err := a.loadCourse()
	if err != nil {
		return err
	}
	if l.csv && l.asJSON {
		return usage(errors.New("--csv and --json exclude each other"))
	}
	for _, name := range l.exercises {
		if c.Exercise(name) == nil {
			return unknown(c, "exercise", name)
		}
	}
	tasks, _, err := a.handedIn(c, paths, &grading{jobs: 1})
	if err != nil {
		return err
	}
	var pairs []alike
	for _, ex := range c.Exercises() {
		if len(l.exercises) == 0 || slices.Contains(l.exercises, ex.Name) {
			pairs = append(pairs, likePairs(ex, tasks, l.least)...)
		}
	}
	switch {
	case l.csv:
		err = a.writePairsCSV(pairs)
	case l.asJSON:
		err = a.writePairsJSON(pairs)
	default:
		a.writePairs(pairs)
	}
	if err != nil {
		return ours(fmt.Errorf("writing the pairs: %w", err))
	}
	return nil
}

// likePairs compares the submissions of one exercise.
func likePairs(ex *course.Exercise, tasks []batch.Task, least float64) []alike {
	var sources []similar.Source
	files := map[string]string{}
	for _, t := range tasks {
		if t.Exercise != ex {
			continue
		}
		if text, ok := t.Text(); ok {
			sources = append(sources, similar.Source{Name: t.Submission, Text: text})
			files[t.Submission] = t.File.Name
		}
	}
	var pairs []alike
	for _, p := range similar.Compare(sources, ex.Starter) {
		if p.Score >= least {
			pairs = append(pairs, alike{ex.Name, p, files})
		}
	}
	return pairs
}

// writePairs shows pairs to people.
func (a *app) writePairs(pairs []alike) {
	for _, p := range pairs {
		fmt.Fprintf(a.Stdout, "%s: %s and %s: %.0f %% of their own code is alike\n", p.exercise, p.A, p.B, 100*p.Score)
		for _, m := range p.Matches {
			fmt.Fprintf(a.Stdout, "  %s:%s ~ %s:%s, %d words\n", plainName(p.files[p.A]), lineRange(m.A), plainName(p.files[p.B]), lineRange(m.B), m.Tokens)
		}
	}
	if len(pairs) == 0 {
		fmt.Fprintln(a.Stdout, "no two submissions look alike")
		return
	}
	fmt.Fprintf(a.Stdout, "%d pairs to look at. Likeness says nothing about how it came to be.\n", len(pairs))
}

// plainName is a file's name on one line, in which nothing acts on a terminal.
func plainName(file string) string { return strings.ReplaceAll(render.Clean(file), "\n", `\n`) }

func lineRange(l similar.Lines) string { return fmt.Sprintf("%d-%d", l.From, l.To) }

// writePairsCSV writes pairs for a spreadsheet, and for Dolos's viewer.
func (a *app) writePairsCSV(pairs []alike) error {
	w := csv.NewWriter(a.Stdout)
	rows := [][]string{{"id", "leftFileId", "leftFilePath", "rightFileId", "rightFilePath", "similarity", "totalOverlap", "longestFragment", "leftCovered", "rightCovered", "exercise", "left", "right", "lines"}}
	ids := map[string]int{}
	id := func(file string) string {
		if _, ok := ids[file]; !ok {
			ids[file] = len(ids) + 1
		}
		return strconv.Itoa(ids[file])
	}
	share := func(x float64) string { return strconv.FormatFloat(x, 'f', 4, 64) }
	for i, p := range pairs {
		var places []string
		for _, m := range p.Matches {
			places = append(places, lineRange(m.A)+"~"+lineRange(m.B))
		}
		left, right := p.files[p.A], p.files[p.B]
		rows = append(rows, []string{
			strconv.Itoa(i + 1), id(left), harmless(left), id(right), harmless(right), share(p.Score), strconv.Itoa(p.Tokens), strconv.Itoa(p.Longest),
			share(p.CoverA), share(p.CoverB), p.exercise, harmless(p.A), harmless(p.B), strings.Join(places, " "),
		})
	}
	return w.WriteAll(rows)
}

// harmless keeps a spreadsheet from taking a name for a formula.
func harmless(text string) string {
	if strings.ContainsAny(text[:min(1, len(text))], "=+-@\t\r") {
		return "'" + text
	}
	return text
}

func (a *app) writePairsJSON(pairs []alike) error {
	type passage struct {
		A      [2]int `json:"a"`
		B      [2]int `json:"b"`
		Tokens int    `json:"tokens"`
	}
	e := json.NewEncoder(a.Stdout)
	for _, p := range pairs {
		matches := []passage{}
		for _, m := range p.Matches {
			matches = append(matches, passage{[2]int{m.A.From, m.A.To}, [2]int{m.B.From, m.B.To}, m.Tokens})
		}
		err := e.Encode(map[string]any{
			"schema": 1, "exercise": p.exercise, "a": p.A, "b": p.B, "a_file": p.files[p.A], "b_file": p.files[p.B], "score": p.Score, "matches": matches,
		})
		if err != nil {
			return err
		}
	}
	return nil
}
