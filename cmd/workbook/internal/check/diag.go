package check

import (
	"context"
	"errors"
	"fmt"
	"go/scanner"
	"go/token"
	"go/types"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// Diag is one thing that the compiler says of a file.
type Diag struct {
	File      string // as it was given: slash-separated, workspace-relative
	Line, Col int
	Text      string // as `go build` words it; further lines begin with a tab
}

func (d Diag) String() string { return fmt.Sprintf("%s:%d:%d: %s", d.File, d.Line, d.Col, d.Text) }

// maxDiags is how many errors the compiler prints before it says "too many errors".
const maxDiags = 10

// diagnose words type errors as the compiler does: in the order of the text, one a line.
func diagnose(fset *token.FileSet, found []types.Error) []Diag {
	var all []Diag
	for _, e := range found {
		at := fset.PositionFor(e.Pos, false)
		if strings.HasPrefix(e.Msg, "\t") && len(all) > 0 { // continues the error before it
			all[len(all)-1].Text += fmt.Sprintf("\n\t%s:%d:%d: %s", at.Filename, at.Line, at.Column, strings.TrimSpace(e.Msg))
			continue
		}
		all = append(all, Diag{File: at.Filename, Line: at.Line, Col: at.Column, Text: compilerWords(e.Msg)})
	}
	slices.SortStableFunc(all, func(a, b Diag) int {
		if a.File != b.File {
			return strings.Compare(a.File, b.File)
		}
		return (a.Line-b.Line)*10000 + a.Col - b.Col
	})
	all = slices.CompactFunc(all, func(a, b Diag) bool { return a.File == b.File && a.Line == b.Line && a.Text == b.Text })
	return all[:min(len(all), maxDiags)]
}

// branches are the words of go/types for what the compiler finds while it parses, and the compiler's.
var branches = []struct {
	ours  *regexp.Regexp
	words string
}{
	{regexp.MustCompile(`^label (\S+) declared and not used$`), "label $1 defined and not used"},
	{regexp.MustCompile(`^label (\S+) already declared`), "label $1 already defined"},
	{regexp.MustCompile(`^label (\S+) not declared$`), "label $1 not defined"},
	{regexp.MustCompile(`^break not in for, switch, or select statement$`), "break is not in a loop, switch, or select"},
	{regexp.MustCompile(`^continue not in for statement$`), "continue is not in a loop"},
}

func compilerWords(text string) string {
	for _, b := range branches {
		text = b.ours.ReplaceAllString(text, b.words)
	}
	return text
}

// quotedPackage is how the compiler, since sync imports internal/sync, writes the package of a type:
// "sync".Mutex.
var quotedPackage = regexp.MustCompile(`"(?:[\w.-]+/)*([\w-]+)"(\.[\pL_])`)

// Plain writes the packages of types in a message of the compiler as a program does: sync.Mutex.
func Plain(text string) string { return quotedPackage.ReplaceAllString(text, "$1$2") }

// parserDiags words the parser's errors.
func parserDiags(name string, err error, prefix string) []Diag {
	var list scanner.ErrorList
	if !errors.As(err, &list) {
		return []Diag{{File: name, Line: 1, Col: 1, Text: prefix + err.Error()}}
	}
	var all []Diag
	for _, e := range list[:min(len(list), maxDiags)] {
		all = append(all, Diag{File: name, Line: e.Pos.Line, Col: e.Pos.Column, Text: prefix + e.Msg})
	}
	return all
}

// compilerLine is a line of the compiler about a place.
var compilerLine = regexp.MustCompile(`^.*:(\d+):(\d+): (.*)$`)

// compile asks the compiler what it says of a file that go/parser refuses. A submission that is
// cut short is answered in about 10 ms, before any import has been looked at.
func (c *Checker) compile(ctx context.Context, name string, src []byte) []Diag {
	dir, err := os.MkdirTemp("", "workbook-check-")
	if err != nil {
		return nil
	}
	defer os.RemoveAll(dir)
	file := filepath.Join(dir, "x.go")
	if os.WriteFile(file, src, 0o666) != nil {
		return nil
	}
	// The output is a file of our own: the compiler removes its output when it fails, /dev/null too.
	cmd := exec.CommandContext(ctx, filepath.Join(c.c.Tools, "compile"), "-p", "x", "-o", filepath.Join(dir, "x.a"), "-lang="+goVersion(c.c.Version), file)
	cmd.Env = c.c.Env
	out, _ := cmd.CombinedOutput()
	var all []Diag
	for line := range strings.SplitSeq(string(out), "\n") {
		m := compilerLine.FindStringSubmatch(strings.TrimSuffix(line, "\r"))
		switch {
		case m != nil && !strings.HasPrefix(m[3], "could not import "):
			d := Diag{File: name, Text: m[3]}
			d.Line, _ = strconv.Atoi(m[1])
			d.Col, _ = strconv.Atoi(m[2])
			all = append(all, d)
		case m == nil && strings.HasPrefix(line, "\t") && len(all) > 0:
			all[len(all)-1].Text += "\n" + line
		}
	}
	return all
}
