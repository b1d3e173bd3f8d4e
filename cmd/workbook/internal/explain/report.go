package explain

import (
	"regexp"
	"strconv"
	"strings"
)

// report is one "WARNING: DATA RACE" block.
//
// The detector's library can also print where memory was allocated, which global variable it is and
// which mutexes were held; Go's never does, so the variable has to be found in the source.
type report struct {
	sides  []side        // the two accesses, the later one first; fewer where the text is cut off
	births map[int]birth // by goroutine number
}

// side is one of the accesses of a race.
type side struct {
	write     bool
	goroutine int // mainGoroutine for the main goroutine
	stack     []frame
	lost      bool // the detector no longer knew the stack
}

// birth says where a goroutine was started.
type birth struct {
	finished bool
	stack    []frame
}

const mainGoroutine = 0

var (
	accessLine = regexp.MustCompile(`(?i)^(?:previous )?(?:atomic )?(read|write) (?:of size \d+ )?at 0x[0-9a-f]+ by (main goroutine|goroutine (\d+))`)
	birthLine  = regexp.MustCompile(`^Goroutine (\d+) \((running|finished)\) created at:`)
)

const (
	raceTitle = "WARNING: DATA RACE"
	raceFence = "=================="
)

// parseReports reads every race report in text. It takes what it can from a report that is cut off
// or has other output in it, and leaves out one without any access.
func parseReports(text string) []report {
	var all []report
	lines := splitLines(text)
	for i := 0; i < len(lines); i++ {
		if !strings.Contains(lines[i], raceTitle) {
			continue
		}
		end := i + 1
		for end < len(lines) && lines[end] != raceFence && !strings.Contains(lines[end], raceTitle) {
			end++
		}
		if r := parseReport(lines[i+1 : end]); len(r.sides) > 0 {
			all = append(all, r)
		}
		i = end - 1
	}
	return all
}

func parseReport(lines []string) report {
	r := report{births: map[int]birth{}}
	for i := 0; i < len(lines); i++ {
		if m := accessLine.FindStringSubmatch(lines[i]); m != nil && len(r.sides) < 2 {
			s := side{write: strings.EqualFold(m[1], "write"), goroutine: number(m[3])}
			s.lost = i+1 < len(lines) && strings.Contains(lines[i+1], "failed to restore the stack")
			s.stack, _ = parseStack(lines[i+1:])
			r.sides = append(r.sides, s)
		}
		if m := birthLine.FindStringSubmatch(lines[i]); m != nil {
			stack, _ := parseStack(lines[i+1:])
			r.births[number(m[1])] = birth{finished: m[2] == "finished", stack: stack}
		}
	}
	return r
}

// number is s as a number, 0 where it is none.
func number(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil {
		return 0
	}
	return n
}
