package cell

import (
	"context"
	"fmt"
	"time"

	"workbook/cmd/workbook/internal/course"
)

// Bounds of a sample: as many runs as begin within the time.
const (
	sampleRuns = 100
	sampleTime = 3 * time.Second
)

// Sample is Run for a reader who wants to see all that can happen: a cell whose output varies is run
// many times, and the result has a count of every outcome.
func (r *Runner) Sample(ctx context.Context, l *course.Lesson, c *course.Cell) (Result, error) {
	if !Varies(c) || c.Runs >= sampleRuns {
		return r.Run(ctx, l, c)
	}
	p, err := Assemble(l, c)
	if err != nil {
		return Result{}, err
	}
	b, err := r.build(ctx, p)
	if err != nil {
		return Result{}, fmt.Errorf("%s:%d: %w", c.File, c.Line, err)
	}
	defer b.remove()
	if b.binary == "" {
		return r.run(ctx, p) // it does not compile
	}
	var all []Result
	for start := time.Now(); len(all) < sampleRuns && (len(all) < max(1, c.Runs) || time.Since(start) < sampleTime); {
		res, err := r.execute(ctx, p, b, c.Procs)
		if err != nil {
			return Result{}, err
		}
		all = append(all, res)
		if stopped(res.Class) {
			break
		}
	}
	many := *c
	many.Runs = len(all)
	res := merge(&many, all)
	res.Elapsed = 0
	for _, one := range all {
		res.Elapsed += one.Elapsed
	}
	res.Badge = r.badge(&Program{Cell: &many}, b)
	return res, nil
}
