// Package readreport reads what the race detector writes.
package readreport

import (
	"errors"
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

// Parse returns the races reported in the output of a program, in their order. The rest of the output
// is ignored. It returns an error if a report is cut off or lacks one of its accesses.
func Parse(report string) ([]Race, error) {
	var races []Race
	var lines []string // of the report that is being read
	inside := false
	for line := range strings.Lines(report) {
		line = strings.TrimRight(line, "\r\n")
		switch {
		case line == "WARNING: DATA RACE":
			if inside {
				return races, errors.New("a report begins inside of another")
			}
			inside, lines = true, nil
		case inside && strings.HasPrefix(line, "======"):
			race, err := parseOne(lines)
			if err != nil {
				return races, err
			}
			races = append(races, race)
			inside = false
		case inside:
			lines = append(lines, line)
		}
	}
	if inside {
		return races, errors.New("the last report is cut off")
	}
	return races, nil
}

// block is a heading with its stack.
type block struct {
	heading string
	frames  []frame
}

// frame is two lines of a stack.
type frame struct {
	function, file string
	line           int
}

// parseOne reads the lines between "WARNING: DATA RACE" and the closing line.
func parseOne(lines []string) (Race, error) {
	blocks := split(lines)
	var accesses []Access
	for _, b := range blocks {
		if strings.Contains(b.heading, " by ") {
			a, err := b.access(blocks)
			if err != nil {
				return Race{}, err
			}
			accesses = append(accesses, a)
		}
	}
	if len(accesses) != 2 {
		return Race{}, errors.New("a report without two accesses")
	}
	return Race{Now: accesses[0], Previous: accesses[1]}, nil
}

// split cuts a report into its blocks. Only headings begin at the left margin, functions are indented
// by two blanks, and their places by six.
func split(lines []string) []block {
	var blocks []block
	for i, line := range lines {
		switch {
		case line == "":
		case line[0] != ' ':
			blocks = append(blocks, block{heading: line})
		case strings.HasPrefix(line, "      ") && i > 0 && len(blocks) > 0:
			b := &blocks[len(blocks)-1]
			b.frames = append(b.frames, newFrame(lines[i-1], line))
		}
	}
	return blocks
}

// newFrame reads a function and its place, which ends in " +0x33".
func newFrame(function, place string) frame {
	place = strings.TrimSpace(place)
	if i := strings.LastIndex(place, " +0x"); i >= 0 {
		place = place[:i]
	}
	// The last colon: a file on Windows has one of its own.
	colon := strings.LastIndexByte(place, ':')
	line, _ := strconv.Atoi(place[colon+1:])
	return frame{strings.TrimSuffix(strings.TrimSpace(function), "()"), place[:max(colon, 0)], line}
}

// access reads the block of an access. If all of its stack is in the Go runtime, as it is for atomic
// operations, where the goroutine was started says most.
func (b block) access(all []block) (Access, error) {
	what, who, _ := strings.Cut(strings.TrimSuffix(b.heading, ":"), " by ")
	// "Write at 0x…", "Previous write at 0x…"; old versions of Go leave the address out.
	kind := strings.TrimPrefix(strings.ToLower(what), "previous ")
	a := Access{Write: strings.HasPrefix(kind, "write")}
	frames := b.frames
	if number, ok := strings.CutPrefix(who, "goroutine "); ok {
		n, err := strconv.Atoi(number)
		if err != nil {
			return a, errors.New("an access by a goroutine without a number")
		}
		a.Goroutine = n
		frames = append(frames, created(all, number)...)
	} else {
		a.Goroutine = 1
	}
	for _, f := range frames {
		if !inRuntime(f.function) {
			a.Func, a.File, a.Line = f.function, f.file, f.line
			return a, nil
		}
	}
	return a, errors.New("an access without a place")
}

// created returns the stack at which a goroutine was started.
func created(all []block, number string) []frame {
	for _, b := range all {
		if strings.HasPrefix(b.heading, "Goroutine "+number+" ") {
			return b.frames
		}
	}
	return nil
}

// inRuntime reports whether a function belongs to the machinery, not to a program.
func inRuntime(function string) bool {
	for _, prefix := range []string{"runtime.", "runtime/", "internal/", "sync/atomic."} {
		if strings.HasPrefix(function, prefix) {
			return true
		}
	}
	return false
}
