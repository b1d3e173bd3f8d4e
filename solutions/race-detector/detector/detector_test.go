package detector_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"workbook/solutions/race-detector/detector"
)

// row is a trace with its races, and the reason for them in a sentence.
type row struct {
	name  string
	trace string // "1 write x1; 1 go g2; 2 read x1"
	want  [][2]int
	why   string
}

// words are the names of the events in a trace, with the letters before their objects.
func words() map[string]detector.Op {
	return map[string]detector.Op{
		"read x": detector.Read, "write x": detector.Write,
		"lock m": detector.Lock, "unlock m": detector.Unlock,
		"send c": detector.Send, "recv c": detector.Recv,
		"done w": detector.Done, "wait w": detector.Wait,
		"go g": detector.Go,
	}
}

// parse reads a trace.
func parse(t *testing.T, text string) []detector.Event {
	var trace []detector.Event
	for part := range strings.SplitSeq(text, "; ") {
		var g, obj int
		var word, rest string
		fmt.Sscanf(part, "%d %s %s", &g, &word, &rest)
		op, ok := words()[word+" "+rest[:1]]
		if _, err := fmt.Sscanf(rest[1:], "%d", &obj); err != nil || !ok {
			t.Fatalf("bad event %q in the test", part)
		}
		trace = append(trace, detector.Event{G: g, Op: op, Obj: obj})
	}
	return trace
}

// check compares the races of each trace with those that it has.
func check(t *testing.T, rows []row) {
	t.Helper()
	for _, r := range rows {
		trace := parse(t, r.trace)
		got := detector.Races(slices.Clone(trace))
		parts := strings.Split(r.trace, "; ")
		seen := map[[2]int]bool{}
		for _, pair := range got {
			switch {
			case seen[pair]:
				t.Errorf("%s: of %s, Races reports %v twice", r.name, numbered(parts), pair)
			case pair[0] >= pair[1] || pair[0] < 0 || pair[1] >= len(parts):
				t.Errorf("%s: Races reports %v: want two events of %s, the earlier one first", r.name, pair, numbered(parts))
			case !slices.Contains(r.want, pair):
				t.Errorf("%s: of %s, Races reports events %d and %d, %q and %q: %s", r.name, numbered(parts), pair[0], pair[1], parts[pair[0]], parts[pair[1]], r.why)
			}
			seen[pair] = true
		}
		for _, pair := range r.want {
			if !slices.Contains(got, pair) {
				t.Errorf("%s: of %s, Races does not report events %d and %d, %q and %q: %s", r.name, numbered(parts), pair[0], pair[1], parts[pair[0]], parts[pair[1]], r.why)
			}
		}
	}
}

// numbered writes a trace with the index of each event.
func numbered(parts []string) string {
	var b strings.Builder
	for i, part := range parts {
		fmt.Fprintf(&b, "  %d: %s", i, part)
	}
	return "[" + b.String() + "  ]"
}

func TestAccesses(t *testing.T) {
	check(t, []row{
		{"two writes", "1 write x1; 2 write x1", [][2]int{{0, 1}}, "nothing orders the two writes"},
		{"read, then write", "1 read x1; 2 write x1", [][2]int{{0, 1}}, "a read and a write race too"},
		{"write, then read", "1 write x1; 2 read x1", [][2]int{{0, 1}}, "a write and a read race too"},
		{"two reads", "1 read x1; 2 read x1", nil, "two reads never race"},
		{"one goroutine", "1 write x1; 1 write x1", nil, "what one goroutine does is ordered"},
		{"two variables", "1 write x1; 2 write x2", nil, "different variables do not race"},
		{"all pairs", "1 write x1; 2 read x1; 3 read x1; 4 read x1; 5 write x1; 1 read x1",
			[][2]int{{0, 1}, {0, 2}, {0, 3}, {0, 4}, {1, 4}, {2, 4}, {3, 4}, {4, 5}}, "nothing orders these goroutines, so each write races with every access of another one"},
		{"repeated", "1 write x1; 1 write x1; 2 read x1", [][2]int{{0, 2}, {1, 2}}, "both writes race with the read"},
	})
}

func TestGo(t *testing.T) {
	check(t, []row{
		{"before go", "1 write x1; 1 go g2; 2 write x1", nil, "what happened before the go statement happens before all of the new goroutine"},
		{"after go", "1 go g2; 1 write x1; 2 write x1", [][2]int{{1, 2}}, "the go statement orders nothing that comes after it"},
		{"end of a goroutine", "1 go g2; 2 write x1; 1 read x1", [][2]int{{1, 2}}, "nobody waited for the end of goroutine 2"},
		{"two children", "1 go g2; 1 go g3; 2 write x1; 3 write x1", [][2]int{{2, 3}}, "goroutine 3 does not see what goroutine 2 does"},
		{"grandchild", "1 write x1; 1 go g2; 2 go g3; 3 read x1", nil, "goroutine 1 before 2, and 2 before 3"},
		{"between two go statements", "1 go g2; 1 write x1; 1 go g3; 3 read x1; 2 read x1", [][2]int{{1, 4}}, "the write is before the second go statement, and after the first"},
	})
}

