package lab

import (
	"context"
	"fmt"
	"strconv"
)

// chosen counts which case a select takes where all are ready, in n rounds: a channel that two cases receive from
// stands first, one with a single case last.
func chosen(n int) (twice, once int) {
	a, b := make(chan struct{}), make(chan struct{})
	close(a) // a closed channel is always ready
	close(b)
	for range n {
		select {
		case <-a:
			twice++
		case <-a:
			twice++
		case <-b:
			once++
		}
	}
	return twice, once
}

// evenly is the same with a case each.
func evenly(n int) (first, second int) {
	a, b := make(chan struct{}), make(chan struct{})
	close(a)
	close(b)
	for range n {
		select {
		case <-a:
			first++
		case <-b:
			second++
		}
	}
	return first, second
}

const (
	fairShares  = "share of the rounds, in %"
	fairFirst   = "a, of a and b"
	fairDoubled = "a, of a, a and b"
)

func fairness() Experiment {
	return Experiment{
		Name:  "fairness",
		Title: "Which case a select takes",
		Expect: "Two channels, a and b, can always be received from. A select with a case for each, a written first, goes round thousands of times; " +
			"then one in which a has two cases and b one.",
		Question: Question{
			Text:    "How often is it a, where a has two cases of three?",
			Options: []string{"always: its cases come first", "in half of the rounds: there are two channels", "in two rounds of three: there are three cases"},
			Answer:  fairnessAnswer,
		},
		Run: runFairness,
	}
}

func runFairness(ctx context.Context, b *Bench) (Result, error) {
	n := b.size(20_000)
	share := func(f func(int) (int, int)) func() []float64 {
		return func() []float64 {
			first, rest := f(n)
			return []float64{100 * float64(first) / float64(first+rest)}
		}
	}
	rows := []*row{{label: fairFirst, trial: share(evenly)}, {label: fairDoubled, trial: share(chosen)}}
	if err := b.rounds(ctx, rows); err != nil {
		return Result{}, err
	}
	return Result{Charts: []Chart{{Title: fairShares, Kind: Bars, Unit: "%", Shows: Median, Legend: strconv.Itoa(n) + " rounds in a trial", Series: []Series{{"", points(rows, 0, Median)}}}}}, nil
}

func fairnessAnswer(r Result) (int, string) {
	first, okFirst := r.value(fairShares, "", fairFirst)
	doubled, okDoubled := r.value(fairShares, "", fairDoubled)
	if !okFirst || !okDoubled {
		return -1, "there was no time for every row"
	}
	figures := fmt.Sprintf("a was taken in %s %% of the rounds, and in %s %% where two cases of three were its. ", number(first), number(doubled))
	const why = "A select looks at its cases in an order that it draws anew each time, and takes the first that is ready. Every case has the same chance, wherever it stands; " +
		"a channel with two cases has it twice."
	switch {
	case doubled > 90:
		return 0, figures + why
	case doubled < 58:
		return 1, figures + why
	}
	return 2, figures + why
}
