package sched

import (
	"reflect"
	"strings"
)

// A channel of an interpreted program: one of capacity n is made with room for n+1, so that a send that the
// scheduler lets happen never blocks. A channel without room comes from a package, as context's do.
type channel struct {
	value  reflect.Value // keeps the channel from being collected, and its address from being used again
	closed bool
}

// comm is a communication that a goroutine offers.
type comm struct {
	send  bool
	ch    *channel // nil for the nil channel
	value reflect.Value
}

// match is a communication that can happen, with a receiver where it needs one.
type match struct {
	take     int // index of the goroutine's communication, -1 for none
	receiver *gor
	give     int // index of the receiver's
}

func (s *scheduler) commOf(ch any, send bool) comm {
	v := reflect.ValueOf(ch)
	if !v.IsValid() || v.IsNil() {
		return comm{send: send}
	}
	c := s.in.chans[v.Pointer()]
	if c == nil {
		c = &channel{value: v}
		s.in.chans[v.Pointer()] = c
	}
	return comm{send: send, ch: c, value: v}
}

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

// matches counts what can happen of a goroutine's communications, and visits each. A pair of partners is the sender's.
// A default can be taken unless a case is certainly ready: a partner that is about to come is not there yet.
func (s *scheduler) matches(g *gor, visit func(i int, m match)) int {
	n := 0
	found := func(m match) {
		if visit != nil {
			visit(n, m)
		}
		n++
	}
	certain := false
	for i := range g.part.comms {
		c := &g.part.comms[i]
		switch {
		case c.ready():
			certain = true
			found(match{take: i})
		case c.send && c.ch != nil && !c.foreign() && c.value.Cap() == 1:
			s.partners(g, i, found)
		}
	}
	if g.part.other && !certain {
		found(match{take: -1})
	}
	return n
}

func (s *scheduler) partners(g *gor, i int, found func(match)) {
	for _, h := range s.gs[:s.n] {
		if h == g || h.waits != waitComm {
			continue
		}
		for j := range h.part.comms {
			if c := &h.part.comms[j]; !c.send && c.ch == g.part.comms[i].ch {
				found(match{take: i, receiver: h, give: j})
			}
		}
	}
}

// partner is a goroutine that can send to the last one, which so goes on; nil for none.
func (s *scheduler) partner() *gor {
	for _, g := range s.gs[:s.n] {
		if g.state != parked || g.waits != waitComm {
			continue
		}
		goesOn := false
		s.matches(g, func(_ int, m match) { goesOn = goesOn || m.receiver == s.last })
		if goesOn {
			return g
		}
	}
	return nil
}

// communicate waits until one of the communications happens, and returns its index.
func (s *scheduler) communicate(site int32, comms []comm, other bool) int {
	g := s.self()
	g.site = site
	g.part.comms, g.part.other, g.part.taken = comms, other, -1
	s.stand(g, waitComm)
	return g.part.taken
}

// ToSend waits until a send to a channel can happen, in an interpreted program.
func ToSend(site int32, ch any) { await(site, ch, true) }

// ToReceive waits until a receive from a channel can happen.
func ToReceive(site int32, ch any) { await(site, ch, false) }

func await(site int32, ch any, send bool) {
	if s := active; s != nil && s.in != nil {
		s.communicate(site, []comm{s.commOf(ch, send)}, false)
	}
}

// Choose waits until a case of a select statement can happen, and returns its index, or -1 for the default. dirs has
// an s or an r for each channel, and a d at the end for a default.
func Choose(site int32, dirs string, chans ...any) int {
	s := active
	if s == nil || s.in == nil {
		return -1
	}
	comms := make([]comm, len(chans))
	for i, ch := range chans {
		comms[i] = s.commOf(ch, dirs[i] == 's')
	}
	return s.communicate(site, comms, strings.HasSuffix(dirs, "d"))
}

// ToClose is the scheduling point before a channel is closed.
func ToClose(site int32, ch any) {
	s := active
	if s == nil || s.in == nil {
		return
	}
	P(site)
	if c := s.commOf(ch, true); c.ch != nil {
		c.ch.closed = true
	}
}

// Cap is the capacity of a channel as an interpreted program has made it.
func Cap(ch any) int { return max(0, reflect.ValueOf(ch).Cap()-1) }
