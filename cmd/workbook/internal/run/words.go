package run

import (
	"regexp"
	"strings"
)

// entry begins a text of testing.T's log: four spaces, then the place in the hidden tests.
var entry = regexp.MustCompile(`^\s{4,}[\w.]+\.go:\d+: ?(.*)$`)

// maxFailures bounds how many texts are kept.
const maxFailures = 20

// Failures reads the texts that a hidden test logged out of the testing package's words. Where they
// stand in the hidden tests is left out: nobody but the author can look there.
func Failures(words string) []string {
	var all []string
	open := false
	for line := range strings.SplitSeq(words, "\n") {
		line = strings.TrimSuffix(line, "\r")
		if m := entry.FindStringSubmatch(line); m != nil {
			if open = len(all) < maxFailures; open {
				all = append(all, m[1])
			}
		} else if open && strings.HasPrefix(line, "        ") {
			all[len(all)-1] += "\n" + strings.TrimPrefix(line, "        ")
		} else {
			open = false
		}
	}
	kept := all[:0]
	for _, text := range all {
		if text = strings.TrimSpace(text); text != "" && text != "race detected during execution of test" {
			kept = append(kept, text)
		}
	}
	return kept
}
