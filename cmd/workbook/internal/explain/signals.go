package explain

import (
	"fmt"
	"slices"
)

// signals says, for a goroutine that waits for ever for a sync.Cond, which signals it has missed. It is ""
// for other waits.
func (s *source) signals(moves []*move, end *move) string {
	if end.Op != "condwait" {
		return ""
	}
	var early, late, woken []string
	for _, m := range moves {
		switch {
		case m.obj != end.obj:
		case m.Op != "signal" && m.Op != "broadcast":
			if m.Op == "condwait" && m.again && m.G != end.G && m.index > end.index && !slices.Contains(woken, name(m.G)) {
				woken = append(woken, name(m.G))
			}
		case m.index < end.index:
			early = addWord(early, s.spot0(m))
		default:
			late = addWord(late, s.spot0(m))
		}
	}
	text := fmt.Sprintf("After %s had begun to wait at %s, ", name(end.G), s.spot0(end))
	switch {
	case len(late) > 0 && len(woken) > 0:
		return text + fmt.Sprintf("there was a signal (%s), and it woke %s.", and(late), and(woken))
	case len(late) > 0:
		return text + fmt.Sprintf("there was a signal (%s), and it did not wake it.", and(late))
	case len(early) > 0:
		return text + fmt.Sprintf("there was no signal any more, only before that (%s).", and(early))
	}
	return text + "there was no signal."
}

func addWord(words []string, w string) []string {
	if slices.Contains(words, w) {
		return words
	}
	return append(words, w)
}
