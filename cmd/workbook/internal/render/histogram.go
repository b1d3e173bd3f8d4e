package render

import (
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"

	"workbook/cmd/workbook/internal/cell"
)

// The most bars of a histogram, and the most columns of one.
const (
	maxBars  = 10
	maxBar   = 40
	maxLabel = 48
)

// tally is a bar of a histogram.
type tally struct {
	label string
	count int
}

// histogram draws how often each outcome came. ok is false where an outcome has more than one line, or a
// schedule that leads to it: then each is shown whole.
func (d *drawer) histogram(list []cell.Outcome, room int) (lines []line, ok bool) {
	var bars []tally
	for _, o := range list {
		text := strings.TrimSpace(o.Text)
		if strings.Contains(text, "\n") || len(o.Steps) > 0 {
			return nil, false
		}
		switch class := strings.ReplaceAll(o.Class, "-", " "); {
		case o.Class != cell.ClassOK && text != "":
			text = class + ": " + text
		case o.Class != cell.ClassOK:
			text = class
		case text == "":
			text = nothing
		}
		bars = append(bars, tally{cleanLine(text), o.Count})
	}
	if len(bars) > maxBars {
		bars = fewer(bars)
	}
	return d.bars(bars, room), true
}

// bars draws bars behind their labels and counts. Plain mode has the share in words: a bar is noise to
// who listens.
func (d *drawer) bars(bars []tally, room int) (lines []line) {
	label, most, total := 0, 1, 0
	for _, b := range bars {
		label, most, total = max(label, width(b.label)), max(most, b.count), total+b.count
	}
	if d.Plain {
		for _, b := range bars {
			share := fmt.Sprintf("%d of %d runs, %d %%", b.count, total, int(math.Round(100*float64(b.count)/float64(max(total, 1)))))
			lines = append(lines, wrap(plainText(b.label+": "+share, face{}), room)...)
		}
		return lines
	}
	label = min(label, maxLabel, max(room/2, 8))
	count := len(fmt.Sprint(most))
	free := min(room-label-count-2, maxBar)
	for _, b := range bars {
		text := Fit(b.label, label)
		lines = append(lines, line{spans: []span{
			{text: text + strings.Repeat(" ", label-width(text)+1)},
			{text: fmt.Sprintf("%*d ", count, b.count), face: boldFace},
			{text: strip(b.count, most, free), face: codeFace},
		}})
	}
	return lines
}

// barColumns is the length of a bar that means everything.
func (s Style) barColumns() int {
	if s.Width < 60 {
		return 12
	}
	return 24
}

// strip draws one bar of at most columns: something for everything that came at all.
func strip(count, most, columns int) string {
	n := int(math.Round(float64(count*columns) / float64(max(most, 1))))
	if count > 0 {
		n = max(n, 1)
	}
	return strings.Repeat("█", max(min(n, columns), 0))
}

// fewer joins outcomes that are too many to draw: ranges of the number in which they differ, or those
// that came least.
func fewer(bars []tally) []tally {
	if ranges := byRange(bars); ranges != nil {
		return ranges
	}
	rest := 0
	for _, b := range bars[maxBars-1:] {
		rest += b.count
	}
	others := tally{fmt.Sprintf("%d others", len(bars)-maxBars+1), rest}
	return append(bars[:maxBars-1:maxBars-1], others)
}

var numberForm = regexp.MustCompile(`\d+`)

// maxDigits keeps numbers within an int.
const maxDigits = 15

// byRange puts texts that differ in one number into ranges of it, or returns nil.
func byRange(bars []tally) []tally {
	at := differing(bars)
	if at < 0 {
		return nil
	}
	values := make([]int, len(bars))
	low, high := math.MaxInt, 0
	for i, b := range bars {
		values[i], _ = strconv.Atoi(numberForm.FindAllString(b.label, -1)[at]) // at most maxDigits of them
		low, high = min(low, values[i]), max(high, values[i])
	}
	size := (high-low)/maxBars + 1
	ranges := make([]tally, (high-low)/size+1)
	place := numberForm.FindAllStringIndex(bars[0].label, -1)[at]
	before, after := bars[0].label[:place[0]], bars[0].label[place[1]:]
	for i := range ranges {
		from := low + i*size
		ranges[i].label = fmt.Sprintf("%s%d to %d%s", before, from, min(from+size-1, high), after)
	}
	for i, b := range bars {
		ranges[(values[i]-low)/size].count += b.count
	}
	return ranges
}

// differing returns the index of the one number in which all texts differ, -1 where they differ otherwise.
func differing(bars []tally) int {
	first := numberForm.FindAllString(bars[0].label, -1)
	frame := numberForm.ReplaceAllString(bars[0].label, "0")
	at := -1
	for _, b := range bars {
		if numberForm.ReplaceAllString(b.label, "0") != frame {
			return -1
		}
		for i, number := range numberForm.FindAllString(b.label, -1) {
			switch {
			case number == first[i] || i == at && len(number) <= maxDigits:
			case at >= 0 || max(len(number), len(first[i])) > maxDigits:
				return -1
			default:
				at = i
			}
		}
	}
	return at
}
