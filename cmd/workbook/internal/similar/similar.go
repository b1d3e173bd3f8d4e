// Package similar finds programs that look alike.
//
// It compares tokens of Go: names and literals count for nothing, and what stands in the starter or in very
// many programs neither. What it finds are places for people to look at. It is never a verdict: short
// exercises have few ways to be solved well, and two who never met find the same one.
package similar

import (
	"cmp"
	"go/scanner"
	"go/token"
	"hash/maphash"
	"slices"
)

// The size of what is compared: a passage of gram tokens may be found alike, one of gram+window-1 tokens
// surely is (Schleimer, Wilkerson and Aiken, Winnowing, 2003).
const (
	gram   = 12
	window = 4
)

// Common is how many programs a passage may be in before it counts as what everybody writes.
const Common = 10

// Source is a program.
type Source struct {
	Name string
	Text []byte
}

// Pair is two programs that have passages in common.
type Pair struct {
	A, B    string  // their names, A before B in the order of the sources
	Score   float64 // the share of their own tokens that is in the passages, from 0 to 1
	Tokens  int     // in the passages of A
	Longest int     // tokens of the longest passage
	CoverA  float64 // the share of A's own tokens that is in them
	CoverB  float64
	Matches []Match // in the order of A
}

// Match is a passage that two programs have in common.
type Match struct {
	A, B   Lines
	Tokens int
}

// Lines are a passage's first and last line, from 1.
type Lines struct{ From, To int }

// Compare returns the pairs of programs with passages in common, the most similar first. Passages of the
// starter count for nothing.
func Compare(sources []Source, starter []byte) []Pair {
	c := &comparison{seed: maphash.MakeSeed(), starter: map[uint64]bool{}, index: map[uint64][]place{}}
	for _, h := range c.grams(read(starter)) {
		c.starter[h] = true
	}
	for i, s := range sources {
		c.add(i, read(s.Text))
	}
	var pairs []Pair
	for _, ab := range c.candidates() {
		if p, ok := c.pair(ab[0], ab[1]); ok {
			p.A, p.B = sources[ab[0]].Name, sources[ab[1]].Name
			pairs = append(pairs, p)
		}
	}
	slices.SortFunc(pairs, func(x, y Pair) int {
		return cmp.Or(cmp.Compare(y.Score, x.Score), cmp.Compare(x.A, y.A), cmp.Compare(x.B, y.B))
	})
	return pairs
}

// word is a token without its name or value.
type word struct {
	kind token.Token
	line int
}

// read returns a program's words. What is no Go is read as far as it looks like it.
func read(text []byte) []word {
	var s scanner.Scanner
	fset := token.NewFileSet()
	s.Init(fset.AddFile("", fset.Base(), len(text)), text, func(token.Position, string) {}, 0)
	var words []word
	for {
		pos, kind, _ := s.Scan()
		if kind == token.EOF {
			return words
		}
		if kind.IsLiteral() && kind != token.IDENT {
			kind = token.STRING
		}
		words = append(words, word{kind, fset.PositionFor(pos, false).Line})
	}
}

// place is where a fingerprint is: in which program, at which word.
type place struct{ source, at int }

// comparison is one run.
type comparison struct {
	seed    maphash.Seed
	starter map[uint64]bool
	words   [][]word
	own     [][]bool // by program and word: it is not of the starter
	index   map[uint64][]place
}

// grams are the hashes of all passages of gram words.
func (c *comparison) grams(words []word) []uint64 {
	var all []uint64
	for i := 0; i+gram <= len(words); i++ {
		var h maphash.Hash
		h.SetSeed(c.seed)
		for _, w := range words[i : i+gram] {
			h.WriteByte(byte(w.kind))
		}
		all = append(all, h.Sum64())
	}
	return all
}

// add indexes a program: of every window of passages the one with the least hash.
func (c *comparison) add(source int, words []word) {
	grams := c.grams(words)
	own := make([]bool, len(words))
	for i := range own {
		own[i] = true
	}
	for i, h := range grams {
		if c.starter[h] {
			for j := i; j < i+gram; j++ {
				own[j] = false
			}
		}
	}
	c.words, c.own = append(c.words, words), append(c.own, own)
	last := -1
	for i := range grams {
		end := min(i+window, len(grams))
		least := i
		for j := i; j < end; j++ {
			if grams[j] <= grams[least] {
				least = j
			}
		}
		if h := grams[least]; least != last && !c.starter[h] {
			c.index[h] = append(c.index[h], place{source, least})
		}
		last = least
	}
}

