package explore

import (
	"reflect"
	"slices"
)

// A channel of the explored program. A channel of capacity n is made with room for n+1, so that a
// send which the scheduler lets pass never blocks; one without such room comes from a package.
type channel struct {
	value  reflect.Value // keeps the channel from being collected and its address from being used again
	closed bool
}

// A comm is one communication that a goroutine offers.
type comm struct {
	send  bool
	ch    *channel // nil for the nil channel
	value reflect.Value
}

// commOf looks the channel up.
func (s *schedule) commOf(ch any, send bool) comm {
	v := reflect.ValueOf(ch)
	if !v.IsValid() || v.IsNil() {
		return comm{send: send}
	}
	c := s.chans[v.Pointer()]
	if c == nil {
		c = &channel{value: v}
		s.chans[v.Pointer()] = c
	}
	return comm{send: send, ch: c, value: v}
}

// foreign reports whether a package made the channel, as context does.
func (c *comm) foreign() bool { return c.value.Cap() == 0 }

// ready reports whether the communication can happen without a partner.
func (c *comm) ready() bool {
	switch {
	case c.ch == nil:
		return false
	case c.ch.closed:
		return true
	case c.foreign():
		if c.send {
			return false
		}
		if v, ok := c.value.TryRecv(); v.IsValid() && !ok {
			c.ch.closed = true
		}
		return c.ch.closed
	case c.send:
		return c.value.Len() < c.value.Cap()-1
	}
	return c.value.Len() > 0
}

// enumerate lists what can happen next in s.moves: first what the goroutine of the latest step can
// do, then the others in the order of their start.
func (s *schedule) enumerate() {
	s.list(false, s.taken-s.settled > maxSettle)
	if len(s.moves) == 0 {
		s.list(false, true)
	}
	if len(s.moves) == 0 {
		s.list(true, true)
	}
	slices.SortStableFunc(s.moves, func(a, b move) int { return s.rank(a) - s.rank(b) })
}

func (s *schedule) rank(m move) int {
	if s.continues(m) {
		return -1
	}
	return m.g.id
}

// list collects the moves of the goroutines; those that want others to run first, and main where it
// waits for all others, only if asked for.
func (s *schedule) list(all, idle bool) {
	s.moves = s.moves[:0]
	for _, g := range s.live {
		if !all && (g.yielded || g.streak > maxStreak && g == s.last) {
			continue
		}
		op := &g.waiting
		switch {
		case op.idle && !idle:
		case op.comms != nil || op.other:
			s.listComms(g)
		case op.ready == nil || op.ready():
			s.moves = append(s.moves, move{g: g})
		}
	}
}

// listComms collects the moves of a goroutine that waits to communicate. A pair of partners is
// listed with the sender. A default can be taken unless a case is certainly ready: a partner that
// is about to come is not there yet.
func (s *schedule) listComms(g *goroutine) {
	certain := false
	for i := range g.waiting.comms {
		c := &g.waiting.comms[i]
		if c.ready() {
			certain = true
			s.moves = append(s.moves, move{g: g, take: i})
			continue
		}
		if c.send && c.ch != nil && !c.foreign() && c.value.Cap() == 1 {
			s.listPartners(g, i)
		}
	}
	if g.waiting.other && !certain {
		s.moves = append(s.moves, move{g: g, take: -1})
	}
}

func (s *schedule) listPartners(g *goroutine, i int) {
	for _, h := range s.live {
		if h == g {
			continue
		}
		for j := range h.waiting.comms {
			c := &h.waiting.comms[j]
			if !c.send && c.ch == g.waiting.comms[i].ch {
				s.moves = append(s.moves, move{g: g, take: i, receiver: h, give: j})
			}
		}
	}
}
