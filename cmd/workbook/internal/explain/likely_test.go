package explain

import (
	"fmt"
	"testing"

	"workbook/cmd/workbook/internal/verdict"
)

const shop = `package shop

import "sync"

// Outcomes is what can happen.
var Outcomes = map[string]int{
	"lost": 1,
}

type Shop struct {
	mu   sync.Mutex
	free []int
}

func New() *Shop { return &Shop{} }

func (s *Shop) Close() { s.mu.Lock() }

func (s *Shop) Free() []int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.free
}

func (s *Shop) restock(n int) {
	s.free = append(s.free, n)
	s.free = append(s.free, n)
	s.free = append(s.free, n)
	s.free = append(s.free, n)
}

type Box[T any] struct{ v T }

func (b *Box[T]) Get() T  { return b.v }
func (b *Box[T]) Set(v T) { b.v = v }
`

// TestPlaceSomewhere wants a line for every finding that has none, the most telling one first.
func TestPlaceSomewhere(t *testing.T) {
	const file = "exercises/shopping/shop/shop.go"
	s := newSource(Input{Tree: "/tree", Files: map[string][]byte{file: []byte(shop)}})
	for _, row := range []struct {
		name string
		f    verdict.Finding
		want string
	}{
		{"function in the sentence", verdict.Finding{Class: verdict.Wrong, Message: `after "lost" Close hung`, Test: "TestFree"}, "17 function"},
		{"quoted string", verdict.Finding{Class: verdict.Wrong, Message: `no "won" nor "lost"`, Detail: []string{"Close"}}, "7 named"},
		{"not an import", verdict.Finding{Class: verdict.Wrong, Message: `want "sync", Outcomes`}, "6 declared"},
		{"race on a result", verdict.Finding{Class: verdict.Race, Message: "The test races."}, "19 returns"},
		{"function in the details", verdict.Finding{Class: verdict.Wrong, Message: "Shop is odd", Detail: []string{"1", "Close hung"}}, "17 function"},
		{"variable", verdict.Finding{Class: verdict.Wrong, Message: "Outcomes has no entry"}, "6 declared"},
		{"type", verdict.Finding{Class: verdict.Wrong, Message: "2 and the Shop is of 1", Test: "TestNew"}, "19 function"},
		{"generic type", verdict.Finding{Class: verdict.Wrong, Message: "the Box is empty"}, "35 function"},
		{"test's name", verdict.Finding{Class: verdict.NotConcurrent, Message: "Not concurrent.", Test: "TestStressNewShops"}, "15 function"},
		{"busiest", verdict.Finding{Class: verdict.Deadlock, Message: "Stuck."}, "19 function"},
		{"its own place", verdict.Finding{Class: verdict.Wrong, Message: "Close", At: []verdict.Place{{File: file, Line: 3, Role: "x"}}}, "3 x"},
		{"policy", verdict.Finding{Class: verdict.Policy, Message: "Close"}, ""},
	} {
		s.placeSomewhere(&row.f)
		got := ""
		for _, at := range row.f.At {
			got += fmt.Sprint(at.Line, " ", at.Role)
			if at.File != file {
				t.Errorf("%s: the place is in %s", row.name, at.File)
			}
		}
		if got != row.want {
			t.Errorf("%s: the place is %q, want %q", row.name, got, row.want)
		}
	}
	bad := newSource(Input{Tree: "/tree", Files: map[string][]byte{file: []byte("package shop\nfunc {")}})
	f := verdict.Finding{Class: verdict.Race, Message: `Close "lost"`, Detail: []string{"Shop"}}
	if bad.placeSomewhere(&f); len(f.At) > 0 {
		t.Errorf("a file without functions has a place: %v", f.At)
	}
}
