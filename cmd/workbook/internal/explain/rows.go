package explain

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// row is a line of a timeline: what one goroutine does, in one column.
type row struct {
	g      int32
	moves  []*move // several where nothing came between the parts of a statement; none where the row is not about a line
	said   string  // what it says, where moves is empty
	times  int     // how often in a row
	weight int     // how much it matters
	mark   bool    // here it goes wrong
}

// The weights of rows. Those that matter least are left out first where there are too many.
const (
	aside    = iota // neither shared memory nor synchronisation
	shared          // an access to shared memory, or synchronisation
	atSwitch        // before and after another goroutine runs
	atWait          // where a goroutine is stopped
	atFault         // what the diagnosis speaks of
)

// rows are the lines of the timeline of all the steps, before any is left out.
func rows(moves []*move, v view) []*row {
	var all []*row
	marks := v.marks
	calls := map[int32]*call{}
	for i, m := range moves {
		if m.said != "" {
			all = append(all, &row{g: m.G, said: m.said, weight: atFault, mark: slices.Contains(marks, m)})
			continue
		}
		if m.aside() && !slices.Contains(marks, m) {
			continue
		}
		if m.call != nil && m.call != calls[m.G] && m.call.name != "" {
			all = append(all, &row{g: m.G, said: "calls " + cmp.Or(m.call.said, m.call.name), weight: aside})
		}
		calls[m.G] = m.call
		var last *row
		if len(all) > 0 {
			last = all[len(all)-1]
		}
		r := &row{g: m.G, moves: []*move{m}, times: 1, weight: weight(m), mark: slices.Contains(marks, m)}
		if r.mark || slices.Contains(v.about, m) {
			r.weight = atFault
		}
		if i > 0 && moves[i-1].G != m.G {
			r.weight = max(r.weight, atSwitch)
			raise(all, moves[i-1])
		}
		switch {
		case last != nil && last.g == m.G && len(last.moves) > 0 && last.goesOn(m):
			last.moves = append(last.moves, m)
			last.weight, last.mark = max(last.weight, r.weight), last.mark || r.mark
		case last != nil && last.g == m.G && len(last.moves) == 1 && last.moves[0].Site == m.Site && last.line() == r.line() && !r.mark && !last.mark:
			last.times++
			last.weight = max(last.weight, r.weight)
		default:
			all = append(all, r)
		}
	}
	return fade(all)
}

// fade makes light of what goes before the first step that the diagnosis speaks of.
func fade(all []*row) []*row {
	first := slices.IndexFunc(all, func(r *row) bool { return r.weight == atFault })
	for _, r := range all[:max(first, 0)] {
		if len(r.moves) > 0 && r.weight < atWait {
			r.weight = aside
		}
	}
	return all
}

// raise makes the row of a step one that stands before another goroutine's.
func raise(all []*row, m *move) {
	for _, r := range slices.Backward(all) {
		if slices.Contains(r.moves, m) {
			r.weight = max(r.weight, atSwitch)
			return
		}
	}
}

// aside reports whether a step neither uses shared memory nor synchronises, as far as a reader cares: the
// head of a loop, mostly.
func (m *move) aside() bool {
	switch m.Op {
	case "len", "loop", "yield", "spin", "":
		return true
	}
	return m.Op == "read" && strings.HasPrefix(m.Text, "for ") && strings.Contains(m.Text, "range ") && m.value == ""
}

func weight(m *move) int {
	if m.Op == "call" {
		return aside
	}
	if m.Blocked != "" || m.final {
		return atWait
	}
	return shared
}

// goesOn reports whether m only goes on with what the row's last step has begun.
func (r *row) goesOn(m *move) bool {
	p := r.moves[len(r.moves)-1]
	if p.name != m.name || p.Line != m.Line {
		return false
	}
	return m.again || m.whole != "" && m.whole == p.statement() || p.half && p.Text == m.Text
}

// label is what the row says without its value, and how often: "15 return a.balance ×2".
func (r *row) label() string {
	if len(r.moves) > 0 && r.times > 1 {
		return fmt.Sprintf("%s ×%d", r.line(), r.times)
	}
	return r.line()
}

