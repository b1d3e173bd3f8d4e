package export

import (
	"encoding/xml"
	"fmt"
	"io"

	"workbook/cmd/workbook/internal/batch"
	"workbook/cmd/workbook/internal/verdict"
)

// The elements that go-junit-report and gotestsum write, and so every reader knows.
type (
	testSuites struct {
		XMLName  xml.Name    `xml:"testsuites"`
		Name     string      `xml:"name,attr"`
		Tests    int         `xml:"tests,attr"`
		Failures int         `xml:"failures,attr"`
		Errors   int         `xml:"errors,attr"`
		Time     string      `xml:"time,attr"`
		Suites   []testSuite `xml:"testsuite"`
	}
	testSuite struct {
		Name       string     `xml:"name,attr"`
		Tests      int        `xml:"tests,attr"`
		Failures   int        `xml:"failures,attr"`
		Errors     int        `xml:"errors,attr"`
		Skipped    int        `xml:"skipped,attr"`
		Time       string     `xml:"time,attr"`
		Properties []property `xml:"properties>property"`
		Cases      []testCase `xml:"testcase"`
		Output     string     `xml:"system-out,omitempty"`
	}
	testCase struct {
		Class      string     `xml:"classname,attr"`
		Name       string     `xml:"name,attr"`
		Time       string     `xml:"time,attr"`
		Properties []property `xml:"properties>property,omitempty"`
		Failure    *problem   `xml:"failure"`
		Error      *problem   `xml:"error"`
		Skipped    *problem   `xml:"skipped"`
	}
	property struct {
		Name  string `xml:"name,attr"`
		Value string `xml:"value,attr"`
	}
	problem struct {
		Message string `xml:"message,attr"`
		Type    string `xml:"type,attr,omitempty"`
		Text    string `xml:",chardata"`
	}
)

func writeJUnit(w io.Writer, r batch.Report, _ Options) error {
	out := testSuites{Name: "workbook"}
	var ms int64
	for _, x := range r.Results {
		x = x.Full()
		s := suite(x)
		ms += x.Verdict.ElapsedMS
		out.Tests, out.Failures, out.Errors = out.Tests+s.Tests, out.Failures+s.Failures, out.Errors+s.Errors
		s.Properties = append(s.Properties, property{"sandbox", r.Box})
		out.Suites = append(out.Suites, s)
	}
	out.Time = seconds(ms)
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return err
	}
	e := xml.NewEncoder(w)
	e.Indent("", "  ")
	if err := e.Encode(out); err != nil {
		return err
	}
	_, err := io.WriteString(w, "\n")
	return err
}

// suite is one result. Where no test has run, one case says why, in place of all.
func suite(x batch.Result) testSuite {
	s := testSuite{
		Name: name(x), Time: seconds(x.Verdict.ElapsedMS), Output: x.Verdict.Output,
		Properties: []property{{"class", string(x.Verdict.Class)}, {"score", number(x.Score)}, {"points", number(x.Points)}},
	}
	if !ran(x) {
		s.Tests, s.Errors = 1, 1
		s.Cases = []testCase{{Class: name(x), Name: x.Verdict.Exercise, Time: s.Time, Error: &problem{x.Verdict.Title, string(x.Verdict.Class), all(x)}}}
		return s
	}
	for _, c := range x.Credits {
		t := testCase{Class: name(x), Name: c.Test, Time: seconds(c.MS), Properties: []property{{"score", number(c.Score)}, {"points", number(c.Points)}}}
		switch {
		case passed(c):
		case c.Class == "":
			t.Skipped = &problem{Message: "not run: " + x.Verdict.Title}
			s.Skipped++
		case c.Class == verdict.Fault:
			t.Error = &problem{"the workbook could not run it", string(c.Class), about(x, c)}
			s.Errors++
		default:
			t.Failure = &problem{string(c.Class), string(c.Class), about(x, c)}
			s.Failures++
		}
		s.Tests++
		s.Cases = append(s.Cases, t)
	}
	return s
}

func seconds(ms int64) string { return fmt.Sprintf("%d.%03d", ms/1000, ms%1000) }