func TestLocks(t *testing.T) {
	check(t, []row{
		{"one lock", "1 lock m1; 1 write x1; 1 unlock m1; 2 lock m1; 2 write x1; 2 unlock m1", nil, "the Unlock happens before the next Lock of the same mutex"},
		{"two locks", "1 lock m1; 1 write x1; 1 unlock m1; 2 lock m2; 2 write x1; 2 unlock m2", [][2]int{{1, 4}}, "lock 1 and lock 2 do not order these"},
		{"unlocked reader", "1 lock m1; 1 write x1; 1 unlock m1; 2 read x1", [][2]int{{1, 3}}, "the reader has not locked anything"},
		{"after the Unlock", "1 lock m1; 1 unlock m1; 1 write x1; 2 lock m1; 2 write x1; 2 unlock m1", [][2]int{{2, 4}}, "an Unlock orders what is before it, not what comes after"},
		{"A before B", "1 write x1; 1 lock m1; 1 unlock m1; 2 lock m1; 2 unlock m1; 2 write x1", nil, "the first write is before the Unlock, and the second after the Lock: in this order nothing can be seen"},
		{"B before A", "2 lock m1; 2 unlock m1; 2 write x1; 1 write x1; 1 lock m1; 1 unlock m1", [][2]int{{2, 3}}, "the same program, but here the lock orders nothing that matters"},
		{"far apart", "1 lock m1; 1 write x1; 1 unlock m1; 3 lock m1; 3 unlock m1; 2 lock m1; 2 read x1; 2 unlock m1", nil, "an Unlock happens before every later Lock, not only before the next"},
		{"one lock of two in common", "1 lock m1; 1 lock m2; 1 write x1; 1 unlock m2; 1 unlock m1; 2 lock m2; 2 write x1; 2 unlock m2", nil, "lock 2 orders these"},
	})
}

func TestChannels(t *testing.T) {
	check(t, []row{
		{"send, receive", "1 write x1; 1 send c1; 2 recv c1; 2 read x1", nil, "a send happens before the receive of its value"},
		{"after the send", "1 send c1; 1 write x1; 2 recv c1; 2 read x1", [][2]int{{1, 3}}, "a send orders what is before it, not what comes after"},
		{"before the receive", "1 write x1; 1 send c1; 2 read x1; 2 recv c1", [][2]int{{0, 2}}, "a receive orders what comes after it"},
		{"no way back", "2 write x1; 1 send c1; 2 recv c1; 1 read x1", [][2]int{{0, 3}}, "a receive tells the sender nothing, as long as the channel has room"},
		{"first come, first served", "1 write x1; 1 send c1; 2 write x2; 2 send c1; 3 recv c1; 3 read x1; 3 read x2; 3 recv c1; 3 read x2",
			[][2]int{{2, 6}}, "the first receive gets the first value, and knows nothing of the second"},
		{"two receivers", "1 send c1; 1 write x1; 1 send c1; 2 recv c1; 3 recv c1; 3 read x1; 2 read x1", [][2]int{{1, 6}}, "only goroutine 3 has received the value that was sent after the write"},
		{"two channels", "1 write x1; 1 send c1; 2 send c2; 3 recv c2; 3 read x1", [][2]int{{0, 4}}, "the value came from another channel"},
	})
}

func TestWaitGroups(t *testing.T) {
	check(t, []row{
		{"wait for two", "1 go g2; 1 go g3; 2 write x1; 2 done w1; 3 write x2; 3 done w1; 1 wait w1; 1 read x1; 1 read x2", nil, "every Done happens before the return of Wait"},
		{"after Done", "1 go g2; 2 done w1; 2 write x1; 1 wait w1; 1 read x1", [][2]int{{2, 4}}, "the write comes after the Done"},
		{"not each other", "2 write x1; 2 done w1; 3 write x1; 3 done w1; 1 wait w1; 1 read x1", [][2]int{{0, 2}}, "two Dones are not ordered with each other, only with the Wait"},
		{"two Waits", "2 write x1; 2 done w1; 1 wait w1; 3 wait w1; 3 read x1", nil, "a Done happens before every later Wait of its group, not only the first"},
		{"two wait groups", "2 write x1; 2 done w1; 3 done w2; 1 wait w2; 1 read x1", [][2]int{{0, 4}}, "the Wait was for another group"},
	})
}

func TestChains(t *testing.T) {
	check(t, []row{
		{"lock, then channel", "1 write x1; 1 lock m1; 1 unlock m1; 2 lock m1; 2 unlock m1; 2 send c1; 3 recv c1; 3 write x1", nil, "1 before 2 because of the lock, 2 before 3 because of the channel, so 1 before 3"},
		{"channel, then wait group", "1 write x1; 1 send c1; 2 recv c1; 2 done w1; 3 wait w1; 3 go g4; 4 read x1", nil, "happens before is handed on, from step to step"},
		{"broken chain", "1 write x1; 2 send c1; 1 send c1; 3 recv c1; 3 done w1; 4 wait w1; 4 read x1", [][2]int{{0, 6}}, "goroutine 3 has received the value of goroutine 2, not that of 1"},
		{"through a pair that races", "1 write x1; 1 send c1; 2 write x1; 2 recv c1; 2 send c2; 3 recv c2; 3 read x1", [][2]int{{0, 2}}, "a race between two goroutines is no reason for another with the third"},
		{"same numbers", "1 lock m1; 1 write x1; 1 unlock m1; 3 send c1; 2 recv c1; 2 wait w1; 2 read x1", [][2]int{{1, 6}}, "lock 1, channel 1 and wait group 1 are different things"},
		{"a number that is also a goroutine's", "2 write x1; 2 lock m3; 2 unlock m3; 3 read x1", [][2]int{{0, 3}}, "lock 3 has nothing to do with goroutine 3"},
	})
}