// line is what the row says without its value: "15 return a.balance".
func (r *row) line() string {
	if len(r.moves) == 0 {
		return r.said
	}
	first, last := r.moves[0], r.moves[len(r.moves)-1]
	text := first.statement()
	switch {
	case last.part != "": // another goroutine came before the rest
		text = last.part
	case first.whole != "" && first.from != "" && strings.Count(first.whole, first.Text) == 1:
		text = strings.Replace(first.whole, first.Text, first.from, 1)
	}
	return fmt.Sprintf("%d %s", last.Line, code(text))
}

// code is a statement on a line of its own, without the brace that begins a block and without a comment.
func code(text string) string {
	text = oneLine(text)
	if i := strings.Index(text, " //"); i >= 0 && strings.Count(text[:i], `"`)%2 == 0 && strings.Count(text[:i], "`")%2 == 0 {
		text = text[:i]
	}
	text = strings.TrimSpace(text)
	if strings.HasSuffix(text, "{") && strings.Contains(text, "func(") {
		text += "…}" + strings.Repeat(")", max(0, strings.Count(text, "(")-strings.Count(text, ")")))
	}
	return strings.TrimSpace(strings.TrimSuffix(text, "{"))
}

// notes are what is said behind the label, the longest form first: "balance = 10", "10".
func (r *row) notes() []string {
	if len(r.moves) == 0 {
		return nil
	}
	m := r.moves[len(r.moves)-1]
	switch {
	case m.final:
		return []string{"waits for ever", "waits"}
	case m.Blocked != "":
		return []string{"waits"}
	case m.again && len(r.moves) == 1:
		return []string{"goes on"}
	case m.half && m.value != "":
		return []string{"reads " + m.value, m.value}
	case m.half:
		return []string{"reads"}
	case m.value == "" && m.from != "" && len(r.moves) == 2:
		return []string{m.Text + " = " + m.from}
	case m.value == "", strings.HasSuffix(code(m.Text), " = "+m.value):
		return nil
	case m.Op == "read" || m.Op == "rw" || m.Op == "write":
		return []string{m.short() + " = " + m.value, m.value}
	}
	return []string{m.value}
}

// pruned leaves out rows until at most limit remain: runs of a goroutine's rows that matter least, first.
func pruned(all []*row, limit int) []*row {
	for least := aside; least < atFault && len(all) > limit; least++ {
		all = collapsed(all, least, len(all)-limit)
	}
	if len(all) <= limit {
		return all
	}
	head := limit / 4
	cut := all[head : len(all)-(limit-head-1)]
	n := 0
	for _, r := range cut {
		n += r.count()
	}
	rest := slices.Clone(all[len(all)-(limit-head-1):])
	return append(append(slices.Clone(all[:head]), &row{g: cut[0].g, said: more(n)}), rest...)
}

// collapsed makes one row of each run of rows of one goroutine that matter no more than least, the longest
// runs first, until enough are gone.
func collapsed(all []*row, least, enough int) []*row {
	for enough > 0 {
		from, n := 0, 1
		for i := 0; i < len(all); {
			j := i
			for j < len(all) && all[j].g == all[i].g && all[j].weight <= least && !all[j].mark {
				j++
			}
			if j-i > n {
				from, n = i, j-i
			}
			i = max(j, i+1)
		}
		if n == 1 {
			return all
		}
		take := min(n, enough+1)
		steps := 0
		for _, r := range all[from : from+take] {
			steps += r.count()
		}
		gone := &row{g: all[from].g, said: more(steps), times: steps, weight: least}
		all = slices.Concat(all[:from], []*row{gone}, all[from+take:])
		enough -= take - 1
	}
	return all
}

// count is how many steps the row stands for.
func (r *row) count() int {
	if len(r.moves) == 0 {
		return r.times
	}
	return max(r.times, 1)
}

func more(n int) string {
	if n == 1 {
		return "… 1 more step"
	}
	return fmt.Sprintf("… %d more steps", n)
}
