package render

import (
	"fmt"
	"strings"
	"testing"
)

func TestByRange(t *testing.T) {
	for _, tt := range []struct{ name, texts, want string }{
		{"one number", "9 lost, 0 lost, 12 lost, 29 lost", "0 to 2 lost 1, 3 to 5 lost 0, 6 to 8 lost 0, 9 to 11 lost 1, 12 to 14 lost 1, 15 to 17 lost 0, 18 to 20 lost 0, 21 to 23 lost 0, 24 to 26 lost 0, 27 to 29 lost 1"},
		{"the second number", "n1 = 5, n1 = 6, n1 = 6", "n1 = 5 to 5 1, n1 = 6 to 6 2"},
		{"two numbers", "1 of 2, 2 of 3", ""},
		{"other words", "1 of 2, 1 in 2", ""},
		{"too long to count", "1234567890123456, 1234567890123457", ""},
		{"the second one too long", "1, 2, 1234567890123456", ""},
		{"wide", "999999999999999, 0", "0 to 99999999999999 1, 100000000000000 to 199999999999999 0, 200000000000000 to 299999999999999 0, 300000000000000 to 399999999999999 0, 400000000000000 to 499999999999999 0, 500000000000000 to 599999999999999 0, 600000000000000 to 699999999999999 0, 700000000000000 to 799999999999999 0, 800000000000000 to 899999999999999 0, 900000000000000 to 999999999999999 1"},
	} {
		var bars []tally
		for text := range strings.SplitSeq(tt.texts, ", ") {
			bars = append(bars, tally{text, 1})
		}
		var got []string
		for _, b := range byRange(bars) {
			got = append(got, fmt.Sprintf("%s %d", b.label, b.count))
		}
		if strings.Join(got, ", ") != tt.want {
			t.Errorf("%s: byRange = %s, want %s", tt.name, strings.Join(got, ", "), tt.want)
		}
	}
}
