package verdict

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"workbook/cmd/workbook/internal/run"
)

// races returns one finding for each data race of a record. The detector often reports one race
// several times; a race is known by the two lines of the submission that it is about.
func races(r run.Record) []Finding {
	var found []Finding
	for _, report := range Reports(r.RaceText) {
		f := Finding{
			Class: Race, Test: r.Test, Raw: report, At: learnerLines(Race, report),
			Message: "data race: two goroutines use the same memory at the same time, at least one of them to write, and nothing orders them",
		}
		if !slices.ContainsFunc(found, f.repeats) {
			found = append(found, f)
		}
	}
	if len(found) == 0 && r.Races == 0 && r.Exit == raceStatus && starved.MatchString(r.RaceText+r.Output) {
		return []Finding{{Class: Panic, Test: r.Test, Message: "your program used more memory than a test may have, and was ended while " + r.Test + " ran"}}
	}
	if len(found) == 0 && (r.Races > 0 || r.Exit == raceStatus) {
		found = append(found, Finding{Class: Race, Test: r.Test, Message: "data race: the race detector counted one, though its report is lost"})
	}
	return found
}

// starved is what the race detector prints when it gets no more memory. It ends the program with the
// status by which it also tells of races.
var starved = regexp.MustCompile(`ThreadSanitizer:? (failed to |.*out of memory|.*can't allocate)`)

const raceBar = "=================="

// Reports splits what the race detector wrote into its reports.
func Reports(text string) []string {
	var all []string
	for part := range strings.SplitSeq(text, raceBar) {
		if i := strings.Index(part, "WARNING: DATA RACE"); i >= 0 {
			all = append(all, strings.TrimSpace(part[i:])+"\n")
		}
	}
	return all
}

// section begins a stack in a report or dump; its first group tells the role of the line found in it.
var section = regexp.MustCompile(`(?m)^(?:(Write|Read|Previous write|Previous read|Atomic write|Previous atomic write) at .*|Goroutine \d+ \(.*\) (created) at:|goroutine \d+ .*\[(.*)\]:)$`)

// frame is the line of a stack frame that names a place in the workspace.
var frame = regexp.MustCompile(`(?m)^\s+(exercises/\S+?\.go):(\d+)`)

// learnerLines returns, for each stack of a report or dump, the innermost line in the submission.
func learnerLines(c Class, text string) []Place {
	var places []Place
	starts := section.FindAllStringSubmatchIndex(text, -1)
	for i, m := range starts {
		end := len(text)
		if i+1 < len(starts) {
			end = starts[i+1][0]
		}
		for _, f := range frame.FindAllStringSubmatch(text[m[0]:end], -1) {
			if strings.HasSuffix(f[1], "_test.go") {
				continue
			}
			p := Place{File: f[1], Role: role(c, text, m)}
			p.Line, _ = strconv.Atoi(f[2])
			if !slices.Contains(places, p) {
				places = append(places, p)
			}
			break
		}
		if c == Panic && len(places) > 0 || len(places) == 8 {
			break
		}
	}
	return places
}

func role(c Class, text string, m []int) string {
	switch {
	case m[2] >= 0:
		words := strings.Fields(strings.ToLower(text[m[2]:m[3]]))
		return words[len(words)-1]
	case m[4] >= 0:
		return "started"
	case c == Panic:
		return "panics"
	}
	return "blocked"
}
