package schedule

import (
	"bytes"
	"cmp"
	"go/token"
	"slices"
)

// edit is one change of a file's bytes. It belongs to the piece of source [lo, hi]: that piece, not
// the order in which edits were made, says how edits at one offset nest.
type edit struct {
	lo, hi int
	kind   editKind
	seq    int
	parts  []part
}

type editKind byte

const (
	before  editKind = iota // the parts go in at lo
	after                   // the parts go in at hi
	replace                 // the parts stand for [lo, hi)
	move                    // like replace; the bytes of [lo, hi) come out somewhere else, with their own edits
)

// part is a text, or a moved piece of source.
type part struct {
	text   string
	lo, hi int // the moved piece, when text is empty
}

func (e *edit) at() int {
	if e.kind == after {
		return e.hi
	}
	return e.lo
}

func (f *file) edit(kind editKind, lo, hi token.Pos, parts ...part) {
	f.edits = append(f.edits, edit{f.offset(lo), f.offset(hi), kind, len(f.edits), parts})
}

func (f *file) before(lo, hi token.Pos, text string) { f.edit(before, lo, hi, part{text: text}) }

func (f *file) after(lo, hi token.Pos, text string) { f.edit(after, lo, hi, part{text: text}) }

func (f *file) replace(lo, hi token.Pos, text string) { f.edit(replace, lo, hi, part{text: text}) }

// compareEdits orders edits by offset; at one offset what is inserted before a larger piece comes first,
// what is inserted after a larger piece comes last, and replacements follow all insertions.
func compareEdits(a, b edit) int {
	if c := cmp.Compare(a.at(), b.at()); c != 0 {
		return c
	}
	if c := cmp.Compare(rank(a.kind), rank(b.kind)); c != 0 {
		return c
	}
	switch a.kind {
	case after:
		return cmp.Or(-cmp.Compare(a.lo, b.lo), -cmp.Compare(a.seq, b.seq))
	default:
		return cmp.Or(-cmp.Compare(a.hi, b.hi), cmp.Compare(a.seq, b.seq))
	}
}

func rank(k editKind) int {
	switch k {
	case after:
		return 0
	case before:
		return 1
	default:
		return 2
	}
}

// render applies all edits.
func (f *file) render() []byte {
	slices.SortStableFunc(f.edits, compareEdits)
	return f.piece(0, len(f.src), true)
}

// piece returns the source between lo and hi with the edits that belong to it. A whole file has no
// move around it; the bytes of a moved piece are rendered without the move itself.
func (f *file) piece(lo, hi int, whole bool) []byte {
	var moved []edit
	for _, e := range f.edits {
		if e.kind == move && lo <= e.lo && e.hi <= hi && (whole || e.lo != lo || e.hi != hi) {
			moved = append(moved, e)
		}
	}
	inMoved := func(e edit) bool {
		return slices.ContainsFunc(moved, func(m edit) bool {
			return m.seq != e.seq && m.lo <= e.lo && e.hi <= m.hi && !(e.kind == move && m.lo == e.lo && m.hi == e.hi)
		})
	}
	var b bytes.Buffer
	at := lo
	for _, e := range f.edits {
		if e.lo < lo || e.hi > hi || inMoved(e) || e.kind == move && !whole && e.lo == lo && e.hi == hi {
			continue
		}
		b.Write(f.src[at:e.at()])
		at = e.at()
		for _, p := range e.parts {
			if p.text != "" {
				b.WriteString(p.text)
			} else {
				b.Write(f.piece(p.lo, p.hi, false))
			}
		}
		if e.kind >= replace {
			at = e.hi
		}
	}
	b.Write(f.src[at:hi])
	return b.Bytes()
}
