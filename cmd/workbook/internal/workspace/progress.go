package workspace

import (
	"crypto/sha256"
	"encoding/hex"
	"maps"
	"slices"
	"time"
)

// The states of an exercise.
const (
	New     = "new"
	Tried   = "tried"
	Passed  = "passed"
	GivenUp = "given up"
)

// passClass is the verdict class of an attempt that passed.
const passClass = "pass"

// Progress is what the journal says about all exercises.
type Progress struct {
	Current   string              `json:"current,omitempty"` // name of the exercise last worked on
	CurrentAt time.Time           `json:"current_at,omitzero"`
	Exercises map[string]Standing `json:"exercises,omitempty"`
	Added     map[string]bool     `json:"added,omitempty"`   // exercises whose starter was written once
	Answers   map[string][]Answer `json:"answers,omitempty"` // by lesson and question, in the order of time
	Damaged   int                 `json:"damaged,omitempty"` // lines of the journal that could not be read
}

// Standing is what the journal says about one exercise.
type Standing struct {
	Attempts int       `json:"attempts,omitempty"`
	Class    string    `json:"class,omitempty"`    // of the last attempt
	Title    string    `json:"title,omitempty"`    // of the last attempt
	Last     time.Time `json:"last,omitzero"`      // last attempt
	Passed   time.Time `json:"passed,omitzero"`    // first pass
	Hints    int       `json:"hints,omitempty"`    // how many were shown
	GaveUp   time.Time `json:"gave_up,omitzero"`   // when first
	Viewed   time.Time `json:"viewed,omitzero"`    // when the solution was first shown
	Saves    []save    `json:"saves,omitempty"`    // texts that undo brings back, the next one last
	Resets   int       `json:"resets,omitempty"`   // how often it was started over
	Before   int       `json:"before,omitempty"`   // attempts up to and with the first pass
	Spent    int64     `json:"spent_ms,omitempty"` // milliseconds that its gradings took
}

// save is a text that lies in the journal.
type save struct {
	Hash string `json:"hash"`
	place
}

// Passed says whether an exercise has ever passed.
func (p Progress) Passed(name string) bool { return !p.Exercises[name].Passed.IsZero() }

// Earned says whether the learner may see an exercise's solution: it passed, or was given up.
func (p Progress) Earned(name string) bool {
	return p.Passed(name) || !p.Exercises[name].GaveUp.IsZero()
}

// State returns New, Tried, Passed or GivenUp.
func (p Progress) State(name string) string {
	s := p.Exercises[name]
	switch {
	case !s.Passed.IsZero():
		return Passed
	case !s.GaveUp.IsZero():
		return GivenUp
	case s.Attempts > 0:
		return Tried
	}
	return New
}

// Class returns the verdict class of an exercise's last attempt, or "".
func (p Progress) Class(name string) string { return p.Exercises[name].Class }

// Attempts returns how often an exercise was graded.
func (p Progress) Attempts(name string) int { return p.Exercises[name].Attempts }

// Hints returns how many hints of an exercise were shown.
func (p Progress) Hints(name string) int { return p.Exercises[name].Hints }

// clone returns a copy that shares nothing with p.
func (p Progress) clone() Progress {
	p.Exercises, p.Added, p.Answers = maps.Clone(p.Exercises), maps.Clone(p.Added), cloneAnswers(p.Answers)
	for name, s := range p.Exercises {
		s.Saves = slices.Clone(s.Saves)
		p.Exercises[name] = s
	}
	return p
}

func (p *Progress) init() {
	if p.Exercises == nil {
		p.Exercises = map[string]Standing{}
	}
	if p.Added == nil {
		p.Added = map[string]bool{}
	}
	if p.Answers == nil {
		p.Answers = map[string][]Answer{}
	}
}

// apply adds what one entry of the journal says.
func (p *Progress) apply(e entry, at place) {
	p.init()
	if e.Kind == kindAnswer {
		p.answer(e)
		return
	}
	if e.Kind == kindAdded {
		for _, name := range e.Names {
			p.Added[name] = true
		}
		return
	}
	if e.Exercise == "" {
		return
	}
	s := p.Exercises[e.Exercise]
	s.apply(e, at)
	p.Exercises[e.Exercise] = s
	switch e.Kind {
	case kindAttempt, kindCurrent, kindReset, kindUndo:
		p.Current, p.CurrentAt = e.Exercise, e.Time
	}
}

func (s *Standing) apply(e entry, at place) {
	switch e.Kind {
	case kindAttempt:
		s.Attempts++
		s.Class, s.Title, s.Last = e.Class, e.Title, e.Time
		s.Spent += e.MS
		if e.Class == passClass && s.Passed.IsZero() {
			s.Passed, s.Before = e.Time, s.Attempts
		}
	case kindHint:
		s.Hints = max(s.Hints, e.N)
	case kindGiveUp:
		s.GaveUp = earlier(s.GaveUp, e.Time)
	case kindSolution:
		s.Viewed = earlier(s.Viewed, e.Time)
	case kindReset:
		s.Resets++
		if text, ok := e.text(); ok {
			s.Saves = append(without(s.Saves, hash(text)), save{hash(text), at})
		}
	case kindUndo:
		s.rotate(e, at)
	}
}

// rotate puts the text that an undo restored behind all others, and before that the text that the
// undo replaced, so that undoing again and again comes by every saved text.
func (s *Standing) rotate(e entry, at place) {
	i := slices.IndexFunc(s.Saves, func(s save) bool { return s.Hash == e.Restored })
	if i < 0 {
		return
	}
	restored := s.Saves[i]
	s.Saves = without(s.Saves, e.Restored)
	if text, ok := e.text(); ok && len(without(s.Saves, hash(text))) == len(s.Saves) {
		s.Saves = slices.Insert(s.Saves, 0, save{hash(text), at})
	}
	s.Saves = slices.Insert(s.Saves, 0, restored)
}

// join adds to p what other knows and p does not. Progress only grows, so that nothing is lost where
// the two tell of different parts of the same journal.
func (p *Progress) join(other Progress) {
	p.init()
	if other.CurrentAt.After(p.CurrentAt) {
		p.Current, p.CurrentAt = other.Current, other.CurrentAt
	}
	maps.Copy(p.Added, other.Added)
	p.joinAnswers(other)
	for name, o := range other.Exercises {
		s := p.Exercises[name]
		if o.Last.After(s.Last) {
			s.Class, s.Title, s.Last = o.Class, o.Title, o.Last
		}
		if s.Passed.IsZero() || o.Before > s.Before {
			s.Before = o.Before
		}
		s.Passed, s.GaveUp, s.Viewed = earlier(s.Passed, o.Passed), earlier(s.GaveUp, o.GaveUp), earlier(s.Viewed, o.Viewed)
		s.Attempts, s.Hints = max(s.Attempts, o.Attempts), max(s.Hints, o.Hints)
		s.Resets, s.Spent = max(s.Resets, o.Resets), max(s.Spent, o.Spent)
		p.Exercises[name] = s
	}
}

// earlier returns the earlier one of two times of which a zero one counts for nothing.
func earlier(a, b time.Time) time.Time {
	if a.IsZero() || !b.IsZero() && b.Before(a) {
		return b
	}
	return a
}

func without(saves []save, hash string) []save {
	return slices.DeleteFunc(slices.Clone(saves), func(s save) bool { return s.Hash == hash })
}

// hash names a text.
func hash(text []byte) string {
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:8])
}
