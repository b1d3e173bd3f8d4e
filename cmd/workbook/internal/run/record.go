// Package run executes a hidden-test binary under limits.
//
// One process runs one hidden test. What counts as evidence comes over a pipe of its own; what the
// process prints is kept for people to read and believed by nobody.
package run

import "time"

// Record is everything that is known about one process that ran one hidden test.
type Record struct {
	Test  string // the hidden test's name
	Layer string // "free", or the name of the layer that ran it
	Procs int    // GOMAXPROCS, 0 for the default

	Begun    bool // the harness said that the test began
	Done     bool // the harness said that the test function returned and its goroutines had settled
	Failed   bool // testing.T.Failed
	Skipped  bool
	Races    int      // reports that the race detector counted
	Failures []string // texts of the test's own failures, for display
	Words    string   // the testing package's own words, where the failures stand with their places
	Leaked   int      // goroutines still blocked after the test
	Stuck    string   // "deadlock", "timeout" or "races" (enough of them) where the harness ended the test, else ""
	Dump     string   // goroutine dump of a leak or of a stuck test

	Scheduled bool   // the scheduler ran it
	Schedule  []byte // JSON of sched.Report where the layer explored schedules
	Journal   []byte // of the scheduler, for sched.ReadJournal, where its process died

	Exit      int    // exit status, -1 where a signal ended it
	Blind     bool   // the test left no race, and the race detector did not report the one that it must
	Forged    bool   // something but the harness wrote into the harness's events
	Signal    string // "killed", … where a signal ended it
	TimedOut  bool   // the runner's own deadline ended it
	Killed    string // "output" where a limit of the runner ended it, else ""
	Output    string // standard output and error, capped
	Truncated int    // bytes of output that were dropped
	RaceText  string // the race detector's reports
	Fault     string // what kept the runner from doing its part: ours, never the submission's
	Elapsed   time.Duration
}
