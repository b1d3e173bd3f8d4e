package explain

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"workbook/cmd/workbook/internal/run"
	"workbook/cmd/workbook/internal/schedule"
	"workbook/cmd/workbook/internal/schedule/sched"
)

// exploredText says how far the search for a failing schedule came, in all hidden tests together:
// "all 214 schedules with at most 2 delays". It is "" where none was explored.
func exploredText(xs []*exploration) string {
	total, all, tests, failed := 0, 0, 0, 0
	whole, wholeTests := 0, 0 // of the tests of which every schedule was run
	bound := -2
	for _, x := range xs {
		if x.Schedules == 0 || x.Cannot != "" {
			continue
		}
		tests++
		total += x.Schedules
		switch {
		case x.Found:
			failed++
			continue
		case x.Complete && x.Stopped == "exhausted":
			whole, wholeTests = whole+x.AtBound, wholeTests+1
			continue
		}
		all += x.AtBound
		if bound == -2 || x.Exhausted < bound {
			bound = x.Exhausted
		}
	}
	if tests == 0 {
		return ""
	}
	of := ""
	if tests > 1 {
		of = fmt.Sprintf(" of %d tests", tests)
	}
	switch {
	case failed > 0 && total == 1:
		return "1 schedule, which failed"
	case failed > 0:
		return counted(total, "schedule") + of + ", up to " + map[bool]string{true: "the one that failed", false: "those that failed"}[failed == 1]
	case wholeTests == tests && whole == 1:
		return "the one schedule that there is"
	case wholeTests == tests:
		return "all " + counted(whole, "schedule") + of
	case bound < 0:
		return counted(total, "schedule") + of + ", chosen at random and by priority"
	case wholeTests > 0 && exhausted(xs, bound):
		return fmt.Sprintf("all %s of %s, and all %s of %d more%s", counted(whole, "schedule"), counted(wholeTests, "test"), thousands(all), tests-wholeTests, delays(bound))
	case exhausted(xs, bound) && total > 1:
		return "all " + counted(all, "schedule") + of + delays(bound)
	}
	return counted(total, "schedule") + of + ", among them all" + delays(bound)
}

// endedText adds the tests of which a schedule ended the process, so that nobody counted them: "; of 2 more tests,
// up to the one that ended the program".
func endedText(records []run.Record) string {
	n := 0
	for _, r := range records {
		if name, _ := sched.ReadJournal(r.Journal, nil); name != "" && len(r.Schedule) == 0 && r.Exit != 0 && !r.Done {
			n++
		}
	}
	if n == 0 {
		return ""
	}
	return "; of " + counted(n, "more test") + ", up to the one that ended the program"
}

// exhausted reports whether every exploration ended with all schedules, or all of one and the same bound.
func exhausted(xs []*exploration, bound int) bool {
	for _, x := range xs {
		if x.Schedules > 0 && x.Cannot == "" && !x.Complete && (x.Exhausted != bound || x.Stopped != "exhausted") {
			return false
		}
	}
	return true
}

func delays(bound int) string {
	switch bound {
	case 0:
		return " without a delay"
	case 1:
		return " with at most 1 delay"
	}
	return fmt.Sprintf(" with at most %d delays", bound)
}

// counted is "1 schedule" or "1,200 schedules".
func counted(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return thousands(n) + " " + what + "s"
}

// thousands writes a number with commas.
func thousands(n int) string {
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0 && s[i-1] != '-'; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// maxReasons bounds the reasons that are given for source that cannot be scheduled.
const maxReasons = 3

// exploredNotes says what could not be explored, and why.
func (s *source) exploredNotes(xs []*exploration, refused []schedule.Reason) []string {
	var notes []string
	if len(refused) > 0 {
		var why []string
		for _, r := range refused[:min(len(refused), maxReasons)] {
			text := oneLine(r.Text)
			if s.files[s.relative(r.File)] != nil {
				text = s.lineName(s.relative(r.File), r.Line) + ": " + text
			}
			why = append(why, text)
		}
		if n := len(refused) - maxReasons; n > 0 {
			why = append(why, fmt.Sprintf("and %d more", n))
		}
		notes = append(notes, "The schedules of your program could not be explored, so its tests only ran freely: "+strings.Join(why, "; ")+".")
	}
	for _, x := range xs {
		switch {
		case x.Cannot != "":
			notes = append(notes, fmt.Sprintf("The schedules of %s could not be explored, so it only ran freely: %s.", x.test, s.scrub(x.Cannot)))
		case x.Found || x.TooLong == 0:
		case x.TooLong >= x.Schedules:
			notes = append(notes, fmt.Sprintf("No schedule of %s came to an end in the steps that it was given, so none was judged.", x.test))
		default:
			notes = append(notes, fmt.Sprintf("Not judged of %s, since the steps given did not bring it to an end: %s.", x.test, counted(x.TooLong, "schedule")))
		}
	}
	return notes
}

// atPlace is a place as the scheduler adds it to a reason.
var atPlace = regexp.MustCompile(` at (\S+\.go):(\d+)`)

// scrub takes places that are not the learner's out of a text, and makes one line of it.
func (s *source) scrub(text string) string {
	text = atPlace.ReplaceAllStringFunc(text, func(at string) string {
		m := atPlace.FindStringSubmatch(at)
		if name := s.relative(m[1]); s.files[name] != nil {
			return " at " + s.lineName(name, number(m[2]))
		}
		return ""
	})
	return clip(strings.TrimSuffix(oneLine(text), "."), 200)
}

// oneLine is text without line breaks and control characters.
func oneLine(text string) string {
	return strings.Join(strings.FieldsFunc(text, func(r rune) bool { return r <= ' ' || r == 0x7f || r >= 0x80 && r < 0xa0 }), " ")
}