// candidates are the pairs of programs that share a fingerprint that is not common.
func (c *comparison) candidates() [][2]int {
	seen := map[[2]int]bool{}
	for _, places := range c.index {
		if c.common(places) {
			continue
		}
		for i, p := range places {
			for _, q := range places[i+1:] {
				if p.source != q.source {
					seen[[2]int{min(p.source, q.source), max(p.source, q.source)}] = true
				}
			}
		}
	}
	pairs := make([][2]int, 0, len(seen))
	for ab := range seen {
		pairs = append(pairs, ab)
	}
	return pairs
}

// common reports whether a passage is in so many programs that it says nothing.
func (c *comparison) common(places []place) bool {
	n := 0
	for i, p := range places {
		if i == 0 || places[i-1].source != p.source {
			n++
		}
	}
	return n > Common
}

// pair looks for the passages of two programs, the longest ones that begin with a shared fingerprint.
func (c *comparison) pair(a, b int) (Pair, bool) {
	var starts [][2]int
	for _, places := range c.index {
		if c.common(places) {
			continue
		}
		for _, p := range places {
			for _, q := range places {
				if p.source == a && q.source == b {
					starts = append(starts, [2]int{p.at, q.at})
				}
			}
		}
	}
	var matches []passage
	for _, s := range starts {
		matches = append(matches, c.extend(a, b, s[0], s[1]))
	}
	slices.SortFunc(matches, func(x, y passage) int { return cmp.Or(y.n-x.n, x.a-y.a, x.b-y.b) })
	p := c.choose(a, b, matches)
	return p, len(p.Matches) > 0
}

// passage is n words at a in one program and at b in another.
type passage struct{ a, b, n int }

// extend makes a passage as long as the words are alike.
func (c *comparison) extend(a, b, i, j int) passage {
	x, y := c.words[a], c.words[b]
	for i > 0 && j > 0 && x[i-1].kind == y[j-1].kind {
		i, j = i-1, j-1
	}
	n := 0
	for i+n < len(x) && j+n < len(y) && x[i+n].kind == y[j+n].kind {
		n++
	}
	return passage{i, j, n}
}

// choose takes the longest passages, and of those that overlap them in either program what is left.
func (c *comparison) choose(a, b int, matches []passage) Pair {
	t := tiling{comparison: c, a: a, b: b, usedA: make([]bool, len(c.words[a])), usedB: make([]bool, len(c.words[b]))}
	for _, m := range matches {
		from := 0
		for k := range m.n + 1 {
			if k < m.n && !t.usedA[m.a+k] && !t.usedB[m.b+k] {
				continue
			}
			if k-from >= gram {
				t.take(passage{m.a + from, m.b + from, k - from})
			}
			from = k + 1
		}
	}
	slices.SortFunc(t.Matches, func(x, y Match) int { return cmp.Or(x.A.From-y.A.From, x.B.From-y.B.From) })
	allA, allB := total(c.own[a]), total(c.own[b])
	t.CoverA, t.CoverB = share(t.coveredA, allA), share(t.coveredB, allB)
	t.Score = share(t.coveredA+t.coveredB, allA+allB)
	return t.Pair
}

// tiling is a pair while its passages are chosen.
type tiling struct {
	*comparison
	Pair
	a, b               int
	usedA, usedB       []bool // by word: it is in a passage
	coveredA, coveredB int    // own words in passages
}

// take adds a passage, unless nearly all of it is the starter's.
func (t *tiling) take(m passage) {
	ownA, ownB := 0, 0
	for k := range m.n {
		t.usedA[m.a+k], t.usedB[m.b+k] = true, true
		ownA, ownB = ownA+count(t.own[t.a][m.a+k]), ownB+count(t.own[t.b][m.b+k])
	}
	if min(ownA, ownB) < gram {
		return
	}
	t.coveredA, t.coveredB = t.coveredA+ownA, t.coveredB+ownB
	t.Tokens, t.Longest = t.Tokens+m.n, max(t.Longest, m.n)
	t.Matches = append(t.Matches, Match{t.lines(t.a, m.a, m.n), t.lines(t.b, m.b, m.n), m.n})
}

func (c *comparison) lines(source, at, n int) Lines {
	return Lines{c.words[source][at].line, c.words[source][at+n-1].line}
}

func count(b bool) int {
	if b {
		return 1
	}
	return 0
}

func total(own []bool) int {
	n := 0
	for _, b := range own {
		n += count(b)
	}
	return n
}

func share(part, whole int) float64 {
	if whole == 0 {
		return 0
	}
	return float64(part) / float64(whole)
}
