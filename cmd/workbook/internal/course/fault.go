package course

import (
	"fmt"
	"strings"
)

// Fault is one thing wrong with the content.
type Fault struct {
	File string // slash-separated, relative to the course's root
	Line int    // from 1; 0 where the whole file is meant
	Text string
}

func (f Fault) String() string {
	if f.Line == 0 {
		return fmt.Sprintf("%s: %s", f.File, f.Text)
	}
	return fmt.Sprintf("%s:%d: %s", f.File, f.Line, f.Text)
}

// Faults is everything wrong with the content, as one error.
type Faults []Fault

func (f Faults) Error() string {
	lines := make([]string, len(f))
	for i, x := range f {
		lines[i] = x.String()
	}
	return strings.Join(lines, "\n")
}
