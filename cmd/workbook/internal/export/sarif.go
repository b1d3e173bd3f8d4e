package export

import (
	"bufio"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/url"

	"workbook/cmd/workbook/internal/batch"
	"workbook/cmd/workbook/internal/verdict"
)

// The parts of SARIF 2.1.0 that GitHub's code scanning reads.
type (
	sarifLog struct {
		Schema  string     `json:"$schema"`
		Version string     `json:"version"`
		Runs    []sarifRun `json:"runs"`
	}
	sarifRun struct {
		Tool        sarifTool         `json:"tool"`
		Invocations []sarifInvocation `json:"invocations"`
		Results     []sarifResult     `json:"results"`
	}
	sarifTool struct {
		Driver sarifDriver `json:"driver"`
	}
	sarifDriver struct {
		Name    string      `json:"name"`
		Version string      `json:"version,omitempty"`
		Rules   []sarifRule `json:"rules"`
	}
	sarifRule struct {
		ID    string       `json:"id"`
		Name  string       `json:"name"`
		Short sarifMessage `json:"shortDescription"`
	}
	sarifMessage struct {
		Text string `json:"text"`
	}
	sarifInvocation struct {
		Successful    bool                `json:"executionSuccessful"`
		Notifications []sarifNotification `json:"toolExecutionNotifications,omitempty"`
	}
	sarifNotification struct {
		Level   string       `json:"level"`
		Message sarifMessage `json:"message"`
	}
	sarifResult struct {
		RuleID       string            `json:"ruleId"`
		RuleIndex    int               `json:"ruleIndex"`
		Level        string            `json:"level"`
		Message      sarifMessage      `json:"message"`
		Locations    []sarifLocation   `json:"locations"`
		Related      []sarifLocation   `json:"relatedLocations,omitempty"`
		Fingerprints map[string]string `json:"partialFingerprints"`
	}
	sarifLocation struct {
		ID       int           `json:"id,omitempty"`
		Physical sarifPhysical `json:"physicalLocation"`
		Message  *sarifMessage `json:"message,omitempty"`
	}
	sarifPhysical struct {
		Artifact sarifArtifact `json:"artifactLocation"`
		Region   *sarifRegion  `json:"region,omitempty"`
	}
	sarifArtifact struct {
		URI string `json:"uri"`
	}
	sarifRegion struct {
		StartLine int `json:"startLine"`
	}
)

// maxSARIF is how many results of a run GitHub takes.
const maxSARIF = 25000

// rules are the classes that are findings.
var rules = []struct {
	class verdict.Class
	text  string
}{
	{verdict.Build, "the program does not compile"},
	{verdict.Policy, "the program contains something that a submission may not"},
	{verdict.Tampered, "the tests could not do their work"},
	{verdict.Race, "data race"},
	{verdict.Panic, "the program panics"},
	{verdict.Deadlock, "deadlock"},
	{verdict.Leak, "a goroutine never ends"},
	{verdict.Wrong, "a wrong result"},
	{verdict.NotConcurrent, "one thing is done at a time"},
	{verdict.Timeout, "the program does not finish"},
	{verdict.Fault, "the workbook could not grade it"},
}

// writeSARIF reads the results twice: how many are left out stands before them.
func writeSARIF(w *bufio.Writer, r batch.Report, o Options) error {
	driver := sarifDriver{Name: "workbook", Version: o.Version}
	index := map[verdict.Class]int{}
	for i, rule := range rules {
		index[rule.class] = i
		driver.Rules = append(driver.Rules, sarifRule{"workbook/" + string(rule.class), "Workbook" + string(rule.class), sarifMessage{rule.text}})
	}
	total := 0
	err := r.Each(func(_ int, x batch.Result) error {
		total += len(x.Verdict.Findings)
		return nil
	})
	if err != nil {
		return err
	}
	call := sarifInvocation{Successful: true}
	if total > maxSARIF {
		call.Notifications = []sarifNotification{{"warning", sarifMessage{fmt.Sprintf("%d further findings are left out: no reader takes more than %d", total-maxSARIF, maxSARIF)}}}
	}
	run := sarifRun{Tool: sarifTool{driver}, Invocations: []sarifInvocation{call}, Results: []sarifResult{}}
	written := 0
	return listed(w, sarifLog{"https://json.schemastore.org/sarif-2.1.0.json", "2.1.0", []sarifRun{run}}, func(add func(any) error) error {
		return r.Each(func(_ int, x batch.Result) error {
			for _, f := range x.Verdict.Findings[:min(len(x.Verdict.Findings), maxSARIF-written)] {
				if err := add(sarifFinding(x, f, index[f.Class])); err != nil {
					return err
				}
				written++
			}
			return nil
		})
	})
}

func sarifFinding(x batch.Result, f verdict.Finding, rule int) sarifResult {
	text := name(x) + ": " + f.Message
	if f.Hint != "" {
		text += "\nnext: " + f.Hint
	}
	out := sarifResult{RuleID: "workbook/" + string(f.Class), RuleIndex: rule, Level: "error", Message: sarifMessage{text}}
	source := ""
	for i, p := range f.At {
		l := sarifLocation{Physical: sarifPhysical{Artifact: sarifArtifact{uri(located(x, p))}}}
		if p.Line > 0 {
			l.Physical.Region = &sarifRegion{p.Line}
		}
		if i == 0 {
			source = p.Source
			out.Locations = append(out.Locations, l)
			continue
		}
		l.ID, l.Message = i, &sarifMessage{p.Role}
		out.Related = append(out.Related, l)
	}
	if len(f.At) == 0 {
		out.Locations = []sarifLocation{{Physical: sarifPhysical{Artifact: sarifArtifact{uri(x.File)}}}}
	}
	// The line's number is not in it: a finding stays the same one when lines are added above it.
	sum := sha256.Sum256(fmt.Appendf(nil, "%q %q %q %q", x.Submission, x.Verdict.Exercise, f.Class, source))
	out.Fingerprints = map[string]string{"workbookFinding/v1": hex.EncodeToString(sum[:16])}
	return out
}

// uri is a relative reference to a file.
func uri(file string) string { return (&url.URL{Path: file}).String() }
