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
	// One processor for the one who looks, and one for those who count.
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(2))
	var all sample
	for size := 1 << 18; size <= 1<<21 && all.looks < 150; size *= 2 {
		s := look(t, slices.Repeat([]string{strings.Repeat("abcdefgh", size/8)}, 2))
		if t.Failed() || s.looks >= 30 && s.several() {
			return
		}
		all.looks += s.looks
		all.together += s.together
	}
	if all.looks >= 20 && !all.several() {
		t.Errorf("not concurrent: 2 long texts were counted one at a time: in %d of %d looks at the goroutines that count, only one could go on",
			all.looks-all.together, all.looks)
	}
}

// sample is what was seen of calls of ConcurrentFrequency.
type sample struct {
	looks    int            // while at least one goroutine could go on
	together int            // while several could
	known    map[string]int // how often each goroutine was seen, by its number
}

// several says that the texts were not counted one by one.
func (s *sample) several() bool { return 5*s.together >= s.looks }

// look calls ConcurrentFrequency, and looks until it returns or has been seen often enough.
func look(t *testing.T, texts []string) *sample {
	s := &sample{known: map[string]int{}}
	var over atomic.Bool
	end := make(chan struct{})
	go func() {
		defer close(end)
		defer over.Store(true)
		check(t, texts...)
	}()
	dump := make([]byte, 1<<20)
	for s.looks < 60 && !over.Load() {
		// Making a dump takes the processor from the goroutine that counts, so another one that could
		// go on gets its turn, and is seen between two of its steps and not where it hands over.
		switch n := s.busy(dump[:runtime.Stack(dump, true)]); {
		case n > 1:
			s.together++
			fallthrough
		case n == 1:
			s.looks++
		}
		for range 2000 {
			if over.Load() {
				break
			}
		}
	}
	<-end
	return s
}

var (
	header   = regexp.MustCompile(`^goroutine (\d+) [^\[]*\[([a-z]+)`)
	counting = regexp.MustCompile(`\bletterfreq\.`)
)

// busy returns how many goroutines of a dump are in the package under test and do not wait, except for
// those that are new and have not had a turn.
func (s *sample) busy(dump []byte) (n int) {
	for g := range bytes.SplitSeq(dump, []byte("\n\n")) {
		h := header.FindSubmatch(g)
		if h == nil {
			continue
		}
		id, state := string(h[1]), string(h[2])
		if s.known[id] >= 5 && (state == "running" || state == "runnable") && counting.Match(g) {
			n++
		}
		s.known[id]++
	}
	return n
}
