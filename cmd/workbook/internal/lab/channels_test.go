package lab

import "testing"

func TestSendAll(t *testing.T) {
	for _, room := range []int{0, 1, 100} {
		if got := sendAll(1000, room); got != 499_500 {
			t.Errorf("sendAll(1000, %d) = %d, want 499,500", room, got)
		}
	}
}

// TestChances: a case has the same chance as every other one. The bounds are some thirty standard deviations away.
func TestChances(t *testing.T) {
	const n = 90_000
	if first, second := evenly(n); first+second != n || first < n*45/100 || first > n*55/100 {
		t.Errorf("of %d rounds a was taken in %d and b in %d, want about half", n, first, second)
	}
	if twice, once := chosen(n); twice+once != n || twice < n*62/100 || twice > n*71/100 {
		t.Errorf("of %d rounds a was taken in %d and b in %d, want about two thirds", n, twice, once)
	}
}

// TestAnswers: what was measured decides the answer.
func TestAnswers(t *testing.T) {
	figures := func(title string, values map[string]float64) Result {
		var all []Point
		for label, v := range values {
			all = append(all, Point{Label: label, Value: v})
		}
		return Result{Charts: []Chart{{Title: title, Series: []Series{{"", all}}}}}
	}
	for _, tt := range []struct {
		answer func(Result) (int, string)
		r      Result
		want   int
	}{
		{buffersAnswer, figures(bufferTimes, map[string]float64{"0": 260, "100": 75, "10000": 55}), 0},
		{buffersAnswer, figures(bufferTimes, map[string]float64{"0": 260, "100": 200, "10000": 55}), 1},
		{buffersAnswer, figures(bufferTimes, map[string]float64{"0": 100, "100": 99, "10000": 98}), 2},
		{fairnessAnswer, figures(fairShares, map[string]float64{fairFirst: 50, fairDoubled: 66.7}), 2},
		{fairnessAnswer, figures(fairShares, map[string]float64{fairFirst: 50, fairDoubled: 50.1}), 1},
		{fairnessAnswer, figures(fairShares, map[string]float64{fairFirst: 100, fairDoubled: 100}), 0},
	} {
		if got, why := tt.answer(tt.r); got != tt.want || why == "" {
			t.Errorf("the answer is %d, %q, want %d", got, why, tt.want)
		}
	}
}
