package verdict

import (
	"fmt"
	"strings"
	"time"

	"workbook/cmd/workbook/internal/run"
)

// notConcurrent begins a failure text of the test kit about a program that does one thing at a time
// where it could do several.
const notConcurrent = "not concurrent: "

// waitsForOthers is the kit's function in which a test waits until enough goroutines are inside at
// once. A program stuck there is not concurrent; it is not in deadlock.
const waitsForOthers = "solutions/kit.(*Overlap).Inside("

// oneAtATime says what is wrong with a program that is stuck there.
const oneAtATime = "your program does one thing after another where several could be under way: the test waited for them to overlap until nothing moved any more"

// raceStatus is the exit status by which the race detector speaks.
const raceStatus = 66

// evidence returns what one record says against the submission: nothing, if it passed.
func evidence(r run.Record) []Finding {
	if r.Scheduled {
		return scheduled(r)
	}
	found := races(r)
	add := func(c Class, message, raw string) {
		found = append(found, Finding{Class: c, Test: r.Test, Message: message, Raw: raw, At: learnerLines(c, raw)})
	}
	if r.Fault != "" {
		add(Fault, "the workbook could not run "+r.Test+": "+r.Fault, "")
		return found
	}
	if text, class := crash(r); class != "" {
		add(class, crashMessage(class, text), text)
	} else if c, message := stuck(r); c != "" {
		add(c, message, r.Dump)
	}
	for _, f := range failed(r, len(found) > 0) {
		f.Test = r.Test
		found = append(found, f)
	}
	if r.Leaked > 0 && !r.Failed { // a test that gave up half-way leaves goroutines behind
		add(Leak, leakMessage(r.Leaked), r.Dump)
	}
	if r.Skipped {
		add(Fault, "the hidden test "+r.Test+" skipped itself", "")
	}
	if len(found) == 0 {
		if c, message := contradiction(r); c != "" {
			add(c, message, r.Output)
		}
	}
	return found
}

// stuck says what a test is that did not end by itself.
func stuck(r run.Record) (Class, string) {
	switch {
	case r.Stuck == "deadlock" && strings.Contains(r.Dump, waitsForOthers):
		return NotConcurrent, oneAtATime
	case r.Stuck == "deadlock":
		return Deadlock, "deadlock: every goroutine waits for another one, so " + r.Test + " can never finish"
	case r.Killed == "output":
		return Wrong, "your program printed more than a megabyte and was ended: take the prints out of its loops"
	case r.Stuck == "timeout", r.TimedOut:
		return Timeout, fmt.Sprintf("%s was not finished after %s", r.Test, r.Elapsed.Round(time.Second))
	}
	return "", ""
}

func leakMessage(n int) string {
	if n == 1 {
		return "a goroutine of the test is still there after the test has ended"
	}
	return fmt.Sprintf("%d goroutines of the test are still there after the test has ended", n)
}

// failed returns the test's own failures. A test that failed without a word failed because of what
// explained says, where that is something.
func failed(r run.Record, explained bool) []Finding {
	var found []Finding
	if !r.Failed {
		return nil
	}
	for _, text := range r.Failures {
		f := Finding{Class: Wrong, Message: text, Raw: text}
		if rest, ok := strings.CutPrefix(text, notConcurrent); ok {
			f.Class, f.Message = NotConcurrent, rest
		}
		found = append(found, f)
	}
	if r.Exit == 0 && r.Signal == "" {
		return append(found, Finding{Class: Tampered, Message: "the test failed, and yet the program ended with status 0"})
	}
	if len(found) == 0 && !explained {
		found = append(found, Finding{Class: Wrong, Message: r.Test + " failed"})
	}
	return found
}

// contradiction says what is wrong with a record that has no other finding: nothing, if it is the
// record of a passed test.
func contradiction(r run.Record) (Class, string) {
	ended := fmt.Sprintf("your program ended itself with status %d before %s was finished, as os.Exit and log.Fatal do", r.Exit, r.Test)
	switch {
	case r.Signal != "":
		return Panic, fmt.Sprintf("the system ended your program (signal: %s) while %s ran; it may have used all memory", r.Signal, r.Test)
	case r.Forged:
		return Tampered, "something other than the grader wrote into the results of " + r.Test
	case !r.Done && r.Exit == 0:
		return Tampered, ended
	case !r.Done:
		return Panic, ended
	case r.Blind:
		return Tampered, blindMessage(r)
	case r.Exit != 0:
		return Tampered, fmt.Sprintf("%s passed, and yet the program ended with status %d", r.Test, r.Exit)
	}
	return "", ""
}

func blindMessage(r run.Record) string {
	return "after " + r.Test + " the race detector was silent: it did not report a race that the grader made on purpose, so nothing is known about the races of your program"
}
