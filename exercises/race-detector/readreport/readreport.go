// Package readreport reads what the race detector writes.
package readreport

import (
	"strconv"
	"strings"
)

// Access is one of the two accesses of a data race.
type Access struct {
	Write     bool
	Func      string // as in the report, without the () at the end
	File      string
	Line      int
	Goroutine int // 1 for the main goroutine
}

// Race is a data race: two accesses that nothing orders.
type Race struct {
	Now      Access // the access at which the race was found, first in the report
	Previous Access // the earlier access
}

// TODO: Parse reads one report of the many, trusts the first frame, and is never in doubt.

// Parse returns the races reported in the output of a program, in their order. The rest of the output
// is ignored. It returns an error if a report is cut off or lacks one of its accesses.
func Parse(report string) ([]Race, error) {
	_, report, found := strings.Cut(report, "WARNING: DATA RACE\n")
	if !found {
		return nil, nil
	}
	blocks := strings.Split(report, "\n\n")
	return []Race{{Now: access(blocks[0]), Previous: access(blocks[1])}}, nil
}

// access reads a block such as
//
//	Write at 0x00c000018258 by goroutine 9:
//	  main.work()
//	      /home/learner/main.go:12 +0x33
func access(block string) Access {
	lines := strings.Split(block, "\n")
	fields := strings.Fields(lines[0])
	goroutine, _ := strconv.Atoi(strings.TrimSuffix(fields[len(fields)-1], ":"))
	place := strings.Fields(lines[2])[0]
	file, line, _ := strings.Cut(place, ":")
	n, _ := strconv.Atoi(line)
	return Access{
		Write:     fields[0] == "Write",
		Func:      strings.TrimSuffix(strings.TrimSpace(lines[1]), "()"),
		File:      file,
		Line:      n,
		Goroutine: goroutine,
	}
}
