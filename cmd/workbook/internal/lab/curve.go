package lab

import (
	"fmt"
	"math"
	"strings"
)

// height is the lines of a curve's picture, without its axis.
const height = 9

// marks are the series' marks, the first one's on top.
var marks = []rune{'●', '○'}

// curve draws series over places that are evenly far apart, from zero up.
func (s Style) curve(c Chart) []string {
	if len(c.Series) == 0 || len(c.Series[0].Points) == 0 {
		return nil
	}
	top := 0.0
	for _, series := range c.Series {
		for _, p := range series.Points {
			top = max(top, p.Value)
		}
	}
	const axis = 8
	room := min(s.Width-axis-4, 64)
	picture := newPicture(room)
	for i := len(c.Series) - 1; i >= 0; i-- {
		picture.join(c.Series[i].Points, top, marks[i%len(marks)])
	}
	var lines []string
	for i, row := range picture {
		tick := ""
		if v := top * float64(height-1-i) / (height - 1); i%4 == 0 {
			tick = number(v)
		}
		lines = append(lines, fmt.Sprintf("%*s │", axis-2, tick)+string(row))
	}
	lines = append(lines, strings.Repeat(" ", axis-1)+"└"+strings.Repeat("─", room), strings.Repeat(" ", axis)+axisLabels(c.Series[0].Points, room))
	if len(c.Series) > 1 {
		for i, series := range c.Series {
			lines = append(lines, "  "+string(marks[i%len(marks)])+" "+series.Name)
		}
	}
	return lines
}

// picture is rows of characters.
type picture [][]rune

func newPicture(room int) picture {
	p := make(picture, height)
	for i := range p {
		p[i] = []rune(strings.Repeat(" ", room))
	}
	return p
}

// place returns the column of point i of n.
func place(i, n, room int) int {
	if n == 1 {
		return room / 2
	}
	return 1 + i*(room-3)/(n-1)
}

// join draws the points of a series with dots between them.
func (p picture) join(points []Point, top float64, mark rune) {
	room := len(p[0])
	at := func(v float64) int {
		if top <= 0 {
			return height - 1
		}
		return height - 1 - int(math.Round(v/top*(height-1)))
	}
	for i := 1; i < len(points); i++ {
		from, to := place(i-1, len(points), room), place(i, len(points), room)
		for x := from + 1; x < to; x++ {
			share := float64(x-from) / float64(to-from)
			y := at(points[i-1].Value + share*(points[i].Value-points[i-1].Value))
			if p[y][x] == ' ' {
				p[y][x] = '·'
			}
		}
	}
	for i, point := range points {
		p[at(point.Value)][place(i, len(points), room)] = mark
	}
}

// axisLabels writes the labels below their places, leaving out those that would touch another.
func axisLabels(points []Point, room int) string {
	text := []rune(strings.Repeat(" ", room+3))
	free := 0
	for i, p := range points {
		label := []rune(p.Label)
		from := min(max(0, place(i, len(points), room)-len(label)/2), len(text)-len(label))
		if from < free || from < 0 {
			continue
		}
		copy(text[from:], label)
		free = from + len(label) + 1
	}
	return string(text)
}
