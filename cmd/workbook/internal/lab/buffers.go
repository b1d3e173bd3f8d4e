package lab

import (
	"context"
	"fmt"
	"strconv"
	"time"
)

// sendAll sends n values through a channel with room for so many, from one goroutine to another, and returns their
// sum.
func sendAll(n, room int) (sum int) {
	values := make(chan int, room)
	go func() {
		defer close(values)
		for i := range n {
			values <- i
		}
	}()
	for v := range values {
		sum += v
	}
	return sum
}

const bufferTimes = "time for one value from one goroutine to another"

// rooms are the capacities that are tried.
var rooms = []int{0, 1, 10, 100, 1000, 10_000}

func buffers() Experiment {
	return Experiment{
		Name:  "buffers",
		Title: "What room in a channel saves",
		Expect: "One goroutine sends numbers, another one adds them up. The channel between them has no room at first, then room for 1 value, " +
			"for 10, for 100 and so on. Both goroutines have next to nothing to do beside the channel.",
		Question: Question{
			Text:    "Where is the greatest gain?",
			Options: []string{"in the first places: from none to 100", "in the last ones: from 100 to 10,000", "room makes no difference: every value goes through in any case"},
			Answer:  buffersAnswer,
		},
		Run: runBuffers,
	}
}

func runBuffers(ctx context.Context, b *Bench) (Result, error) {
	n := b.size(20_000)
	var rows []*row
	for _, room := range rooms {
		rows = append(rows, &row{label: strconv.Itoa(room), trial: func() []float64 {
			start := time.Now()
			sendAll(n, room)
			return []float64{nsEach(time.Since(start), n)}
		}})
	}
	if err := b.rounds(ctx, rows); err != nil {
		return Result{}, err
	}
	return Result{Charts: []Chart{{Title: bufferTimes, Kind: Bars, Unit: "ns", Shows: Best, Legend: "room in the channel", Series: []Series{{"", points(rows, 0, Best)}}}}}, nil
}

func buffersAnswer(r Result) (int, string) {
	none, okNone := r.value(bufferTimes, "", "0")
	some, okSome := r.value(bufferTimes, "", "100")
	most, okMost := r.value(bufferTimes, "", "10000")
	if !okNone || !okSome || !okMost {
		return -1, "there was no time for every row"
	}
	figures := fmt.Sprintf("A value took %s ns without room, %s ns with room for 100, %s ns with room for 10,000. ", number(none), number(some), number(most))
	const why = "Without room the two must meet for every value, and one of them goes to sleep each time; with room a goroutine sends or takes many before it has to. " +
		"Once it sleeps seldom, more room saves nothing more. What is left is the channel's own lock."
	switch {
	case min(some, most) > 0.9*none:
		return 2, figures + "Here it made no difference: the other core was not free, or something else took the time. " + why
	case some-most > none-some:
		return 1, figures + why
	}
	return 0, figures + why
}
