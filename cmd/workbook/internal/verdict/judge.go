package verdict

import (
	"slices"

	"workbook/cmd/workbook/internal/run"
)

// Input is everything that is known about one submission of one exercise.
type Input struct {
	Exercise string
	Lesson   string
	Package  string       // of a learner's own package, where Exercise is empty
	Test     string       // its test, "" for all
	Tests    []string     // the hidden tests that must have run
	Findings []Finding    // of policy and build
	Records  []run.Record // of every layer
	Notes    []string
}

// order is the precedence of the classes: a verdict, and a test, has the first class of its
// findings.
//
// What cannot run comes first. A race is final, whatever else went wrong, because nothing that a
// racy program does is worth explaining; a panic ends a program before it can be stuck; a stuck
// test is a firmer fact than a wrong result; a timeout says least. A fault of ours never hides
// what the submission did wrong, and never lets it pass.
var order = []Class{Build, Policy, Tampered, Race, Panic, Deadlock, Leak, Wrong, NotConcurrent, Timeout, Fault, Pass}

// Judge says what the evidence means. A submission passes if every test left a record in every
// layer that ran it, and everything in each record says so: the harness's word, the exit status
// and the race detector's reports.
func Judge(in Input) Verdict {
	v := Verdict{
		Schema: Schema, Exercise: in.Exercise, Lesson: in.Lesson, Package: in.Package, Test: in.Test, Notes: in.Notes,
		Tests: []Test{}, Findings: slices.Clone(in.Findings),
	}
	if len(v.Findings) == 0 {
		v.judgeTests(in)
	}
	slices.SortStableFunc(v.Findings, func(a, b Finding) int { return rank(a.Class) - rank(b.Class) })
	if v.Findings == nil {
		v.Findings = []Finding{}
	}
	v.Unfinished = unfinished(in.Records)
	v.Class = worst(v.Findings)
	v.Passed = v.Class == Pass
	v.Title = title(v)
	v.Output = output(v, in.Records)
	return v
}

// judgeTests adds the tests and their findings.
func (v *Verdict) judgeTests(in Input) {
	if len(in.Tests) == 0 {
		v.Findings = append(v.Findings, Finding{Class: Fault, Message: "the exercise has no hidden tests, so nothing is known about your program"})
	}
	for _, name := range in.Tests {
		t := Test{Name: name}
		var found []Finding
		recorded := false
		for _, r := range in.Records {
			if r.Test != name {
				continue
			}
			recorded = recorded || !Silent(r)
			t.MS += r.Elapsed.Milliseconds()
			found = append(found, evidence(r)...)
		}
		if !recorded {
			found = append(found, Finding{Class: Fault, Test: name, Message: "the test " + name + " was not run"})
		}
		t.Class = worst(found)
		v.Tests = append(v.Tests, t)
		for _, f := range found {
			if !slices.ContainsFunc(v.Findings, f.repeats) {
				v.Findings = append(v.Findings, f)
			}
		}
	}
}

// repeats reports whether two findings say the same: the same class and words at the same places.
func (f Finding) repeats(other Finding) bool {
	return f.Class == other.Class && f.Message == other.Message && slices.Equal(f.At, other.At) &&
		(f.Class == Race || f.Test == other.Test)
}

func rank(c Class) int {
	if i := slices.Index(order, c); i >= 0 {
		return i
	}
	return 0 // an unknown class is nothing to pass with
}

// worst returns the first class in order among the findings, Pass where there are none.
func worst(found []Finding) Class {
	c := Pass
	for _, f := range found {
		if rank(f.Class) < rank(c) {
			c = f.Class
		}
	}
	return c
}
