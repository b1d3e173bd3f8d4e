package cell

import (
	"fmt"
	"regexp"
	"strings"
)

var (
	raceRule   = regexp.MustCompile(`^={10,}$`)
	raceAccess = regexp.MustCompile(`^(Previous )?(?:atomic )?([a-zA-Z ]+?) at 0x[0-9a-f]+ by (main goroutine|goroutine \d+)`)
	raceStart  = regexp.MustCompile(`^(Goroutine \d+) \((?:running|finished)\) created at:`)
	raceFrame  = regexp.MustCompile(`^\s+(\S+:\d+)(?: \+0x[0-9a-f]+)?$`)
	raceFound  = regexp.MustCompile(`^Found \d+ data race\(s\)$`)
)

// fold shortens the race detector's reports to one line for each access and each start of a
// goroutine, with the lesson's line. Equal reports are given once; other lines are left alone.
func fold(p *Program, raw string) string {
	var out strings.Builder
	seen := map[string]bool{}
	var report []string
	inside := false
	for line := range strings.Lines(raw) {
		line = strings.TrimRight(line, "\r\n")
		switch {
		case raceRule.MatchString(line):
			if inside {
				if text := foldOne(p, report); !seen[text] {
					seen[text] = true
					out.WriteString(text)
				}
			}
			inside, report = !inside, nil
		case inside:
			report = append(report, line)
		case !raceFound.MatchString(line):
			out.WriteString(line + "\n")
		}
	}
	if inside { // cut off
		out.WriteString(foldOne(p, report))
	}
	return out.String()
}

// foldOne shortens one report. Its goroutines are called A, B, … in the order in which they appear.
func foldOne(p *Program, lines []string) string {
	names := map[string]string{"main goroutine": "main"}
	name := func(g string) string {
		g = strings.ToLower(g)
		if names[g] == "" {
			names[g] = "goroutine " + string(rune('A'+len(names)-1))
		}
		return names[g]
	}
	var b strings.Builder
	for i, line := range lines {
		head := ""
		switch {
		case strings.HasPrefix(line, "WARNING: "):
			b.WriteString(line + "\n")
			continue
		case raceAccess.MatchString(line):
			m := raceAccess.FindStringSubmatch(line)
			head = strings.ToLower(m[1]+m[2]) + " by " + name(m[3])
		case raceStart.MatchString(line):
			head = name(raceStart.FindStringSubmatch(line)[1]) + " started"
		default:
			continue
		}
		at := frame(p, lines[i+1:])
		if strings.HasSuffix(head, "started") && !strings.HasPrefix(at, p.Cell.File+":") {
			continue // by WaitGroup.Go: the detector does not know who called that
		}
		fmt.Fprintf(&b, "  %s at %s\n", head, p.where(at))
	}
	return b.String()
}

// frame returns the file:line of the first frame in the lesson, else of the first frame.
func frame(p *Program, lines []string) string {
	first := ""
	for _, line := range lines {
		if line == "" {
			break
		}
		if m := raceFrame.FindStringSubmatch(line); m != nil {
			if strings.HasPrefix(m[1], p.Cell.File+":") {
				return m[1]
			}
			if first == "" {
				first = m[1]
			}
		}
	}
	return first
}

// where adds the lesson's text to a file:line in it.
func (p *Program) where(at string) string {
	var line int
	if _, err := fmt.Sscanf(strings.TrimPrefix(at, p.Cell.File+":"), "%d", &line); err != nil {
		return at
	}
	if text := p.LineText(line); text != "" {
		return at + ": " + text
	}
	return at
}

// LineText returns the code in a line of the lesson, without indentation.
func (p *Program) LineText(line int) string {
	for _, c := range p.chain {
		if line < c.Line {
			continue
		}
		rows := strings.Split(c.Code, "\n")
		if i := line - c.Line; i < len(rows) {
			return strings.TrimSpace(rows[i])
		}
	}
	return ""
}
