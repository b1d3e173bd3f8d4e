package build

import (
	"errors"
	"fmt"
	"path"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"syscall"

	"workbook/cmd/workbook/internal/check"
)

// CompileError is what the go command says against a submission.
type CompileError struct {
	Diags []check.Diag // about the learner's files, in the order of the go command
	Tests bool         // the hidden tests do not compile with the learner's package
	Limit string       // which limit of its box ended the compiler, "" where none did
}

func (e *CompileError) Error() string {
	if e.Limit != "" {
		return e.Limit
	}
	if len(e.Diags) > 0 {
		return e.Diags[0].String()
	}
	return "the hidden tests do not compile with the submission"
}

// diagLine is a line of the go command about a place in a file.
var diagLine = regexp.MustCompile(`^(.+?\.go):(\d+)(?::(\d+))?: (.*)$`)

// explain turns a failed build's output into the error that it means.
func (b *Builder) explain(j job, text string, err error) error {
	if t := machineTrouble(b.Tool, text); t != nil {
		return t
	}
	e := &CompileError{}
	for _, d := range b.diags(j, text) {
		if _, theirs := j.Unit.Files[d.File]; theirs {
			e.Diags = append(e.Diags, d)
		} else if _, known := j.files[d.File]; known {
			e.Tests = true // its text is about the hidden tests and stays here
		}
	}
	if len(e.Diags) == 0 && !e.Tests {
		return fmt.Errorf("go test -c: %w\n%s", err, strings.TrimSpace(text))
	}
	return e
}

// diags reads the places out of the go command's output.
func (b *Builder) diags(j job, text string) []check.Diag {
	return diags(text, func(name string) string { return b.relative(j, name) })
}

// diags reads the places out of the go command's output, with the files' names as relative returns them.
// A line that begins with a tab continues the one before.
func diags(text string, relative func(name string) string) []check.Diag {
	var all []check.Diag
	for line := range strings.SplitSeq(text, "\n") {
		line = strings.TrimSuffix(line, "\r")
		if m := diagLine.FindStringSubmatch(line); m != nil {
			d := check.Diag{File: relative(m[1]), Text: check.Plain(m[4])}
			d.Line, _ = strconv.Atoi(m[2])
			d.Col, _ = strconv.Atoi(m[3])
			all = append(all, d)
		} else if strings.HasPrefix(line, "\t") && len(all) > 0 {
			all[len(all)-1].Text += "\n" + line
		}
	}
	return all
}

// relative returns the workspace-relative name of a file that the go command names by its place in
// the overlay, in the tree or relative to the tree.
func (b *Builder) relative(j job, name string) string {
	name = filepath.ToSlash(name)
	if !path.IsAbs(name) && filepath.VolumeName(name) == "" {
		name = path.Join(filepath.ToSlash(b.Tree.Dir), name)
	}
	for _, dir := range []string{j.work, b.Tree.Dir} {
		if real, err := filepath.EvalSymlinks(dir); err == nil {
			name = strings.TrimPrefix(name, filepath.ToSlash(real)+"/")
		}
		name = strings.TrimPrefix(name, filepath.ToSlash(dir)+"/")
	}
	return name
}

// machineTrouble recognises, in the go command's output, what is wrong with the machine.
func machineTrouble(t *Toolchain, text string) error {
	switch {
	case strings.Contains(text, "no space left on device"):
		return &Trouble{Kind: NoSpace, Text: "the disk is full", Mend: "df -h " + t.Cache}
	case strings.Contains(text, "C compiler") && strings.Contains(text, "not found"):
		return &Trouble{Kind: NoCompiler, Text: "the race detector needs a C compiler, and there is none", Mend: installCC(t.Env)}
	case strings.Contains(text, "runtime/cgo") && strings.Contains(text, ".h: No such file"),
		strings.Contains(text, "runtime/cgo") && strings.Contains(text, "file not found"):
		return &Trouble{Kind: NoHeaders, Text: "the C compiler has no header files of the C library", Mend: installCC(t.Env)}
	case strings.Contains(text, "running gcc failed"), strings.Contains(text, "cannot find -l"):
		return &Trouble{Kind: NoHeaders, Text: "the C compiler cannot link: " + firstLine(text), Mend: installCC(t.Env)}
	case strings.Contains(text, t.Cache) && (strings.Contains(text, "permission denied") || strings.Contains(text, "read-only file system")):
		return t.readOnly(errors.New(firstLine(text)))
	}
	return nil
}

// trouble turns an error of the file system into the Trouble that it means, where it means one.
func trouble(err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, syscall.ENOSPC):
		return &Trouble{Kind: NoSpace, Text: "the disk is full: " + err.Error(), Mend: "df -h"}
	}
	return err
}
