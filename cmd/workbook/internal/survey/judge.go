package survey

import (
	"context"
	"encoding/json"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"time"

	"workbook/cmd/workbook/internal/build"
	"workbook/cmd/workbook/internal/check"
	"workbook/cmd/workbook/internal/explain"
	"workbook/cmd/workbook/internal/schedule/sched"
	"workbook/cmd/workbook/internal/verdict"
)

// test is the verdict on one test.
func (p *program) test(ctx context.Context, name, schedule string) (verdict.Verdict, error) {
	start := time.Now()
	var t *trial
	var err error
	if schedule != "" {
		t, err = p.replay(ctx, name, schedule)
	} else {
		t, err = p.explore(ctx, name)
	}
	if err != nil {
		return verdict.Verdict{}, err
	}
	v := verdict.Judge(verdict.Input{
		Package: p.target.ImportPath, Test: name, Tests: []string{name}, Records: t.records, Notes: t.notes,
	})
	own(&v)
	explain.Verdict(&v, explain.Input{Records: t.records, Files: p.files(!v.Passed), Pkg: p.types(), Section: p.section})
	t.reported(&v)
	if t.always {
		sequential(&v)
	}
	p.sources(&v)
	if v.RunMS = time.Since(start).Milliseconds(); schedule != "" && v.Passed {
		v.Title = "this schedule does not fail"
	}
	return v, nil
}

// own words a verdict for somebody's own tests: nobody cheats there.
func own(v *verdict.Verdict) {
	for i := range v.Findings {
		if v.Findings[i].Class == verdict.Tampered {
			v.Findings[i].Class = verdict.Wrong
		}
	}
	for i := range v.Tests {
		if v.Tests[i].Class == verdict.Tampered {
			v.Tests[i].Class = verdict.Wrong
		}
	}
	if v.Class == verdict.Tampered {
		v.Class, v.Title = verdict.Wrong, "the test binary failed"
	}
}

// reportLine is a line of a test's log.
var reportLine = regexp.MustCompile(`(?m)([\w.-]+\.go):(\d+): (.*)$`)

// reported adds to each wrong result the line of the test that reports it.
func (t *trial) reported(v *verdict.Verdict) {
	var logs []string
	for _, r := range t.records {
		logs = append(logs, r.Words)
		var rep sched.Report
		if json.Unmarshal(r.Schedule, &rep) == nil {
			logs = append(logs, rep.Failures)
		}
	}
	files := t.files(false)
	for i := range v.Findings {
		f := &v.Findings[i]
		if f.Class != verdict.Wrong && f.Class != verdict.NotConcurrent {
			continue
		}
		for _, m := range reportLine.FindAllStringSubmatch(strings.Join(logs, "\n"), -1) {
			file := t.shown(filepath.Join(t.target.Dir, m[1]))
			line, _ := strconv.Atoi(m[2])
			if text := strings.TrimSpace(m[3]); text != "" && files[file] != nil && strings.Contains(f.Message, text) {
				f.At = append(f.At, verdict.Place{File: file, Line: line, Role: "reported"})
				break
			}
		}
	}
}

// sequential words the findings of a test that fails whatever the schedule is.
func sequential(v *verdict.Verdict) {
	for i := range v.Findings {
		f := &v.Findings[i]
		if f.Class == verdict.Wrong {
			f.Hint, f.Lesson = "It fails in every schedule, so it is no matter of concurrency: run it with go test.", ""
		}
	}
}

// types are those of the tests, from which all that the binary is made of can be reached.
func (p *program) types() *check.Package {
	if p.loaded == nil {
		return nil
	}
	var pkg *check.Package
	for _, u := range p.loaded.units { // an external test package comes last
		if u.Dir == p.target.Dir {
			pkg = &check.Package{Fset: p.loaded.fset, Files: u.files, Types: u.pkg, Info: u.info}
		}
	}
	return pkg
}

// section reports whether the course has a section.
func (s *Survey) section(ref string) bool { return s.c.Section != nil && s.c.Section(ref) }

// sources adds the text of the lines that findings name.
func (p *program) sources(v *verdict.Verdict) {
	var files map[string][]byte
	for i := range v.Findings {
		for j := range v.Findings[i].At {
			at := &v.Findings[i].At[j]
			if at.Source != "" {
				continue
			}
			if files == nil {
				files = p.files(true)
			}
			at.Source = sourceLine(files[at.File], at.Line)
		}
	}
}

func sourceLine(data []byte, line int) string {
	n := 0
	for text := range strings.Lines(string(data)) {
		if n++; n == line {
			return strings.TrimSpace(text)
		}
	}
	return ""
}

// broken is the verdict on a package that does not compile.
func (p *program) broken(e *build.CompileError, took time.Duration) verdict.Verdict {
	var found []verdict.Finding
	for _, d := range e.Diags {
		f := verdict.Finding{Class: verdict.Build, Message: d.Text, Raw: d.Text}
		if d.File != "" {
			d.File = filepath.ToSlash(p.shown(d.File))
			f.Raw = d.String()
			f.At = []verdict.Place{{File: d.File, Line: d.Line, Role: "error"}}
		}
		found = append(found, f)
	}
	v := verdict.Judge(verdict.Input{Package: p.target.ImportPath, Findings: found})
	explain.Verdict(&v, explain.Input{Files: p.files(false), Section: p.section})
	for i := range v.Findings {
		if f := &v.Findings[i]; strings.Contains(f.Message, "to add it:") {
			f.Hint = "check the spelling of the import path, or add the module as the go command says" // a submission may not
		}
	}
	p.sources(&v)
	v.BuildMS, v.ElapsedMS = took.Milliseconds(), took.Milliseconds()
	return v
}
