// Package verdict says what a submission's records mean.
//
// It is pure: no file, no process, no clock. Its JSON form is the contract of `workbook check --json`.
package verdict

// Schema is the version of the JSON form. A field may be added without a new version; a field's
// meaning may not change and none may go.
const Schema = 1

// Class is the kind of a verdict, a test or a finding.
type Class string

// The classes. Fault (ours) is the only one that may be retried; a Race found in any run is final.
const (
	Pass          Class = "pass"
	Build         Class = "build"
	Policy        Class = "policy"
	Wrong         Class = "wrong"
	Race          Class = "race"
	Deadlock      Class = "deadlock"
	Leak          Class = "leak"
	Timeout       Class = "timeout"
	Panic         Class = "panic"
	NotConcurrent Class = "notconcurrent"
	Tampered      Class = "tampered"
	Fault         Class = "error"
)

// Verdict is the answer to one submission of one exercise.
type Verdict struct {
	Schema     int       `json:"schema"`
	Exercise   string    `json:"exercise"`
	Package    string    `json:"package,omitempty"` // of `workbook explore`, where Exercise is empty
	Test       string    `json:"test,omitempty"`    // of `workbook explore`
	Lesson     string    `json:"lesson"`
	Class      Class     `json:"class"`
	Passed     bool      `json:"passed"`
	Title      string    `json:"title"` // one line: what happened
	Tests      []Test    `json:"tests"`
	Findings   []Finding `json:"findings"`
	Notes      []string  `json:"notes,omitempty"`    // layers that could not run, and why
	Explored   string    `json:"explored,omitempty"` // "all 214 schedules with at most 2 delays"
	Unfinished []string  `json:"-"`                  // tests whose schedules with at most 2 delays were not all run, and why
	Sandbox    string    `json:"sandbox,omitempty"`  // the tier that it was run in, "T2"; none where it is empty
	Output     string    `json:"output,omitempty"`   // what the program printed, truncated; never evidence
	ElapsedMS  int64     `json:"elapsed_ms"`
	BuildMS    int64     `json:"build_ms"`
	RunMS      int64     `json:"run_ms"`
}

// Test is the outcome of one hidden test.
type Test struct {
	Name  string `json:"name"`
	Class Class  `json:"class"`
	MS    int64  `json:"ms"`
}

// Finding is one thing that is wrong with the submission.
type Finding struct {
	Class    Class    `json:"class"`
	Test     string   `json:"test,omitempty"`
	Message  string   `json:"message"` // one or two sentences
	At       []Place  `json:"at,omitempty"`
	Hint     string   `json:"hint,omitempty"`     // what to do next
	Detail   []string `json:"detail,omitempty"`   // further lines: source excerpts, who waits for whom
	Schedule string   `json:"schedule,omitempty"` // replays it: `workbook replay EXERCISE SCHEDULE`
	Timeline []string `json:"timeline,omitempty"` // the schedule drawn as columns, a line each
	Lesson   string   `json:"lesson,omitempty"`   // "atomicity#check-then-act"
	Raw      string   `json:"-"`                  // the report it was read from
}

// Place is a line of the learner's own file.
type Place struct {
	File   string `json:"file"` // relative to the workspace, slash-separated
	Line   int    `json:"line"`
	Role   string `json:"role"`             // "write", "read", "started", "blocked", "holds", "panics", "error", …
	Source string `json:"source,omitempty"` // the line's text, trimmed
}
