package workspace

import (
	"bytes"
	"encoding/json"
	"fmt"
	"hash/crc32"
	"time"
	"unicode/utf8"
)

// The kinds of journal entries.
const (
	kindAdded    = "added"    // starters were written for the first time
	kindAttempt  = "attempt"  // a submission was graded
	kindCurrent  = "current"  // the learner turned to an exercise
	kindHint     = "hint"     // hints up to N were shown
	kindGiveUp   = "giveup"   // the learner gave up
	kindSolution = "solution" // the solution was shown
	kindReset    = "reset"    // Text was replaced by the starter
	kindUndo     = "undo"     // Text was replaced by the saved text with hash Restored
	kindReplaced = "replaced" // Text was replaced in a file that is not the learner's
	kindAnswer   = "answer"   // a question of a lesson was answered
)

// entry is one line of the journal.
type entry struct {
	Time     time.Time `json:"time"`
	Kind     string    `json:"kind"`
	Exercise string    `json:"exercise,omitempty"`
	Names    []string  `json:"names,omitempty"` // added
	Class    string    `json:"class,omitempty"` // attempt
	Title    string    `json:"title,omitempty"`
	MS       int64     `json:"ms,omitempty"`
	N        int       `json:"n,omitempty"`        // hint
	Text     *string   `json:"text,omitempty"`     // reset, undo, replaced
	Bytes    []byte    `json:"bytes,omitempty"`    // in Text's place where it is not UTF-8
	Restored string    `json:"restored,omitempty"` // undo
	Lesson   string    `json:"lesson,omitempty"`   // answer
	Question string    `json:"question,omitempty"` // answer
	Hash     string    `json:"hash,omitempty"`     // answer: of the question's text
	Right    bool      `json:"right,omitempty"`    // answer
}

// setText keeps any bytes so that they come back unchanged.
func (e *entry) setText(text []byte) {
	if utf8.Valid(text) {
		s := string(text)
		e.Text = &s
		return
	}
	e.Bytes = text
}

// text returns what setText kept; ok is false where it was never called.
func (e *entry) text() (text []byte, ok bool) {
	if e.Text != nil {
		return []byte(*e.Text), true
	}
	return e.Bytes, e.Bytes != nil
}

// sealed is how an entry and the snapshot are written: a value with its checksum.
type sealed struct {
	Sum   string          `json:"sum"`
	Value json.RawMessage `json:"value"`
}

// sealMark is how every sealed line begins. It occurs nowhere else in the journal, because quotes
// within a JSON string are escaped.
var sealMark = []byte(`{"sum":"`)

// seal returns v as one line of JSON, its checksum in front.
func seal(v any) ([]byte, error) {
	value, err := json.Marshal(v)
	if err != nil {
		return nil, fmt.Errorf("encoding the journal: %w", err)
	}
	line, err := json.Marshal(sealed{checksum(value), value})
	if err != nil {
		return nil, fmt.Errorf("encoding the journal: %w", err)
	}
	return append(line, '\n'), nil
}

// unseal reads the sealed value that text begins with into v; it says whether the value is whole and
// how many bytes it takes.
func unseal(text []byte, v any) (n int64, ok bool) {
	var s sealed
	d := json.NewDecoder(bytes.NewReader(text))
	if d.Decode(&s) != nil || s.Sum != checksum(s.Value) || json.Unmarshal(s.Value, v) != nil {
		return 0, false
	}
	return d.InputOffset(), true
}

func checksum(b []byte) string {
	return fmt.Sprintf("%08x", crc32.Checksum(b, crc32.MakeTable(crc32.Castagnoli)))
}

// place is where an entry lies in the journal.
type place struct {
	At   int64 `json:"at"`
	Size int64 `json:"size"`
}

// scan calls f for each whole entry of text, which begins at byte base of the journal. It returns the
// number of bytes that need not be looked at again, and how many lines were damaged. What follows the
// last line break is read if it is whole, and else left for the next time: it may be half written.
func scan(text []byte, base int64, f func(entry, place)) (consumed int64, damaged int) {
	for len(text[consumed:]) > 0 {
		line := text[consumed:]
		end := bytes.IndexByte(line, '\n')
		if end >= 0 {
			line = line[:end+1]
		}
		bad := scanLine(line, base+consumed, f)
		if bad && end < 0 {
			return consumed, damaged
		}
		if bad {
			damaged++
		}
		consumed += int64(len(line))
	}
	return consumed, damaged
}

// scanLine calls f for each whole entry of a line, which is one, unless a line break was destroyed.
func scanLine(line []byte, base int64, f func(entry, place)) (bad bool) {
	at := int64(0)
	for len(bytes.TrimSpace(line[at:])) > 0 {
		var e entry
		if n, ok := unseal(line[at:], &e); ok {
			f(e, place{base + at, n})
			at += n
			continue
		}
		bad = true
		next := bytes.Index(line[at+1:], sealMark)
		if next < 0 {
			return bad
		}
		at += 1 + int64(next)
	}
	return bad
}
