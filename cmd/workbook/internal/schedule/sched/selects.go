package sched

import (
	"reflect"
)

// Case is a case of a rewritten select statement: a RecvCase or a SendCase.
type Case interface {
	possible() bool               // whether it is worth a try
	try() bool                    // performs the operation if that is possible at once
	entry() reflect.SelectCase    // the operation
	took(v reflect.Value, o bool) // reflect.Select has performed it
	arm(chosen bool)              // makes the original statement take this case, or none
}

// RecvCase is `case … <-c`.
type RecvCase[T any] struct {
	c    <-chan T // that the original statement receives from
	v    T
	open bool
}

// Recv makes the case of a select statement that receives from c.
func Recv[T any](c <-chan T) *RecvCase[T] { return &RecvCase[T]{c: c} }

// C is the channel to receive from: the one given to Recv or, once Select has chosen, one that holds
// what was received, or is closed, or nil.
func (r *RecvCase[T]) C() <-chan T { return r.c }

func (r *RecvCase[T]) possible() bool { return r.c != nil }

func (r *RecvCase[T]) try() bool {
	select {
	case r.v, r.open = <-r.c:
		return true
	default:
		return false
	}
}

func (r *RecvCase[T]) entry() reflect.SelectCase {
	return reflect.SelectCase{Dir: reflect.SelectRecv, Chan: reflect.ValueOf(r.c)}
}

func (r *RecvCase[T]) took(v reflect.Value, open bool) {
	reflect.ValueOf(&r.v).Elem().Set(v)
	r.open = open
}

func (r *RecvCase[T]) arm(chosen bool) {
	r.c = nil
	if !chosen {
		return
	}
	c := make(chan T, 1)
	if r.open {
		c <- r.v
	} else {
		close(c)
	}
	r.c = c
}

// SendCase is `case c <- v`.
type SendCase[T any] struct {
	V T // the value to send

	c chan<- T
}

// Send makes the case of a select statement that sends to c. Of gives it the value.
func Send[T any](c chan<- T) *SendCase[T] { return &SendCase[T]{c: c} }

// Of sets the value to send.
func (s *SendCase[T]) Of(v T) *SendCase[T] {
	s.V = v
	return s
}

// C is the channel to send to: the one given to Send or, once Select has chosen, one that takes the
// value, or nil.
func (s *SendCase[T]) C() chan<- T { return s.c }

func (s *SendCase[T]) possible() bool { return s.c != nil }

func (s *SendCase[T]) try() bool {
	select {
	case s.c <- s.V:
		return true
	default:
		return false
	}
}

func (s *SendCase[T]) entry() reflect.SelectCase {
	return reflect.SelectCase{Dir: reflect.SelectSend, Chan: reflect.ValueOf(s.c), Send: reflect.ValueOf(&s.V).Elem()}
}

func (s *SendCase[T]) took(reflect.Value, bool) {}

func (s *SendCase[T]) arm(chosen bool) {
	s.c = nil
	if chosen {
		s.c = make(chan T, 1)
	}
}

// Select is a scheduling point, and then performs one of the cases that can go on: which, is the
// scheduler's choice. With a default, it performs none where none can. The original statement that
// follows finds one of its channels ready, or none. In free mode it does nothing.
//
// Whether an unbuffered channel is ready cannot be seen without taking what is there, so that the
// choice is which case to try first; the others follow in turn.
func Select(site int32, hasDefault bool, cases ...Case) {
	s := active
	if s == nil {
		return
	}
	s.point(site)
	g := s.noisy()
	if g == nil {
		return
	}
	chosen := s.tryCases(g, cases)
	if chosen < 0 && !hasDefault {
		chosen = blockOn(cases)
		s.point(site) // it was woken together with others
		s.noisy()
	}
	for i, c := range cases {
		c.arm(i == chosen)
	}
}

func (s *scheduler) tryCases(g *gor, cases []Case) int {
	var maybe []int
	for i, c := range cases {
		if c.possible() {
			maybe = append(maybe, i)
		}
	}
	if len(maybe) == 0 {
		return -1
	}
	first, d := s.chooseCase(g, len(maybe))
	for i := range maybe {
		if k := maybe[(first+i)%len(maybe)]; cases[k].try() {
			s.dec.skip(d, i)
			return k
		}
	}
	s.dec.skip(d, len(maybe))
	return -1
}

func blockOn(cases []Case) int {
	all := make([]reflect.SelectCase, len(cases))
	for i, c := range cases {
		all[i] = c.entry()
	}
	i, v, open := reflect.Select(all)
	cases[i].took(v, open)
	return i
}

// noisy is the running goroutine, and says that it may wake another one.
//
//go:norace
func (s *scheduler) noisy() *gor {
	raceDisable()
	g := s.self()
	s.quiet = false
	raceEnable()
	return g
}
