package export

import (
	"bufio"
	"encoding/xml"
	"fmt"
	"strconv"

	"workbook/cmd/workbook/internal/batch"
	"workbook/cmd/workbook/internal/verdict"
)

// The elements that go-junit-report and gotestsum write, and so every reader knows.
type (
	testSuite struct {
		XMLName    xml.Name   `xml:"testsuite"`
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

// writeJUnit reads the results twice: the sums stand before what they are of.
func writeJUnit(w *bufio.Writer, r batch.Report, _ Options) error {
	var sums testSuite
	var ms int64
	err := r.Each(func(_ int, x batch.Result) error {
		s := suite(x)
		sums.Tests, sums.Failures, sums.Errors = sums.Tests+s.Tests, sums.Failures+s.Failures, sums.Errors+s.Errors
		ms += x.Verdict.ElapsedMS
		return nil
	})
	if err != nil {
		return err
	}
	w.WriteString(xml.Header)
	e := xml.NewEncoder(w)
	e.Indent("", "  ")
	root := xml.StartElement{Name: xml.Name{Local: "testsuites"}}
	for _, p := range []property{{"name", "workbook"}, {"tests", strconv.Itoa(sums.Tests)}, {"failures", strconv.Itoa(sums.Failures)}, {"errors", strconv.Itoa(sums.Errors)}, {"time", seconds(ms)}} {
		root.Attr = append(root.Attr, xml.Attr{Name: xml.Name{Local: p.Name}, Value: p.Value})
	}
	if err := e.EncodeToken(root); err != nil {
		return err
	}
	err = r.Each(func(_ int, x batch.Result) error {
		s := suite(x)
		s.Properties = append(s.Properties, property{"sandbox", r.Box})
		return e.Encode(s)
	})
	if err != nil {
		return err
	}
	if err := e.EncodeToken(root.End()); err != nil {
		return err
	}
	err = e.Close()
	w.WriteString("\n")
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
