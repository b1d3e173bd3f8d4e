package explain

import (
	"strings"
	"testing"

	"workbook/cmd/workbook/internal/verdict"
)

// TestCrashTexts holds that every text the runtime and the testing package are known to print is
// recognised, in a finding that repeats the text, for whoever wants to look it up.
func TestCrashTexts(t *testing.T) {
	for _, text := range []string{
		"fatal error: concurrent map writes", "fatal error: concurrent map read and map write", "fatal error: concurrent map iteration and map write",
		"fatal error: concurrent map clone and map write", "fatal error: sync: unlock of unlocked mutex", "fatal error: sync: RUnlock of unlocked RWMutex",
		"fatal error: sync: Unlock of unlocked RWMutex", "panic: sync: negative WaitGroup counter", "panic: sync: WaitGroup misuse: Add called concurrently with Wait",
		"panic: sync: WaitGroup is reused before previous Wait has returned", "panic: send on closed channel", "panic: close of closed channel",
		"panic: close of nil channel", "panic: sync.Cond is copied", "fatal error: all goroutines are asleep - deadlock!", "fatal error: stack overflow",
		"panic: assignment to entry in nil map", "panic: runtime error: invalid memory address or nil pointer dereference",
		"panic: runtime error: index out of range [3] with length 3", "panic: runtime error: index out of range [-1]",
		"panic: runtime error: slice bounds out of range [:5] with capacity 3", "panic: interface conversion: interface {} is string, not int",
		"panic: runtime error: integer divide by zero", "panic: test executed panic(nil) or runtime.Goexit",
		"panic: Log in goroutine after TestA has completed: late", "panic: unexpected call to os.Exit(0) during test",
	} {
		for _, end := range []string{"\n", " [recovered, repanicked]\n", "\n\ngoroutine 7 [running]:\nmain.main()\n\t/x/main.go:3 +0x1\n"} {
			f := grade(verdict.Finding{Class: verdict.Panic, Raw: "--- FAIL: TestA (0.00s)\n" + text + end}).Findings[0]
			_, said, _ := strings.Cut(text, ": ")
			said = strings.NewReplacer("runtime error: ", "", "invalid memory address or ", "", "test executed ", "", "TestA has completed: late", "the test has completed").Replace(said)
			if !strings.Contains(f.Message, said) {
				t.Errorf("%q: the message %q lacks the text", text, f.Message)
			}
			if rule := ruleFor(strings.TrimPrefix(strings.TrimPrefix(text, "panic: "), "fatal error: ")); rule.text.String() == "^" {
				t.Errorf("%q has no rule", text)
			}
		}
	}
}

func TestOwnPanics(t *testing.T) {
	for _, tt := range []struct{ output, want string }{
		{"panic: no tokens\n\ngoroutine 1 [running]:\n", "no tokens"},
		{"panic: two\n\tlines\n\ngoroutine 1 [running]:\n", "two lines"},
		{"panic: first\n\tpanic: second\n\ngoroutine 1 [running]:\n", ": first."},
		{"panic: main.T{a:1}\n", "main.T{a:1}"},
		{"panic: " + strings.Repeat("long ", 100) + "\n", "long…."},
		{"noise\r\npanic: with carriage return\r\n\r\n", "with carriage return."},
	} {
		f := grade(verdict.Finding{Class: verdict.Panic, Raw: tt.output}).Findings[0]
		if !strings.Contains(f.Message, tt.want) {
			t.Errorf("%q: message %q, want it to say %q", tt.output, f.Message, tt.want)
		}
	}
}

func TestState(t *testing.T) {
	for _, tt := range []struct {
		in, state string
		nilChan   bool
	}{
		{"chan receive (durable), synctest bubble 1", "chan receive", false},
		{"sync.Mutex.Lock, 2 minutes", "sync.Mutex.Lock", false},
		{"chan send (nil chan)", "chan send", true},
		{"chan send (leaked)", "chan send", false},
		{"select (no cases)", "select (no cases)", false},
		{"running", "running", false},
		{"chan receive, 3 minutes, locked to thread", "chan receive", false},
	} {
		if state, nilChan := parseState(tt.in); state != tt.state || nilChan != tt.nilChan {
			t.Errorf("parseState(%q) = %q, %t, want %q, %t", tt.in, state, nilChan, tt.state, tt.nilChan)
		}
	}
}

// TestPaths holds that a learner's line is found however the path is printed, and that lines are
// named with their file where there are several.
func TestPaths(t *testing.T) {
	files := map[string][]byte{"exercises/atomicity/counter/counter.go": []byte(counter)}
	for _, tt := range []struct{ tree, printed string }{
		{"/tree", "/tree/"}, {"/tree/", "/tree/"}, {`C:\tree`, `C:\tree\`}, {`C:\tree`, "C:/tree/"}, {"", ""}, {"/tree", "workbook/"},
	} {
		text := strings.ReplaceAll(raceText("8", "7"), "/tree/", tt.printed)
		v := &verdict.Verdict{Findings: []verdict.Finding{{Class: verdict.Race, Raw: text}}}
		Verdict(v, Input{Tree: tt.tree, Files: files})
		if f := v.Findings[0]; len(f.At) != 2 || f.At[0].File != "exercises/atomicity/counter/counter.go" || f.At[0].Line != 8 {
			t.Errorf("tree %q, printed %q: %+v", tt.tree, tt.printed, f)
		}
	}
	files["exercises/atomicity/counter/other.go"] = []byte("package counter\n")
	v := &verdict.Verdict{Findings: []verdict.Finding{{Class: verdict.Race, Raw: raceText("8", "7")}}}
	Verdict(v, Input{Tree: "/tree", Files: files})
	if f := v.Findings[0]; !strings.Contains(f.Message, "counter.go:8") {
		t.Errorf("with two files: %s", f.Message)
	}
}
