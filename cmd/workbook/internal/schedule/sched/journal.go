package sched

import (
	"bytes"
	"fmt"
	"os"
	"strings"
)

// journal is the file that tells the parent process which schedule was running when this process
// died: of a panic in a goroutine that no Start was inserted in, of a fatal error of the runtime, of
// os.Exit. Its first 512 bytes are the schedule's string, padded with spaces and ended by a newline
// (a longer one is cut, and cannot be read); they are rewritten before every schedule. In a traced
// schedule a line follows for every step. See ReadJournal.
type journal struct {
	f       *os.File
	program uint32
	head    [headSize]byte
	line    [512]byte
	n       int // bytes of line
	at      int64
	told    []bool // by site: the traced schedule has described it
}

const headSize = 512

// openJournal opens the file, which stays open as long as the process lives: a goroutine of a schedule that
// was given up may still write to it.
func openJournal(name string, program uint32) (*journal, error) {
	if name == "" {
		return nil, nil
	}
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return nil, fmt.Errorf("opening the schedule's journal: %w", err)
	}
	return &journal{f: f, program: program}, nil
}

// begin says that the schedule is about to run. An error here costs the schedule of a crash, no more.
func (j *journal) begin(p *plan) {
	if j == nil {
		return
	}
	for i := range j.head {
		j.head[i] = ' '
	}
	copy(j.head[:headSize-1], p.encode(j.program))
	j.head[headSize-1] = '\n'
	if j.at > headSize {
		j.f.Truncate(headSize)
	}
	j.at = headSize
	j.f.WriteAt(j.head[:], 0)
	j.told = make([]bool, len(table.sites))
}

// step and value are called in the learner's goroutines with synchronisation hidden, where an encoder
// would be seen to race with itself over its cached buffers. A step's line is "GOROUTINE SITE", that
// of the value that the latest step has noted is "=VALUE", and before a site's first step a line
// "@SITE LINE", tab, operation, tab, and so on describes it.
//
//go:norace
func (j *journal) step(r *record) {
	if j == nil {
		return
	}
	if int(r.site) < len(j.told) && !j.told[r.site] {
		j.told[r.site] = true
		j.describe(r.site)
	}
	j.n = 0
	j.number(r.g)
	j.byte(' ')
	j.number(r.site)
	j.write()
}

//go:norace
func (j *journal) describe(n int32) {
	s := site(n)
	j.n = 0
	j.byte('@')
	j.number(n)
	j.byte(' ')
	j.number(s.Line)
	for _, text := range [...]string{s.Op, s.File, s.Var, s.Part, s.Text} {
		j.byte('\t')
		j.text(text)
	}
	j.write()
}

//go:norace
func (j *journal) value(text string) {
	if j == nil {
		return
	}
	j.n = 0
	j.byte('=')
	j.text(text)
	j.write()
}

//go:norace
func (j *journal) text(text string) {
	for i := 0; i < len(text); i++ {
		if c := text[i]; c >= ' ' {
			j.byte(c)
		}
	}
}

//go:norace
func (j *journal) byte(c byte) {
	if j.n < len(j.line)-1 {
		j.line[j.n] = c
		j.n++
	}
}

//go:norace
func (j *journal) number(v int32) {
	if v >= 10 {
		j.number(v / 10)
	}
	j.byte('0' + byte(v%10))
}

//go:norace
func (j *journal) write() {
	j.line[j.n] = '\n'
	if n, err := j.f.WriteAt(j.line[:j.n+1], j.at); err == nil {
		j.at += int64(n)
	}
}

// ReadJournal reads the journal of a process that died: the schedule that it ran, "" where none had
// begun, and, if it was a Replay, the schedule's steps up to the end. The journal describes the places of the
// steps; sites, by number, are for those that it does not.
func ReadJournal(data []byte, sites []Site) (schedule string, steps []Step) {
	if len(data) < headSize {
		return "", nil
	}
	schedule = string(bytes.TrimSpace(data[:headSize]))
	places := map[int32]Place{}
	for line := range strings.Lines(string(data[headSize:])) {
		if p, ok := readPlace(line); ok {
			places[p.Site] = p
			continue
		}
		if value, ok := strings.CutPrefix(line, "="); ok && len(steps) > 0 {
			steps[len(steps)-1].Value = strings.TrimSuffix(value, "\n")
			continue
		}
		var st Step
		if n, _ := fmt.Sscanf(line, "%d %d\n", &st.G, &st.Site); n != 2 {
			break
		}
		if p, ok := places[st.Site]; ok {
			st.Place = p
		} else if st.Site > 0 && int(st.Site) < len(sites) {
			st.Place = sites[st.Site].place(st.Site)
		}
		steps = append(steps, st)
	}
	return schedule, steps
}

// readPlace reads a line that describes a site.
func readPlace(line string) (p Place, ok bool) {
	text, ok := strings.CutPrefix(strings.TrimSuffix(line, "\n"), "@")
	parts := strings.SplitN(text, "\t", 6)
	if !ok || len(parts) < 6 {
		return p, false
	}
	if n, _ := fmt.Sscanf(parts[0], "%d %d", &p.Site, &p.Line); n != 2 {
		return p, false
	}
	p.Op, p.File, p.Var, p.Part, p.Text = parts[1], parts[2], parts[3], parts[4], parts[5]
	return p, true
}

func (s *Site) place(n int32) Place {
	return Place{Site: n, File: s.File, Line: s.Line, Op: s.Op, Text: s.Text, Part: s.Part, Var: s.Var}
}
