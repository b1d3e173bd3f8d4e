package verdict

import (
	"regexp"
	"strings"

	"workbook/cmd/workbook/internal/run"
)

// crashLine begins what the runtime prints when a program dies.
var crashLine = regexp.MustCompile(`(?m)^(panic: |fatal error: |runtime: goroutine stack exceeds |unexpected fault address )`)

// crash returns the runtime's last words in a record's output, and the class they stand for; ""
// where the program did not die of them. The exit status must agree: what a program prints is not
// believed. (A dying program prints for long on a slow machine, and may be ended over it.)
func crash(r run.Record) (text string, class Class) {
	if dying := r.TimedOut && r.Begun && r.Stuck == ""; r.Exit != 2 && !dying {
		return "", ""
	}
	at := crashLine.FindStringIndex(r.Output)
	if at == nil {
		return "", ""
	}
	text = r.Output[at[0]:]
	if r.RaceText == r.Output { // the detector wrote to the same place
		text, _, _ = strings.Cut(text, "\n==================")
	}
	return text, crashClass(text)
}

// crashWords are the runtime's words for what is no panic in the learner's sense.
var crashWords = []struct {
	words string
	class Class
}{
	{"all goroutines are asleep - deadlock!", Deadlock},
	{"deadlock: all goroutines in bubble are blocked", Deadlock},
	{"deadlock: main bubble goroutine has exited but blocked goroutines remain", Leak},
	{"unexpected call to os.Exit(0) during test", Tampered},
}

func crashClass(text string) Class {
	line, _, _ := strings.Cut(text, "\n")
	for _, w := range crashWords {
		if strings.Contains(line, w.words) {
			return w.class
		}
	}
	return Panic
}

// reason returns the runtime's sentence out of its last words.
func reason(text string) string {
	if i := strings.Index(text, "\nfatal error: "); i >= 0 && strings.HasPrefix(text, "runtime: ") {
		text = text[i+1:] // what stands before it are addresses
	}
	head, _, _ := strings.Cut(text, "\n\ngoroutine ")
	head, _, _ = strings.Cut(head, "\n\nruntime stack:")
	line, _, _ := strings.Cut(head, "\n")
	for _, prefix := range []string{"panic: ", "fatal error: "} {
		line = strings.TrimPrefix(line, prefix)
	}
	for _, suffix := range []string{" [recovered, repanicked]", " [recovered]"} {
		line = strings.TrimSuffix(line, suffix)
	}
	return strings.TrimSpace(line)
}

func crashMessage(c Class, text string) string {
	switch c {
	case Deadlock:
		return "deadlock: every goroutine waits for another one, so the test can never finish"
	case Leak:
		return "goroutines are still blocked after the test has ended: nothing will ever wake them"
	case Tampered:
		return "your program called os.Exit(0) before the test was finished"
	}
	if strings.HasPrefix(text, "panic: ") {
		return "panic: " + reason(text)
	}
	return "the program crashed: " + reason(text)
}
