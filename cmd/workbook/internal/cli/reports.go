package cli

import (
	"bytes"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"workbook/cmd/workbook/internal/batch"
	"workbook/cmd/workbook/internal/export"
)

// output is a form of a report and where it goes: standard output where there is no file.
type output struct{ format, file string }

// outputs are what --format and --out say, in the order of the command line.
type outputs []output

// bySubmission in the name of a file stands for the submission.
const bySubmission = "{submission}"

func (a *app) outputFlags(cmd *cobra.Command, o *outputs) {
	cmd.Flags().Var(formatFlag{o}, "format", "a form of the report: "+strings.Join(export.Names(), ", ")+" (default text)")
	cmd.Flags().Var(outFlag{o}, "out", "the file for the --format before it (default: standard output)")
}

// formatFlag begins an output, outFlag completes it.
type (
	formatFlag struct{ to *outputs }
	outFlag    struct{ to *outputs }
)

func (f formatFlag) String() string { return "" }
func (f formatFlag) Type() string   { return "FORMAT" }
func (f formatFlag) Set(name string) error {
	if !slices.Contains(export.Names(), name) {
		return fmt.Errorf("the formats are %s", strings.Join(export.Names(), ", "))
	}
	*f.to = append(*f.to, output{format: name})
	return nil
}

func (f outFlag) String() string { return "" }
func (f outFlag) Type() string   { return "FILE" }
func (f outFlag) Set(file string) error {
	if len(*f.to) == 0 {
		*f.to = append(*f.to, output{format: "text"})
	}
	last := &(*f.to)[len(*f.to)-1]
	if last.file != "" {
		return fmt.Errorf("the format %s goes to %s already: a --format comes before each --out", last.format, last.file)
	}
	last.file = file
	return nil
}

// check refuses, before anything is graded, what could not be written after.
func (o *outputs) check(tasks []batch.Task) error {
	if len(*o) == 0 {
		*o = outputs{{format: "text"}}
	}
	several := len(tasks) > 0 && tasks[0].Submission != tasks[len(tasks)-1].Submission
	shown, files := 0, map[string]bool{}
	for _, x := range *o {
		switch {
		case x.file == "" && shown > 0:
			return usage(errors.New("only one format can go to standard output"), "--format junit --out report.xml writes a file")
		case x.file == "":
			shown++
		case files[x.file]:
			return usage(fmt.Errorf("two formats go to %s", x.file))
		}
		files[x.file] = true
		if several && export.Single(x.format) && !strings.Contains(x.file, bySubmission) {
			return usage(fmt.Errorf("the format %s holds one submission, and there are several", x.format), "--format "+x.format+" --out 'results/"+bySubmission+".json' writes a file for each")
		}
	}
	return nil
}

// writeReports writes every output.
func (a *app) writeReports(all outputs, report batch.Report) error {
	for _, o := range all {
		if err := a.writeOutput(o, report); err != nil {
			return ours(err)
		}
	}
	return nil
}

func (a *app) writeOutput(o output, report batch.Report) error {
	if !strings.Contains(o.file, bySubmission) {
		return a.writeForm(o, report)
	}
	written := map[string]string{}
	for _, results := range report.Submissions() {
		name := results[0].Submission
		file := strings.ReplaceAll(o.file, bySubmission, fileName(name))
		if other, ok := written[file]; ok {
			return fmt.Errorf("the submissions %s and %s would share the file %s", other, name, file)
		}
		written[file] = name
		part := report
		part.Results = results
		if err := a.writeForm(output{o.format, file}, part); err != nil {
			return err
		}
	}
	return nil
}

// fileName is a submission's name as a part of a file's.
func fileName(name string) string {
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune(`/\:*?"<>|{}`, r) {
			return '_'
		}
		return r
	}, strings.TrimLeft(name, "."))
}

func (a *app) writeForm(o output, report batch.Report) error {
	if err := a.tellRunner(o.format, report); err != nil {
		return err
	}
	write := func(w io.Writer) error {
		return export.Write(w, o.format, report, export.Options{Version: version(), Token: rand.Text()})
	}
	if o.file == "" {
		return write(a.Stdout)
	}
	file := a.abs(o.file)
	if err := os.MkdirAll(filepath.Dir(file), 0o777); err != nil {
		return err
	}
	return writeWhole(file, write)
}

// writeWhole writes a file that is whole at every moment. What is no file, a device or a pipe, is written to
// as it is.
func writeWhole(file string, write func(io.Writer) error) error {
	if info, err := os.Stat(file); err == nil && !info.Mode().IsRegular() {
		return writeTo(file, os.O_WRONLY, write)
	}
	temp := file + ".new"
	err := writeTo(temp, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, write)
	if err == nil {
		err = os.Rename(temp, file)
	}
	if err != nil {
		_ = os.Remove(temp) // half of a report is none
	}
	return err
}

// writeTo opens a file for one writer.
func writeTo(file string, flags int, write func(io.Writer) error) error {
	f, err := os.OpenFile(file, flags, 0o666)
	if err != nil {
		return err
	}
	return errors.Join(write(f), f.Close())
}

// tellRunner hands on to GitHub's runner what a form has for it beside its text.
func (a *app) tellRunner(format string, report batch.Report) error {
	const add = os.O_APPEND | os.O_CREATE | os.O_WRONLY
	if file := a.getenv("GITHUB_STEP_SUMMARY"); format == "github" && file != "" {
		return writeTo(file, add, func(w io.Writer) error { return export.Summary(w, report) })
	}
	if file := a.getenv("GITHUB_OUTPUT"); format == "classroom" && file != "" {
		var text bytes.Buffer // of one submission
		if err := export.Write(&text, format, report, export.Options{Version: version()}); err != nil {
			return err
		}
		return writeTo(file, add, func(w io.Writer) error {
			_, err := io.WriteString(w, "result="+base64.StdEncoding.EncodeToString(text.Bytes())+"\n")
			return err
		})
	}
	return nil
}
