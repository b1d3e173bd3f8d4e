package explain

import (
	"strings"

	"workbook/cmd/workbook/internal/verdict"
)

// Text teaches what a class of verdict means.
type Text struct {
	Title  string // "Data race"
	Text   string // 80 to 160 words in paragraphs
	Hint   string // one sentence, where a finding has none of its own
	Lesson string // "races#data-races"
}

// Teach returns the text for a class; that of verdict.Pass and of an unknown class is empty.
func Teach(c verdict.Class) Text {
	t := texts[c]
	t.Text = strings.TrimSpace(t.Text)
	return t
}

// Sections lists the lesson sections that findings and texts point to, as "slug#anchor".
func Sections() []string {
	return []string{
		secAtomicity, secMixed, secRaces, secMaps, secWaiting, secSleep, secPanics, secClosing, secUnbuffered, secNil, secConfine, secHandOver, secRequest,
		secGuards, secRWMutex, secCopies, secDeadlock, secUnlock, secCond, secLeaks, secOverlap, secStacks, secOnce,
	}
}
