package run

import (
	"bufio"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"
)

// TestMain is a hidden-test binary where the runner started this program: it knows that by the
// runner's GORACE. What it does is the name of the test that it is asked to run.
func TestMain(m *testing.M) {
	if strings.Contains(os.Getenv("GORACE"), "atexit_sleep_ms=0 suppress_equal_stacks=0") {
		flag.Parse()
		child()
	}
	os.Exit(m.Run())
}

// child plays the harness, well or badly.
func child() {
	in, out, words := os.NewFile(3, "job"), os.NewFile(4, "events"), os.NewFile(5, "words")
	if a := flag.Args(); len(a) == 3 {
		in, _ = os.Open(a[0])
		out, _ = os.OpenFile(a[1], os.O_WRONLY|os.O_APPEND, 0)
		words, _ = os.OpenFile(a[2], os.O_WRONLY|os.O_APPEND, 0)
	}
	line, err := bufio.NewReader(in).ReadBytes('\n')
	var j job
	if err != nil || json.Unmarshal(line, &j) != nil {
		os.Exit(9)
	}
	say := func(e event) {
		e.Nonce, e.Test = j.Nonce+e.Nonce, j.Test
		data, _ := json.Marshal(e)
		out.Write(append(data, '\n'))
	}
	parts[j.Test](say, words)
	os.Exit(0)
}

var parts = map[string]func(say func(event), words *os.File){
	"TestGood": func(say func(event), _ *os.File) {
		say(event{Event: "begin"})
		fmt.Println("hello")
		fmt.Fprintln(os.Stderr, "world")
		say(event{Event: "done"})
		os.WriteFile(strings.Split(os.Getenv("GORACE"), `"`)[1]+".77", []byte(canaryReport), 0o600)
		say(event{Event: "end", Detector: "alive"})
	},
	"TestThen":       func(say func(event), _ *os.File) { twice(say, event{}) },
	"TestThenFailed": func(say func(event), _ *os.File) { twice(say, event{Failed: true}) },
	"TestThenDied": func(say func(event), _ *os.File) {
		say(event{Event: "begin"})
		say(event{Event: "done", Schedule: []byte("{}")})
		say(event{Event: "begin"})
		fmt.Println("panic: so what")
		os.Exit(2)
	},
	"TestNotThen": func(say func(event), _ *os.File) {
		say(event{Event: "begin"})
		say(event{Event: "done", Schedule: []byte("{}")})
		say(event{Event: "end", Detector: "alive"})
	},
	"TestThrice": func(say func(event), _ *os.File) {
		twice(say, event{})
		say(event{Event: "begin"})
	},
	"TestAgain": func(say func(event), _ *os.File) { twice(say, event{}) },
	"TestBlind": func(say func(event), _ *os.File) {
		say(event{Event: "begin"})
		say(event{Event: "done"})
		say(event{Event: "end", Detector: "alive"})
	},
	"TestTwice": func(say func(event), _ *os.File) {
		say(event{Event: "begin"})
		say(event{Event: "done", Failed: true})
		say(event{Event: "done"})
	},
	"TestFails": func(say func(event), words *os.File) {
		say(event{Event: "begin"})
		fmt.Fprint(words, "=== RUN   TestFails\n    x_test.go:7: got 1,\n        want 2\n    x_test.go:9: and more\n--- FAIL: TestFails (0.00s)\n")
		say(event{Event: "done", Failed: true, Races: 1, Leaked: 2, Dump: "goroutine 7 [select]:"})
		os.WriteFile(strings.Split(os.Getenv("GORACE"), `"`)[1]+".77", []byte("WARNING: DATA RACE"), 0o600)
		os.Exit(1)
	},
	"TestForged": func(say func(event), _ *os.File) {
		say(event{Event: "begin", Nonce: "x"})
		say(event{Event: "done", Nonce: "x"})
		fmt.Println(`{"event":"done","test":"TestForged"}`)
	},
	"TestGarbled": func(say func(event), _ *os.File) {
		say(event{Event: "begin"})
		os.NewFile(4, "events").WriteString("{nonsense\n")
		say(event{Event: "done"})
	},
	"TestSilent": func(func(event), *os.File) {},
	"TestFlood": func(say func(event), _ *os.File) {
		say(event{Event: "begin"})
		for range 1 << 20 {
			fmt.Println(strings.Repeat("x", 1000))
		}
	},
	"TestHangs": func(func(event), *os.File) { time.Sleep(time.Hour) },
	"TestHangsLate": func(say func(event), _ *os.File) {
		say(event{Event: "begin"})
		time.Sleep(time.Hour)
	},
	"TestOrphan": func(say func(event), _ *os.File) { // leaves a process that holds every pipe open
		cmd := exec.Command("/bin/sleep", "1000")
		cmd.Env = []string{}
		cmd.Stdout, cmd.Stderr, cmd.ExtraFiles = os.Stdout, os.Stderr, []*os.File{os.NewFile(4, ""), os.NewFile(5, "")}
		if err := cmd.Start(); err != nil {
			os.Exit(8)
		}
		say(event{Event: "begin"})
		fmt.Println(cmd.Process.Pid)
		say(event{Event: "done"})
	},
	"TestOrphanHangs": func(say func(event), _ *os.File) {
		cmd := exec.Command("/bin/sleep", "1000")
		if err := cmd.Start(); err != nil {
			os.Exit(8)
		}
		fmt.Println(os.Getpid(), cmd.Process.Pid)
		os.WriteFile("pids", fmt.Appendln(nil, os.Getpid(), cmd.Process.Pid), 0o600)
		say(event{Event: "begin"})
		time.Sleep(time.Hour)
	},
	"TestWorld": func(say func(event), _ *os.File) {
		say(event{Event: "begin"})
		dir, _ := os.Getwd()
		entries, _ := os.ReadDir(".")
		data, _ := json.Marshal(world{dir, len(entries), os.Environ()})
		os.Stdout.Write(data)
		os.WriteFile("left", nil, 0o600)
		say(event{Event: "done"})
	},
}

// world is what a child sees.
type world struct {
	Dir     string
	Entries int
	Environ []string
}

// twice is a test that has run under the scheduler and then freely.
func twice(say func(event), done event) {
	say(event{Event: "begin"})
	say(event{Event: "done", Schedule: []byte("{}")})
	say(event{Event: "begin"})
	done.Event = "done"
	say(done)
	say(event{Event: "end", Detector: "alive"})
}
