package lab

import (
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Style says how wide the reader's screen is, and whether it takes more than plain ASCII.
type Style struct {
	Width int // 80 where it is 0, never less than 30
	Plain bool
}

// normal returns the style with its width settled.
func (s Style) normal() Style {
	if s.Width == 0 {
		s.Width = 80
	}
	s.Width = min(max(s.Width, 30), 120)
	return s
}

// ascii replaces what plain text does not have.
var ascii = strings.NewReplacer("µ", "u", "█", "#", "▒", "=", "░", "-", "›", ">", "●", "*", "○", "o", "·", ".", "│", "|", "└", "+", "─", "-", "…", "...", "—", "-")

// write writes lines, none of them with blanks at its end.
func (s Style) write(w io.Writer, lines []string) error {
	var b strings.Builder
	for _, l := range lines {
		b.WriteString(strings.TrimRight(l, " ") + "\n")
	}
	text := b.String()
	if s.Plain {
		text = ascii.Replace(text)
	}
	_, err := io.WriteString(w, text)
	return err
}

// measure is how wide prose is set.
const measure = 92

// wrap sets text in lines; the first is indented as the text is, the others by hang.
func (s Style) wrap(text, hang string) []string {
	var lines []string
	cur := text[:len(text)-len(strings.TrimLeft(text, " "))]
	empty := true
	for _, w := range strings.Fields(text) {
		if !empty && columns(cur)+1+columns(w) > min(s.Width, measure) {
			lines = append(lines, cur)
			cur, empty = hang, true
		}
		if !empty {
			cur += " "
		}
		cur, empty = cur+w, false
	}
	return append(lines, cur)
}

func columns(text string) int { return utf8.RuneCountInString(text) }

func padded(text string, width int) string {
	return text + strings.Repeat(" ", max(0, width-columns(text)))
}

// List writes the experiments' names with their titles.
func (s Style) List(w io.Writer, list []Experiment) error {
	s = s.normal()
	var lines []string
	for _, e := range list {
		if s.Width >= 64 {
			lines = append(lines, padded(e.Name, 14)+e.Title)
			continue
		}
		lines = append(lines, e.Name)
		for _, l := range (Style{Width: s.Width - 2}).wrap(e.Title, "") {
			lines = append(lines, "  "+l)
		}
	}
	return s.write(w, lines)
}

// Intro writes what an experiment does; Ask writes its question with the options numbered from 1.
func (s Style) Intro(w io.Writer, e Experiment) error {
	s = s.normal()
	lines := append(s.wrap(e.Name+": "+e.Title, "  "), "")
	lines = append(lines, s.wrap(e.Expect, "")...)
	return s.write(w, append(lines, ""))
}

// Ask writes an experiment's question with the options numbered from 1.
func (s Style) Ask(w io.Writer, q Question) error {
	s = s.normal()
	lines := s.wrap(q.Text, "")
	for i, o := range q.Options {
		lines = append(lines, s.wrap("  "+strconv.Itoa(i+1)+" "+o, "    ")...)
	}
	return s.write(w, lines)
}

// Answer writes what a guess was worth; guess is -1 where none was made.
func (s Style) Answer(w io.Writer, q Question, guess int, r Result) error {
	s = s.normal()
	right, why := q.Answer(r)
	lead := ""
	switch {
	case right < 0:
		lead = "This run cannot tell: "
	case guess < 0:
		lead = fmt.Sprintf("The answer on this machine: %s. ", q.Options[right])
	case guess == right:
		lead = "Right. "
	default:
		lead = fmt.Sprintf("Not on this machine: %s. ", q.Options[right])
	}
	return s.write(w, s.wrap(lead+why, ""))
}

// Result writes the charts of a result, with where it was measured.
func (s Style) Result(w io.Writer, r Result) error {
	s = s.normal()
	lines := s.wrap(fmt.Sprintf("On this machine (%s), in %s s:", r.Machine, strconv.FormatFloat(r.Seconds, 'f', 1, 64)), "  ")
	lines = append(lines, "")
	spread := false
	for _, c := range r.Charts {
		lines = append(lines, s.chart(c)...)
		lines = append(lines, "")
		spread = spread || c.Kind == Bars
	}
	if spread {
		lines = append(lines, s.wrap("Bars: █ the best trial, ▒ up to the median, ░ up to where nine trials in ten are; › goes on.", "  ")...)
	}
	for _, n := range r.Notes {
		lines = append(lines, s.wrap("Note: "+n+".", "  ")...)
	}
	for lines[len(lines)-1] == "" {
		lines = lines[:len(lines)-1]
	}
	return s.write(w, lines)
}

func (s Style) chart(c Chart) []string {
	title := c.Title
	switch {
	case c.Kind == Counts:
	case c.Unit == "":
		title += " (" + c.Shows + ")"
	default:
		title += " (" + c.Unit + ", " + c.Shows + ")"
	}
	lines := s.wrap(title, "  ")
	switch c.Kind {
	case Curve:
		lines = append(lines, s.curve(c)...)
	case Counts:
		lines = append(lines, s.counts(c)...)
	default:
		lines = append(lines, s.bars(c)...)
	}
	if c.Legend != "" {
		lines = append(lines, s.wrap("  "+c.Legend, "  ")...)
	}
	return lines
}

// widest returns the columns of the widest label.
func widest(c Chart) int {
	w := 0
	for _, series := range c.Series {
		for _, p := range series.Points {
			w = max(w, columns(p.Label))
		}
	}
	return w
}

// bars draws a line for each point, two where the screen is narrow.
func (s Style) bars(c Chart) []string {
	top, label := 0.0, widest(c)
	for _, series := range c.Series {
		for _, p := range series.Points {
			top = max(top, p.Median*1.3, p.Value)
		}
	}
	narrow := s.Width < 72
	const value, spread = 9, 25 // columns of the figure, of the spread in words
	room := s.Width - 2 - label - value - 2 - spread - 2
	if narrow || room < 8 {
		narrow, room = true, s.Width-4-spread-1
	}
	var lines []string
	for _, series := range c.Series {
		if series.Name != "" {
			lines = append(lines, s.wrap("  "+series.Name, "  ")...)
		}
		for _, p := range series.Points {
			bar, text := strip(p, top, room), "median "+number(p.Median)+", 90% "+number(p.High)
			if narrow {
				lines = append(lines, "  "+padded(p.Label, min(label, s.Width-2-value))+fmt.Sprintf("%*s", value, number(p.Value)),
					"    "+padded(bar, room)+" "+text)
				continue
			}
			lines = append(lines, "  "+padded(p.Label, label)+fmt.Sprintf("%*s  ", value, number(p.Value))+padded(bar, room)+"  "+text)
		}
	}
	return lines
}

// strip draws the best trial, the median, the ninth trial in ten, as one bar.
func strip(p Point, top float64, room int) string {
	if top <= 0 || room < 1 {
		return ""
	}
	at := func(v float64) int { return int(math.Round(v / top * float64(room))) }
	low, median, high := min(at(p.Low), room), min(at(p.Median), room), at(p.High)
	end := ""
	if high > room {
		high, end = room-1, "›"
	}
	bar := strings.Repeat("█", low) + strings.Repeat("▒", max(0, median-low)) + strings.Repeat("░", max(0, high-max(low, median)))
	if end != "" && columns(bar) >= room {
		bar = string([]rune(bar)[:room-1])
	}
	return bar + end
}

// counts draws outcomes down, series across.
func (s Style) counts(c Chart) []string {
	label := widest(c) + 2
	head := "  " + strings.Repeat(" ", label)
	for _, series := range c.Series {
		head += fmt.Sprintf("%9s", series.Name)
	}
	lines := []string{head}
	if len(c.Series) == 0 {
		return lines
	}
	for i, p := range c.Series[0].Points {
		mark := "  "
		if p.Forbidden {
			mark = " *"
		}
		text := "  " + padded(p.Label+mark, label)
		for _, series := range c.Series {
			text += fmt.Sprintf("%9.0f", series.Points[i].Value)
		}
		lines = append(lines, text)
	}
	return append(lines, s.wrap("  * no interleaving of the steps gives this", "  ")...)
}

// number writes three digits or more of a figure, in six columns at most.
func number(v float64) string {
	switch a := math.Abs(v); {
	case a == 0:
		return "0"
	case a >= 99_950_000:
		return strconv.FormatFloat(v/1e6, 'f', 0, 64) + "M"
	case a >= 99_950:
		return strconv.FormatFloat(v/1e3, 'f', 0, 64) + "k"
	case a >= 99.95:
		return strconv.FormatFloat(v, 'f', 0, 64)
	case a >= 9.995:
		return strconv.FormatFloat(v, 'f', 1, 64)
	case a >= 0.005:
		return strconv.FormatFloat(v, 'f', 2, 64)
	}
	return strconv.FormatFloat(v, 'g', 1, 64)
}
