package sched

// The classes of a finding, as the verdict's.
const (
	Race     = "race"
	Panic    = "panic" // includes fatal errors such as "sync: unlock of unlocked mutex"
	Deadlock = "deadlock"
	Leak     = "leak"
	Wrong    = "wrong" // the test failed
)

// The modes of a Job.
const (
	Free    = "free"    // call the test once, with the real scheduler
	Explore = "explore" // look for a schedule that fails
	Replay  = "replay"  // run Job.Schedule
)

// Job says what Run does. The zero value of a field means its default.
type Job struct {
	Mode     string `json:"mode,omitempty"`     // Free by default
	Seed     uint64 `json:"seed,omitempty"`     // fixes which schedules run, and their order
	Program  string `json:"program,omitempty"`  // identifies the program in schedule strings: a hash of exercise and submission
	Schedule string `json:"schedule,omitempty"` // for Replay

	Schedules int  `json:"schedules,omitempty"` // budget; 20,000
	Millis    int  `json:"millis,omitempty"`    // budget; 2,000. It decides how far the order of schedules is followed, nothing else
	PCT       int  `json:"pct,omitempty"`       // schedules of that strategy; 50, none where negative
	Random    int  `json:"random,omitempty"`    // schedules of that strategy; 50, none where negative
	Bound     int  `json:"bound,omitempty"`     // delays of the exhaustive phase; 2, none where negative
	Extra     int  `json:"extra,omitempty"`     // schedules to run when the exhaustive phase has ended, half of them by PCT, then with a delay more; 0
	Jumps     bool `json:"jumps,omitempty"`     // timers may fire early
	Timers    bool `json:"timers,omitempty"`    // what timers start after the test's end is waited for, a minute of the fake clock
	StepCap   int  `json:"step_cap,omitempty"`  // steps of a schedule; 20,000. A schedule that takes more is not judged

	WatchdogMillis int    `json:"watchdog_millis,omitempty"` // real time without a step after which the program cannot be scheduled; 1,000
	RecycleAfter   int    `json:"recycle_after,omitempty"`   // abandoned goroutines; 5,000. The race detector ends a process at 8,128 that live
	Journal        string `json:"journal,omitempty"`         // file for the schedule about to run; see ReadJournal
	Resume         *State `json:"resume,omitempty"`          // from the Report of the process that wanted to be recycled
	KeepSchedule   bool   `json:"keep_schedule,omitempty"`   // do not minimise the schedule that was found
	NoTrace        bool   `json:"no_trace,omitempty"`        // no steps, waits and dumps in the report
}

// Report is what Run found out.
type Report struct {
	Name string `json:"name"`

	Found    bool   `json:"found"`
	Class    string `json:"class,omitempty"`
	Message  string `json:"message,omitempty"`  // the panic's text, the test's first failure, "all goroutines are blocked", …
	By       int32  `json:"by,omitempty"`       // the goroutine that panicked
	At       Place  `json:"at,omitzero"`        // the point that it had left last
	Schedule string `json:"schedule,omitempty"` // replays the finding; minimised
	Original string `json:"original,omitempty"` // as it was found
	Phase    string `json:"phase,omitempty"`    // the strategy that found it
	Number   int    `json:"number,omitempty"`   // it was the how-manieth schedule, from 1

	// Confirmed is how many of two replays failed in the same way. Less than 2 means that the program
	// does not depend on its schedule alone (map order, random numbers, real time); the finding was
	// seen all the same.
	Confirmed int `json:"confirmed,omitempty"`
	// Unconfirmable says why there was no replay to confirm it.
	Unconfirmable string `json:"unconfirmable,omitempty"`

	// Tried is how many schedules in other orders were run where the very first one had a wrong result, up to one that
	// had none; Alike is how many of them had one too. Where that is all, no order of the goroutines is to blame.
	Tried int `json:"tried,omitempty"`
	Alike int `json:"alike,omitempty"`

	Goroutines []Goroutine `json:"goroutines,omitempty"`
	Steps      []Step      `json:"steps,omitempty"`
	Waits      []Wait      `json:"waits,omitempty"`    // of the goroutines that had not ended
	Failures   string      `json:"failures,omitempty"` // what the test logged in the failing schedule
	RaceText   string      `json:"race_text,omitempty"`
	Stack      string      `json:"stack,omitempty"` // of a panic
	Dump       string      `json:"dump,omitempty"`  // stacks of the schedule's goroutines: deadlock, leak

	Schedules    int     `json:"schedules"`
	TotalSteps   int     `json:"total_steps"`            // of all schedules
	MaxSteps     int     `json:"max_steps"`              // of the longest one
	Exhausted    int     `json:"exhausted"`              // all schedules with at most so many delays were run; -1: none
	AtBound      int     `json:"at_bound,omitempty"`     // how many those were
	Complete     bool    `json:"complete,omitempty"`     // those are all schedules that there are
	Phases       []Phase `json:"phases,omitempty"`       //
	Inconclusive int     `json:"inconclusive,omitempty"` // schedules that reached the step cap, and are not judged
	Nondet       int     `json:"nondet,omitempty"`       // schedules that did not run as planned
	Skipped      bool    `json:"skipped,omitempty"`      // the test skipped itself
	Stopped      string  `json:"stopped,omitempty"`      // why the search ended: "found", "exhausted", "schedules", "time", "inconclusive", "skipped", "cannot", "recycle"
	Cannot       string  `json:"cannot,omitempty"`       // why the program cannot be scheduled: fall back to free runs
	Recycle      *State  `json:"recycle,omitempty"`      // go on from here in a new process: abandoned goroutines fill this one
	Abandoned    int     `json:"abandoned,omitempty"`    // goroutines that are left of schedules
	RaceDetector bool    `json:"race_detector"`          // it was on
	Micros       int64   `json:"micros"`
}

