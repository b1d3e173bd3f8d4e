package sched

import (
	"errors"
	"fmt"
	"hash/fnv"
	"strings"
)

// The kinds of a plan.
const (
	planDeviations = 'd' // from the default schedule; any schedule can be written so once it has run
	planPCT        = 'p'
	planRandom     = 'r'
	planWalk       = 'w' // of an interpreted program: random, and half of the time the same goroutine goes on; it is not written down
)

// plan says which schedule to run. The same plan of the same program gives the same schedule.
type plan struct {
	kind  byte
	jumps bool
	seed  uint64 // of pct and random; 32 bits
	est   int    // of pct: the number of steps that its changes of priority are spread over
	devs  []deviation
}

// deviation is a choice other than 0.
type deviation struct {
	at int // which decision, from 0
	c  int
	n  int // options that there were when it was made; 0: not known
}

// A schedule's string is VKPPPP-BODYCC: version, kind (a capital where timers may fire early), four
// digits of the program's hash, the body, two digits of the body's. Digits are Crockford's base 32;
// a number is written in groups of four bits, lowest first, with 16 added to all digits but the last.
const (
	planVersion = '1'
	digits      = "0123456789abcdefghjkmnpqrstvwxyz"
)

// Errors of a schedule string that cannot be replayed.
var (
	ErrSchedule     = errors.New("not a schedule string")
	ErrOtherProgram = errors.New("the schedule belongs to another program: the submission or the test has changed since")
)

func (p *plan) encode(program uint32) string {
	var b strings.Builder
	b.WriteByte(planVersion)
	kind := p.kind
	if p.jumps {
		kind -= 'a' - 'A'
	}
	b.WriteByte(kind)
	writeDigits(&b, program, 4)
	b.WriteByte('-')
	body := p.body()
	b.WriteString(body)
	writeDigits(&b, checksum(body), 2)
	return b.String()
}

func (p *plan) body() string {
	var b strings.Builder
	if p.kind != planDeviations {
		writeNumber(&b, p.seed)
		writeNumber(&b, uint64(p.est))
		return b.String()
	}
	last := 0
	for _, d := range p.devs {
		writeNumber(&b, uint64(d.at-last))
		last = d.at
		if d.c >= jumpChoice {
			writeNumber(&b, uint64(d.c-jumpChoice)*2+1)
		} else {
			writeNumber(&b, uint64(d.c-1)*2)
		}
	}
	return b.String()
}

// CheckSchedule returns an error, ErrSchedule, where a text is no schedule string of whatever program.
func CheckSchedule(text string) error {
	_, err := readPlan(text)
	return err
}

// parsePlan reads a schedule string that encode has written for the same program.
func parsePlan(text string, program uint32) (*plan, error) {
	p, err := readPlan(text)
	if err == nil && checksumDigits(program, 4) != text[2:6] {
		return nil, fmt.Errorf("%q: %w", text, ErrOtherProgram)
	}
	return p, err
}

// readPlan reads a schedule string of some program.
func readPlan(text string) (*plan, error) {
	if len(text) < 9 || text[0] != planVersion || text[6] != '-' {
		return nil, fmt.Errorf("%q: %w", text, ErrSchedule)
	}
	p := &plan{kind: text[1] | 0x20, jumps: text[1]&0x20 == 0}
	body, sum := text[7:len(text)-2], text[len(text)-2:]
	if checksumDigits(checksum(body), 2) != sum {
		return nil, fmt.Errorf("%q: %w (its check digits do not fit)", text, ErrSchedule)
	}
	if !p.parseBody(body) {
		return nil, fmt.Errorf("%q: %w", text, ErrSchedule)
	}
	return p, nil
}

func (p *plan) parseBody(body string) bool {
	numbers, ok := readNumbers(body)
	if !ok || len(numbers)%2 != 0 {
		return false
	}
	switch p.kind {
	case planPCT, planRandom:
		if len(numbers) != 2 || numbers[1] > 1<<30 {
			return false
		}
		p.seed, p.est = numbers[0], int(numbers[1])
		return true
	case planDeviations:
		return p.parseDeviations(numbers)
	}
	return false
}

func (p *plan) parseDeviations(numbers []uint64) bool {
	at := 0
	for i := 0; i < len(numbers); i += 2 {
		gap, code := numbers[i], numbers[i+1]
		if gap > maxDecisions || code > 2*maxGoroutines {
			return false
		}
		at += int(gap)
		c := int(code/2) + 1
		if code%2 == 1 {
			c = int(code/2) + jumpChoice
		}
		p.devs = append(p.devs, deviation{at: at, c: c})
	}
	return true
}

func writeNumber(b *strings.Builder, v uint64) {
	for v > 15 {
		b.WriteByte(digits[v&15|16])
		v >>= 4
	}
	b.WriteByte(digits[v])
}

func readNumbers(body string) ([]uint64, bool) {
	var all []uint64
	var v uint64
	shift := 0
	for i := range len(body) {
		d := strings.IndexByte(digits, body[i])
		if d < 0 || shift > 60 {
			return nil, false
		}
		v |= uint64(d&15) << shift
		shift += 4
		if d < 16 {
			all = append(all, v)
			v, shift = 0, 0
		}
	}
	return all, shift == 0
}

func writeDigits(b *strings.Builder, v uint32, n int) {
	for range n {
		b.WriteByte(digits[v&31])
		v >>= 5
	}
}

func checksumDigits(v uint32, n int) string {
	var b strings.Builder
	writeDigits(&b, v, n)
	return b.String()
}

func checksum(text string) uint32 {
	h := fnv.New32a()
	h.Write([]byte(text))
	return h.Sum32()
}

// deviations are the choices of a schedule that has run, as a plan's.
func (d *decisions) deviations(n int) []deviation {
	var devs []deviation
	for i := range min(n, d.n) {
		if c := int(d.d[i].c); c != 0 {
			devs = append(devs, deviation{at: i, c: c, n: int(d.d[i].n)})
		}
	}
	return devs
}

// delays is what a choice costs of a delay bound.
func (d decision) delays() int {
	if d.c >= jumpChoice || d.cases {
		return min(int(d.c), 1)
	}
	return int(d.c)
}

// following is the choice after d's own in the order of their delays; ok is false after the last.
func (d decision) following() (next decision, ok bool) {
	switch {
	case d.c == 0 && d.jump:
		d.c = jumpChoice
	case d.c >= jumpChoice:
		d.c = 1
	case d.c == 0:
		d.c = d.same + 1
	default:
		d.c++
	}
	return d, d.c >= jumpChoice || d.c < d.n
}

// next is the schedule after the recorded one in the depth-first order of all schedules with at
// most bound delays; ok is false after the last one. d.cut becomes true where the bound alone rules a choice out.
func (d *decisions) next(bound int) (devs []deviation, ok bool) {
	cost := 0
	d.cut = d.cut || d.n == maxDecisions
	for i := range d.n {
		cost += d.d[i].delays()
	}
	for i := d.n - 1; i >= 0; i-- {
		cost -= d.d[i].delays()
		f, ok := d.d[i].following()
		if ok && cost+f.delays() <= bound {
			return append(d.deviations(i), deviation{at: i, c: int(f.c), n: int(f.n)}), true
		}
		d.cut = d.cut || ok
	}
	return nil, false
}
