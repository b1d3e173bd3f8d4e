package course

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Limits on what a cell may ask for.
const (
	maxRuns  = 10000
	maxProcs = 1024
	maxLimit = 10 * time.Minute
)

const defaultLimit = 10 * time.Second

var (
	idForm  = regexp.MustCompile(`^[a-zA-Z][a-zA-Z0-9_-]*$`)
	engines = []Engine{EngineRun, EngineRace, EngineVet, EngineBuild, EngineExplore, EngineBubble}
	expects = []string{"ok", "race", "panic", "deadlock", "compile-error"}
	matches = []string{"exact", "unordered", "regexp", "contains", "any"}
)

// A fence is what an info string says of its block.
type fence int

const (
	plainFence fence = iota // any other block: a listing, a drawing, a shell session
	cellFence
	outputFence
	predictFence
)

// classify tells a cell's, an output's or a question's info string from any other.
// bad says what is wrong with one that is nearly a cell's or a question's.
func classify(info string) (kind fence, words []string, bad string) {
	fields := strings.Fields(info)
	if len(fields) == 0 {
		return plainFence, nil, ""
	}
	switch {
	case fields[0] == "predict":
		return predictFence, fields[1:], ""
	case distance(fields[0], "predict") <= 2:
		return plainFence, nil, fmt.Sprintf("malformed info string %q: a question begins with \"predict\"", info)
	case fields[0] == "output":
		return outputFence, fields[1:], ""
	case fields[0] == "go" && len(fields) == 1:
		return plainFence, nil, ""
	case fields[0] == "go" && fields[1] == "cell":
		return cellFence, fields[2:], ""
	case fields[0] == "go":
		return plainFence, nil, fmt.Sprintf("malformed info string %q: want \"go\" for a listing or \"go cell …\" for a cell", info)
	case slices.Contains(fields, "cell"):
		return plainFence, nil, fmt.Sprintf("malformed info string %q: a cell begins with \"go cell\"", info)
	}
	return plainFence, nil, ""
}

// parsePairs calls set for each key=value of words and returns everything that is wrong with them.
func parsePairs(words []string, set func(key, value string) error) []string {
	var bad []string
	seen := map[string]bool{}
	for _, w := range words {
		key, value, ok := strings.Cut(w, "=")
		switch {
		case !ok || key == "":
			bad = append(bad, fmt.Sprintf("malformed info string: %q is not key=value", w))
		case seen[key]:
			bad = append(bad, fmt.Sprintf("malformed info string: %s is given twice", key))
		case value == "":
			bad = append(bad, fmt.Sprintf("malformed info string: %s has no value", key))
		default:
			seen[key] = true
			if err := set(key, value); err != nil {
				bad = append(bad, err.Error())
			}
		}
	}
	return bad
}

// set gives the cell what one key=value of its info string says.
func (c *Cell) set(key, value string) (err error) {
	switch key {
	case "id":
		c.ID = value
		if !idForm.MatchString(value) {
			return fmt.Errorf("bad id %q: want a letter, then letters, digits, - and _", value)
		}
	case "engine":
		c.Engine = Engine(value)
		if !slices.Contains(engines, c.Engine) {
			return fmt.Errorf("bad engine %q: want one of %s", value, joined(engines))
		}
	case "after":
		c.After = strings.Split(value, ",")
		if slices.Contains(c.After, "") {
			return fmt.Errorf("bad after %q: want ids separated by commas, without spaces", value)
		}
	case "expect":
		c.Expect = value
		return checkExpect(value)
	case "runs":
		c.Runs, err = number(key, value, maxRuns)
	case "gomaxprocs":
		c.Procs, err = number(key, value, maxProcs)
	case "timeout":
		c.Limit, err = time.ParseDuration(value)
		if err != nil || c.Limit <= 0 || c.Limit > maxLimit {
			c.Limit = defaultLimit
			return fmt.Errorf("bad timeout %q: want a duration like 5s, at most %v", value, maxLimit)
		}
	default:
		return fmt.Errorf("unknown key %q: a cell has id, engine, after, expect, runs, gomaxprocs and timeout", key)
	}
	return err
}

func checkExpect(value string) error {
	if slices.Contains(expects, value) {
		return nil
	}
	if code, ok := strings.CutPrefix(value, "exit:"); ok {
		n, err := strconv.Atoi(code)
		if err == nil && 1 <= n && n <= 255 {
			return nil
		}
		return fmt.Errorf("bad expect %q: want an exit status from 1 to 255", value)
	}
	return fmt.Errorf("bad expect %q: want one of %s, exit:N", value, joined(expects))
}

// agree says what is wrong with the cell's keys taken together.
func (c *Cell) agree() (bad []string) {
	if c.Expect == "race" && c.Engine != EngineRace && c.Engine != EngineExplore {
		bad = append(bad, fmt.Sprintf("expect=race needs engine=race: engine=%s reports no races", c.Engine))
	}
	if c.Expect == "compile-error" && (c.Engine == EngineExplore || c.Engine == EngineBubble) {
		bad = append(bad, fmt.Sprintf("expect=compile-error needs engine=build: engine=%s compiles nothing", c.Engine))
	}
	if strings.TrimSpace(c.Code) == "" {
		bad = append(bad, "cell without code")
	}
	return bad
}

// set gives the output what one key=value of its info string says.
func (o *Output) set(key, value string) error {
	if key != "match" {
		return fmt.Errorf("unknown key %q: an output has match", key)
	}
	if !slices.Contains(matches, value) {
		return fmt.Errorf("bad match %q: want one of %s", value, joined(matches))
	}
	o.Match = value
	return nil
}

// agree says what is wrong with the output's text under its way of matching.
func (o *Output) agree() (bad []string) {
	if o.Match == "regexp" {
		if _, err := regexp.Compile(o.Text); err != nil {
			bad = append(bad, fmt.Sprintf("output is not a regular expression: %v", err))
		}
	}
	if o.Match == "contains" && strings.TrimSpace(o.Text) == "" {
		bad = append(bad, "output match=contains without text holds for every output")
	}
	return bad
}

// number reads a positive number of at most limit; it returns 1 with an error.
func number(key, value string, limit int) (int, error) {
	n, err := strconv.Atoi(value)
	if err != nil || n < 1 || n > limit {
		return 1, fmt.Errorf("bad %s %q: want a number from 1 to %d", key, value, limit)
	}
	return n, nil
}

func joined[S ~string](list []S) string {
	words := make([]string, len(list))
	for i, s := range list {
		words[i] = string(s)
	}
	return strings.Join(words, ", ")
}