// Phase counts the schedules of one strategy: "pct", "random", "delay 0", "delay 1", "every schedule", …
type Phase struct {
	Name      string `json:"name"`
	Schedules int    `json:"schedules"`
	Exhausted bool   `json:"exhausted,omitempty"`
}

// State is a point of the exploration that another process can go on from.
type State struct {
	Phase     int         `json:"phase"`
	Index     int         `json:"index"` // schedules of the phase that were run
	Mixed     int         `json:"mixed"` // random schedules that were mixed into the exhaustive phases
	Est       int         `json:"est"`
	Last      []Deviation `json:"last,omitempty"` // the exhaustive phase's latest schedule
	Schedules int         `json:"schedules"`
	Phases    []Phase     `json:"phases,omitempty"`
	Exhausted int         `json:"exhausted"`
	AtBound   int         `json:"at_bound"`
	Complete  bool        `json:"complete"` // these are all schedules that there are
	Cut       bool        `json:"cut"`      // the exhaustive phase's bound has ruled out a choice
	Millis    int         `json:"millis"`   // already spent
}

// Deviation is a choice other than the default one: at which decision, and which.
type Deviation [2]int

// Place is a site as the report shows it.
type Place struct {
	Site int32  `json:"site,omitempty"`
	File string `json:"file,omitempty"`
	Line int32  `json:"line,omitempty"`
	Op   string `json:"op,omitempty"`
	Text string `json:"text,omitempty"`
	Part string `json:"part,omitempty"`
	Var  string `json:"var,omitempty"`
}

// Goroutine is one that took part in the schedule. Number 1 runs the test function.
type Goroutine struct {
	Num     int32 `json:"num"`
	Parent  int32 `json:"parent,omitempty"`
	Started Place `json:"started"`
	Daemon  bool  `json:"daemon,omitempty"` // started by package initialisation, directly or not
	Ended   bool  `json:"ended,omitempty"`
}

// Step is one move of the schedule: goroutine G went on from a point, and executed what follows it.
type Step struct {
	G int32 `json:"g"`
	Place
	Calls    []string `json:"calls,omitempty"`    // functions that G has entered since its last step, with their arguments
	Value    string   `json:"value,omitempty"`    // what the step wrote or read
	Blocked  string   `json:"blocked,omitempty"`  // it then had to wait, for what: "mutex", "read lock", "wait group", …
	Locks    []Lock   `json:"locks,omitempty"`    // that G held when it went on
	Switched bool     `json:"switched,omitempty"` // another goroutine was running, and could have gone on
	Jump     bool     `json:"jump,omitempty"`     // not a move of a goroutine: a timer was let fire early
	Inside   bool     `json:"inside,omitempty"`   // of an interpreted program: an operation that follows the one of the place
	Ends     bool     `json:"ends,omitempty"`     // of an interpreted program: main returns, and with it the program
}

// Lock is a lock that is held.
type Lock struct {
	Object int    `json:"object"`         // numbers the objects of the report
	Name   string `json:"name,omitempty"` // as at the place where it was taken
	Read   bool   `json:"read,omitempty"` // by RLock
	Taken  Place  `json:"taken"`
	By     int32  `json:"by,omitempty"` // goroutine, in Wait.Holders
}

// Wait says what a goroutine was waiting for when the schedule ended.
type Wait struct {
	G int32 `json:"g"`
	Place
	For     string `json:"for"` // "mutex", "lock", "read lock", "cond", "wait group", "synctest.Wait", or "channel" for whatever Go itself blocks: see Op and the dump
	Object  int    `json:"object,omitempty"`
	Name    string `json:"name,omitempty"`
	Holders []Lock `json:"holders,omitempty"`
}
