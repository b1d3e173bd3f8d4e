package export

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"testing"
)

// point is a test point of TAP 14.
type point struct {
	ok        bool
	number    int
	name      string
	directive string
	yaml      map[string]any
	children  []point
}

var (
	planForm  = regexp.MustCompile(`^1\.\.(\d+)$`)
	pointForm = regexp.MustCompile(`^(not )?ok (\d+) - (.*)$`)
	yamlForm  = regexp.MustCompile(`^  ([a-z]+): (.*)$`)
)

// readTAP is a strict reader of one level of TAP 14: plan first, points numbered from 1, YAML blocks behind
// points, a subtest in front of the point of its name, and nothing else.
func readTAP(lines []string) ([]point, error) {
	if len(lines) == 0 || !planForm.MatchString(lines[0]) {
		return nil, fmt.Errorf("no plan: %q", lines)
	}
	var planned int
	fmt.Sscan(lines[0][3:], &planned)
	var points []point
	var sub []string
	subName := ""
	for i := 1; i < len(lines); i++ {
		line := lines[i]
		if m := pointForm.FindStringSubmatch(line); m != nil {
			p := point{ok: m[1] == ""}
			fmt.Sscan(m[2], &p.number)
			if p.number != len(points)+1 {
				return nil, fmt.Errorf("point %d is number %d", len(points)+1, p.number)
			}
			p.name, p.directive = splitTAP(m[3])
			if subName != "" {
				children, err := readTAP(sub)
				if err != nil || subName != p.name {
					return nil, fmt.Errorf("subtest %q of %q: %w", subName, p.name, err)
				}
				p.children = children
			}
			sub, subName = nil, ""
			points = append(points, p)
			continue
		}
		rest, indented := strings.CutPrefix(line, "    ")
		title, comment := strings.CutPrefix(line, "# Subtest: ")
		switch {
		case comment && subName == "":
			subName, _ = splitTAP(title)
		case indented && subName != "":
			sub = append(sub, rest)
		case line == "  ---" && len(points) > 0 && points[len(points)-1].yaml == nil:
			yaml := map[string]any{}
			for i++; i < len(lines) && lines[i] != "  ..."; i++ {
				m := yamlForm.FindStringSubmatch(lines[i])
				var value any
				if m == nil || json.Unmarshal([]byte(m[2]), &value) != nil {
					return nil, fmt.Errorf("no YAML of ours: %q", lines[i])
				}
				yaml[m[1]] = value
			}
			points[len(points)-1].yaml = yaml
		default:
			return nil, fmt.Errorf("no TAP: %q", line)
		}
	}
	if len(points) != planned {
		return nil, fmt.Errorf("%d points of %d", len(points), planned)
	}
	return points, nil
}

// splitTAP splits a description from its directive and takes the escapes away.
func splitTAP(text string) (name, directive string) {
	var b strings.Builder
	for i := 0; i < len(text); i++ {
		switch {
		case text[i] == '\\' && i+1 < len(text):
			i++
			b.WriteByte(text[i])
		case text[i] == '#':
			return strings.TrimSpace(b.String()), strings.TrimSpace(text[i+1:])
		default:
			b.WriteByte(text[i])
		}
	}
	return strings.TrimSpace(b.String()), ""
}

func TestTAP(t *testing.T) {
	r := recorded(t, "class")
	lines := strings.Split(strings.TrimSuffix(string(written(t, "tap", r)), "\n"), "\n")
	if lines[0] != "TAP version 14" {
		t.Fatalf("begins with %q", lines[0])
	}
	points, err := readTAP(lines[1:])
	if err != nil || len(points) != len(r.Results) {
		t.Fatalf("%d points, %v", len(points), err)
	}
	for i, p := range points {
		x := r.Results[i]
		if p.ok != x.Verdict.Passed || p.name != name(x) || p.directive != "" || len(p.children) != len(x.Credits) || (p.yaml == nil) != p.ok {
			t.Errorf("point %+v of %s, %s", p, name(x), x.Verdict.Class)
		}
		for j, c := range p.children {
			if want := x.Credits[j]; c.name != want.Test || c.ok != passed(want) || (c.directive != "") != (want.Class == "") {
				t.Errorf("%s: point %+v of %+v", name(x), c, want)
			}
		}
		if !p.ok && (p.yaml["severity"] != string(x.Verdict.Class) || p.yaml["finding"] != x.Verdict.Findings[0].Message) {
			t.Errorf("%s: %v", name(x), p.yaml)
		}
	}
}
