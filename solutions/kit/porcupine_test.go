package kit

import (
	"math/rand/v2"
	"testing"

	"github.com/anishathalye/porcupine"
)

// A model says what a call may return; the same function serves Linearizable and porcupine.
type model struct {
	name  string
	start string
	step  func(state string, in, out int) (string, bool)
	calls func(r *rand.Rand) int // an In
	wrong func(r *rand.Rand, out int) int
}

// models are a register (In is the number to write, -1 reads), a counter (In is what to add, and the result what was
// there before) and a queue of single digits (In is the digit to add, -1 takes the first one, or returns -1).
var models = []model{
	{"register", "0", func(state string, in, out int) (string, bool) {
		if in >= 0 {
			return string(rune('0' + in)), true
		}
		return state, out == int(state[0]-'0')
	}, func(r *rand.Rand) int { return r.IntN(6) - 3 }, another},
	{"counter", "", func(state string, in, out int) (string, bool) {
		if out != len(state) {
			return state, false
		}
		return state + "xx"[:in], true
	}, func(r *rand.Rand) int { return r.IntN(3) }, another},
	{"queue", "", func(state string, in, out int) (string, bool) {
		switch {
		case in >= 0:
			return state + string(rune('0'+in)), true
		case state == "":
			return state, out == -1
		}
		return state[1:], out == int(state[0]-'0')
	}, func(r *rand.Rand) int { return max(r.IntN(6)-3, -1) }, another},
}

// another is a result near the right one.
func another(r *rand.Rand, out int) int { return out + r.IntN(3) - 1 }

// results finds what a call returns in a state, by trying.
func (m model) results(state string, in int) (next string, out int) {
	for out = -1; out < 40; out++ {
		if next, ok := m.step(state, in, out); ok {
			return next, out
		}
	}
	panic("no result is right")
}

// history makes a history of calls by some goroutines, each of which calls again when its call has returned. Each call
// takes effect at some moment between; in three of four histories some results may be wrong, perhaps so that another order
// explains them.
func (m model) history(r *rand.Rand) []Op[int, int] {
	clients, n := 1+r.IntN(4), 1+r.IntN(9)
	type call struct{ op, phase int }
	running := make([]*call, clients)
	var ops []Op[int, int]
	state, spoilt := m.start, r.IntN(4) > 0
	for moment := int64(1); ; {
		c := r.IntN(clients)
		switch now := running[c]; {
		case now == nil && len(ops) < n:
			running[c] = &call{op: len(ops)}
			ops = append(ops, Op[int, int]{In: m.calls(r), Call: moment, Return: -1})
			moment++
		case now == nil:
			if returned(ops) {
				return ops
			}
		case now.phase == 0:
			now.phase = 1
			op := &ops[now.op]
			state, op.Out = m.results(state, op.In)
			if spoilt && r.IntN(3) == 0 {
				op.Out = m.wrong(r, op.Out)
			}
		default:
			ops[now.op].Return = moment
			moment++
			running[c] = nil
		}
	}
}

func returned(ops []Op[int, int]) bool {
	for _, op := range ops {
		if op.Return < 0 {
			return false
		}
	}
	return true
}

// porcupine asks the well-known checker.
func (m model) porcupine(ops []Op[int, int]) bool {
	p := porcupine.Model{
		Init: func() any { return m.start },
		Step: func(state, in, out any) (bool, any) {
			next, ok := m.step(state.(string), in.(int), out.(int))
			return ok, next
		},
	}
	var history []porcupine.Operation
	for i, op := range ops {
		history = append(history, porcupine.Operation{ClientId: i, Input: op.In, Call: op.Call, Output: op.Out, Return: op.Return})
	}
	return porcupine.CheckOperations(p, history)
}

// TestLinearizableAsPorcupine compares the answers of Linearizable and of porcupine for 3,000 histories of each
// model. Both answers must be frequent, else it says little.
func TestLinearizableAsPorcupine(t *testing.T) {
	const histories = 3000
	for _, m := range models {
		t.Run(m.name, func(t *testing.T) {
			t.Parallel()
			yes := 0
			for seed := range uint64(histories) {
				ops := m.history(rand.New(rand.NewPCG(seed, 1)))
				got, want := Linearizable(ops, m.start, m.step), m.porcupine(ops)
				if got != want {
					t.Fatalf("seed %d: Linearizable = %t, porcupine says %t of %v", seed, got, want, ops)
				}
				if got {
					yes++
				}
			}
			if yes < histories/5 || yes > histories*4/5 {
				t.Errorf("%d of %d histories are linearizable: too few or too many to compare", yes, histories)
			}
			t.Logf("%d of %d histories are linearizable", yes, histories)
		})
	}
}

// FuzzLinearizable compares them for histories of the fuzzer's.
func FuzzLinearizable(f *testing.F) {
	f.Add(uint64(7), uint8(0))
	f.Fuzz(func(t *testing.T, seed uint64, which uint8) {
		m := models[int(which)%len(models)]
		ops := m.history(rand.New(rand.NewPCG(seed, 2)))
		if got, want := Linearizable(ops, m.start, m.step), m.porcupine(ops); got != want {
			t.Errorf("Linearizable = %t, porcupine says %t of %v", got, want, ops)
		}
	})
}
