package letterfreq_test

import (
	"bytes"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"workbook/solutions/goroutines/letterfreq"
	"workbook/solutions/kit"
)

// count counts the runes of texts that consist of small letters. These count for everybody, also for
// a Frequency that leaves out spaces and the like.
func count(texts ...string) letterfreq.FreqMap {
	freq := letterfreq.FreqMap{}
	for _, text := range texts {
		for _, r := range text {
			freq[r]++
		}
	}
	return freq
}

// compare compares counts with what they must be; of says what was called, and with which texts.
func compare(t *testing.T, of string, got, want letterfreq.FreqMap) {
	t.Helper()
	for r, n := range want {
		if got[r] != n {
			t.Errorf("%s counts %q %d times, want %d", of, r, got[r], n)
			return
		}
	}
	for r, n := range got {
		if want[r] != n {
			t.Errorf("%s counts %q %d times, want %d", of, r, n, want[r])
			return
		}
	}
}

// check counts texts of small letters.
func check(t *testing.T, texts ...string) {
	t.Helper()
	compare(t, describe(texts), letterfreq.ConcurrentFrequency(texts), count(texts...))
}

// describe is the call with these texts.
func describe(texts []string) string {
	if len(texts) > 4 {
		return "ConcurrentFrequency of many texts"
	}
	return "ConcurrentFrequency of \"" + strings.Join(texts, "\", \"") + "\""
}

func TestFrequency(t *testing.T) {
	for _, text := range []string{"", "a", "banana", "øπ本π"} {
		compare(t, "Frequency of \""+text+"\"", letterfreq.Frequency(text), count(text))
	}
}

func TestNoTexts(t *testing.T) {
	for _, texts := range [][]string{nil, {}} {
		if got := letterfreq.ConcurrentFrequency(texts); len(got) != 0 {
			t.Errorf("ConcurrentFrequency of no texts returned %v", got)
		}
	}
}

func TestOneText(t *testing.T) {
	check(t, "øπ本π")
}

func TestTwoTexts(t *testing.T) {
	check(t, "ab", "b")
}

func TestThreeTexts(t *testing.T) {
	check(t, "a", "b", "a")
}

func TestEmptyTexts(t *testing.T) {
	check(t, "", "a")
}

// TestAsFrequency leaves it to Frequency what counts.
func TestAsFrequency(t *testing.T) {
	texts := []string{"A b!", "7 B"}
	want := letterfreq.FreqMap{}
	for _, text := range texts {
		for r, n := range letterfreq.Frequency(text) {
			want[r] += n
		}
	}
	compare(t, describe(texts), letterfreq.ConcurrentFrequency(texts), want)
}

func TestTextsUnchanged(t *testing.T) {
	texts := []string{"b", "a"}
	letterfreq.ConcurrentFrequency(texts)
	if !slices.Equal(texts, []string{"b", "a"}) {
		t.Errorf("ConcurrentFrequency of \"b\", \"a\" has changed its argument, which is %q now", texts)
	}
}

// TestOwnResult changes results, which belong to the caller.
func TestOwnResult(t *testing.T) {
	texts := []string{"a", "b"}
	first := letterfreq.ConcurrentFrequency(texts)
	first['a'] = 100
	compare(t, "a second ConcurrentFrequency of \"a\", \"b\", after the first one's result was changed,",
		letterfreq.ConcurrentFrequency(texts), count("ab"))
	compare(t, "the result of a ConcurrentFrequency of \"a\", \"b\", after another one,", first, letterfreq.FreqMap{'a': 100, 'b': 1})
}

func TestTwoCalls(t *testing.T) {
	kit.Together(
		func() { check(t, "a") },
		func() { check(t, "b") },
	)
}

func TestStressMany(t *testing.T) {
	for range 10 {
		var texts []string
		for i := range 500 {
			texts = append(texts, strings.Repeat(string(rune('a'+i%26)), i%7)+"本")
		}
		if check(t, texts...); t.Failed() {
			return
		}
	}
}

// TestStressOverlap looks at the goroutines that count long texts, again and again: which of them could
// go on at this moment, and which wait for another one? Where texts are counted one by one, whether in one
// goroutine or in several that wait for each other, only one could go on, except in the moment when
// it hands over to the next.
func TestStressOverlap(t *testing.T) {
	// With a single processor everybody who can go on has a turn between two looks, however busy the machine is:
	// a hand-over is seen once or twice, if at all.
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	looks, together, most := 0, 0, 0
	for size := 1 << 20; size <= 1<<25 && looks < 10; size *= 2 {
		s := look(t, slices.Repeat([]string{strings.Repeat("abcdefgh", size/8)}, 2))
		if t.Failed() {
			return
		}
		both, one := s.pair()
		looks, together, most = looks+s.looks, together+both, most+one
		if several(together, most) {
			return
		}
	}
	if looks >= 5 && !several(together, most) {
		t.Errorf("not concurrent: 2 long texts were counted one at a time: in %d of %d looks at the goroutines that count, only one could go on",
			looks-together, looks)
	}
}

// several says of two goroutines, both of which could go on so many times, and the busier one in so many looks in all,
// that they have not taken turns one after the other. One that hands over to the next is seen beside it at most then.
func several(both, one int) bool { return both >= 3 && 3*both >= one }

// sample is what was seen of a call of ConcurrentFrequency.
type sample struct {
	looks int               // in which at least one goroutine could go on
	known map[string]int    // how often each goroutine was seen, by its number
	busy  map[string]int    // how often it could go on
	both  map[[2]string]int // how often both of two could, by their numbers in order
}

// pair returns of the two goroutines that could go on together most often how often they could, and how often the
// busier one of them could.
func (s *sample) pair() (both, one int) {
	for ids, n := range s.both {
		if busier := max(s.busy[ids[0]], s.busy[ids[1]]); n > both || n == both && busier < one {
			both, one = n, busier
		}
	}
	for _, n := range s.busy {
		if both == 0 {
			one = max(one, n)
		}
	}
	return both, one
}

// look calls ConcurrentFrequency, and looks until it returns or has been seen often enough.
func look(t *testing.T, texts []string) *sample {
	s := &sample{known: map[string]int{}, busy: map[string]int{}, both: map[[2]string]int{}}
	var over atomic.Bool
	end := make(chan struct{})
	go func() {
		defer close(end)
		defer over.Store(true)
		check(t, texts...)
	}()
	dump := make([]byte, 1<<20)
	for s.looks < 40 && !over.Load() {
		runtime.Gosched()
		s.add(dump[:runtime.Stack(dump, true)])
	}
	<-end
	return s
}

var (
	header   = regexp.MustCompile(`^goroutine (\d+) [^\[]*\[([a-z]+)`)
	counting = regexp.MustCompile(`\bletterfreq\.`)
)

// add counts which goroutines of a dump are in the package under test and do not wait, except for those that are new and
// have not had a turn.
func (s *sample) add(dump []byte) {
	var ids []string
	for g := range bytes.SplitSeq(dump, []byte("\n\n")) {
		h := header.FindSubmatch(g)
		if h == nil {
			continue
		}
		id, state := string(h[1]), string(h[2])
		if s.known[id] > 0 && (state == "running" || state == "runnable") && counting.Match(g) {
			ids = append(ids, id)
			s.busy[id]++
		}
		s.known[id]++
	}
	slices.Sort(ids)
	for i, id := range ids {
		for _, other := range ids[i+1:] {
			s.both[[2]string{id, other}]++
		}
	}
	if len(ids) > 0 {
		s.looks++
	}
}
