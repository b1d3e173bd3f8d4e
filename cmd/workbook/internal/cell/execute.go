package cell

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"workbook/cmd/workbook/internal/course"
)

const defaultLimit = 10 * time.Second

func limitOf(c *course.Cell) time.Duration {
	if c.Limit > 0 {
		return c.Limit
	}
	return defaultLimit
}

// execute runs a binary once, in an empty folder of its own.
func (r *Runner) execute(ctx context.Context, p *Program, b *built, procs int) (Result, error) {
	dir, err := os.MkdirTemp("", "workbook-run-")
	if err != nil {
		return Result{}, fmt.Errorf("making a folder to run in: %w", err)
	}
	defer os.RemoveAll(dir)
	var args []string
	if p.Cell.Engine == course.EngineBubble {
		args = []string{"-test.run=^TestCell__$", "-test.timeout=0"}
	}
	cmd := exec.Command(b.binary, args...)
	cmd.Dir, cmd.Env = dir, r.cellEnv(dir, procs)
	e, err := (&process{cmd: cmd, limit: limitOf(p.Cell)}).wait(ctx)
	if err != nil {
		return Result{}, err
	}
	res := Result{Output: text(e.stdout), Stderr: b.stripRoot(text(e.stderr)), Exit: e.exit, Elapsed: e.elapsed, Note: e.note}
	if p.Cell.Engine == course.EngineBubble {
		res.Output, res.Stderr = unwrap(res.Output), unwrap(res.Stderr)
	}
	res.Class = classify(e, res)
	if res.Class == ClassRace {
		res.Raw = res.Stderr
		res.Stderr = fold(p, res.Raw)
	}
	return res, nil
}

func text(c *capped) string { return strings.ReplaceAll(c.String(), "\r\n", "\n") }

// stripRoot shortens the paths of the standard library's files in stack traces to what -trimpath
// would make of them.
func (b *built) stripRoot(s string) string {
	return strings.ReplaceAll(strings.ReplaceAll(s, filepath.ToSlash(b.root)+"/src/", ""), b.root+"/src/", "")
}

var (
	testLine  = regexp.MustCompile(`(?m)^\s*--- (FAIL|PASS): TestCell__ .*\n`)
	repanic   = regexp.MustCompile(`(?m) \[recovered(, repanicked)?\]$`)
	fatalLine = regexp.MustCompile(`(?m)^fatal error: `)
	panicLine = regexp.MustCompile(`(?m)^panic: `)
	raceLine  = regexp.MustCompile(`(?m)^WARNING: DATA RACE$`)
	memLine   = regexp.MustCompile(`(?m)^fatal error: (runtime: )?(out of memory|cannot allocate memory)`)
)

// unwrap takes away what package testing adds around a program in a bubble.
func unwrap(s string) string {
	s = testLine.ReplaceAllString(s, "")
	return repanic.ReplaceAllString(s, "")
}

// classify says how a run ended. A program's words count only with the exit status that the runtime
// gives to them.
func classify(e ended, r Result) string {
	const runtimeExit, raceExit = 2, 66
	switch {
	case e.class != "":
		return e.class
	case r.Exit == raceExit && raceLine.MatchString(r.Stderr):
		return ClassRace
	case r.Exit == 0:
		return ClassOK
	case r.Exit < 0:
		return ClassFatal
	case r.Exit == runtimeExit:
		if c := runtimeClass(r.Stderr + "\n" + r.Output); c != "" {
			return c
		}
	}
	return fmt.Sprintf("exit:%d", r.Exit)
}

// runtimeClass reads what the Go runtime says before it exits with status 2.
func runtimeClass(s string) string {
	switch {
	case strings.Contains(s, "fatal error: all goroutines are asleep - deadlock!"),
		strings.Contains(s, "fatal error: no goroutines (main called runtime.Goexit) - deadlock!"),
		strings.Contains(s, "panic: deadlock: "):
		return ClassDeadlock
	case raceLine.MatchString(s):
		return ClassRace
	case memLine.MatchString(s):
		return ClassMemory
	case fatalLine.MatchString(s):
		return ClassFatal
	case panicLine.MatchString(s):
		return ClassPanic
	}
	return ""
}

// histogram counts the different results of several runs, the most frequent first.
func histogram(all []Result) []Outcome {
	var list []Outcome
	for _, r := range all {
		text := normalise(r.Text())
		i := slices.IndexFunc(list, func(o Outcome) bool { return o.Class == r.Class && o.Text == text })
		if i < 0 {
			list = append(list, Outcome{Class: r.Class, Text: text})
			i = len(list) - 1
		}
		list[i].Count++
	}
	sortOutcomes(list)
	return list
}

func sortOutcomes(list []Outcome) {
	slices.SortStableFunc(list, func(a, b Outcome) int {
		if a.Count != b.Count {
			return b.Count - a.Count
		}
		return strings.Compare(a.Text, b.Text)
	})
}
