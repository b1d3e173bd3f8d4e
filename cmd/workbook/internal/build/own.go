package build

import (
	"bytes"
	"context"
	"fmt"
	"io/fs"
	"path"
	"path/filepath"
	"regexp"
	"strings"

	"workbook/cmd/workbook/internal/check"
	"workbook/cmd/workbook/internal/schedule"
)

// Own is a test binary of one of the learner's own packages, to be built in the learner's module. Nothing
// is written there.
type Own struct {
	Package string            // its import path
	Dir     string            // where the go command runs
	Files   map[string][]byte // the overlay, by absolute name
	Flags   []string          // for the go command
	Work    string            // a folder for this build alone
	Out     string            // the binary
}

// Own builds a binary. What the go command says of the package's files comes as a *CompileError, with
// absolute names; what the learner must mend on the machine as a *Trouble.
func (t *Toolchain) Own(ctx context.Context, u Own) error {
	staged, origin := map[string][]byte{}, map[string]string{}
	for name, src := range u.Files {
		short := fmt.Sprintf("%d/%s", len(staged), filepath.Base(name))
		staged[short], origin[short] = src, name
	}
	overlay, err := lay(u.Work, staged, func(short string) string { return origin[short] })
	if err != nil {
		return trouble(fmt.Errorf("writing the files for the build: %w", err))
	}
	args := append([]string{"test", "-c", "-race", "-vet=off", "-trimpath=false", "-overlay", overlay, "-o", u.Out}, u.Flags...)
	var out bytes.Buffer
	err = t.Run(ctx, Command{Dir: u.Dir, Args: append(args, u.Package), Stdout: &out, Stderr: &out})
	if err == nil || ctx.Err() != nil {
		return ctx.Err()
	}
	if trouble := machineTrouble(t, out.String()); trouble != nil {
		return trouble
	}
	return u.said(out.String(), origin)
}

// said turns the output of a failed build into the error that it means.
func (u Own) said(text string, origin map[string]string) error {
	work := u.Work
	if real, err := filepath.EvalSymlinks(work); err == nil {
		work = real
	}
	e := &CompileError{Diags: diags(text, func(name string) string {
		if !filepath.IsAbs(name) {
			name = filepath.Join(u.Dir, name)
		}
		for _, dir := range []string{u.Work, work} {
			if rel, err := filepath.Rel(dir, name); err == nil && origin[filepath.ToSlash(rel)] != "" {
				return origin[filepath.ToSlash(rel)]
			}
		}
		return name
	})}
	if len(e.Diags) == 0 {
		e.Diags = []check.Diag{{Text: strings.TrimSpace(text)}}
	}
	return e
}

// goBuild is a file's build constraint, on its first line.
var goBuild = regexp.MustCompile(`\A//go:build (.*)\n`)

// OwnSources are the packages that test binaries of the learner's own packages need beside them: the
// harness and the scheduler's runtime, by name relative to a folder of the learner's module. They are
// compiled as the Go of MinGo, whatever the module says. (A constraint on a Go version is the file's own
// language version, since Go 1.21.)
func OwnSources() (map[string][]byte, error) {
	files := map[string][]byte{}
	err := fs.WalkDir(harness, "harness", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || strings.HasSuffix(name, "_test.go") {
			return err
		}
		files[name], err = harness.ReadFile(name)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("reading the harness: %w", err)
	}
	for name, src := range schedule.Runtime() {
		if base := strings.TrimSuffix(name, path.Ext(name)); path.Ext(name) == ".go" && base != asmFile {
			files[path.Join(schedDir, name)] = src
		}
	}
	for name, src := range files {
		constraint := MinGo
		if m := goBuild.FindSubmatch(src); m != nil && path.Base(name) != stackFile {
			constraint = fmt.Sprintf("(%s) && %s", m[1], MinGo)
		}
		files[name] = append([]byte("//go:build "+constraint+"\n"), withoutConstraint(src)...)
	}
	return files, nil
}

// The go command runs the assembler in the package's folder, and this one is in an overlay only: the
// goroutine's identity comes from the file that needs no assembly.
const (
	asmFile   = "goid_asm"
	stackFile = "goid_stack.go"
)

// withoutConstraint is a file without its first line, if that is a build constraint.
func withoutConstraint(src []byte) []byte {
	if goBuild.Match(src) {
		_, src, _ = bytes.Cut(src, []byte("\n"))
	}
	return src
}

// OwnMain is the generated file that hands the tests of one of the learner's own packages to the harness.
type OwnMain struct {
	Package   string // the name in its package clause
	Root      string // the import path that OwnSources are under
	TestMain  string // what the package's own TestMain is called now, "" where it has none
	Scheduled bool   // the package is rewritten for the scheduler
}

// Source returns the file.
func (m OwnMain) Source() []byte {
	run := "m.Run()"
	if m.TestMain != "" {
		run = m.TestMain + "(m)"
	}
	imports, explore := "", "nil"
	if m.Scheduled {
		imports, explore = fmt.Sprintf("\tworkbooksched %q\n", OwnScheduler(m.Root)), "workbooksched.RunJSON"
	}
	return fmt.Appendf(nil, `package %s

import (
	"testing"
	workbookharness %q
%s)

func TestMain(m *testing.M) {
	workbookharness.Own(m, %s)
	%s
}
`, m.Package, m.Root+"/harness", imports, explore, run)
}

// OwnScheduler is the import path of the scheduler's runtime under a root.
func OwnScheduler(root string) string { return root + "/" + schedDir }
