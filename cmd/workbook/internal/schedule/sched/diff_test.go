package sched_test

import (
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"

	"workbook/cmd/workbook/internal/schedule/sched"
)

// diffFiles are the programs of testdata/diff as they stand, and over this package in place of
// package sync.
func diffFiles() (map[string]string, error) {
	text, err := os.ReadFile("testdata/diff/cases.txt")
	if err != nil {
		return nil, err
	}
	std := string(text)
	shim := strings.Replace(std, "\t\"sync\"\n", "\tsync \"lab/sched\"\n", 1)
	return map[string]string{"diffstd/cases.go": std, "diffshim/cases.go": shim, "diff_test.go": diffMain}, nil
}

const diffMain = `package lab

import (
	"fmt"
	"os"
	"runtime"
	"testing"

	diffshim "lab/diffshim"
	diffstd "lab/diffstd"
	"lab/sched"
)

type diffCase struct {
	race, dies bool
	run        func(func(string, ...any))
}

// TestDiff runs all cases that live, or the one that dies, and writes what they said.
func TestDiff(t *testing.T) {
	cases, names := map[string]diffCase{}, []string{}
	mode := os.Getenv("LAB_MODE")
	for _, c := range diffstd.Cases {
		names = append(names, c.Name)
		cases[c.Name] = diffCase{c.Race, c.Dies, c.Run}
	}
	if mode != "std" {
		for _, c := range diffshim.Cases {
			cases[c.Name] = diffCase{c.Race, c.Dies, c.Run}
		}
		diffshim.Yield = sched.Gosched
	}
	one := os.Getenv("LAB_CASE")
	for _, name := range names {
		if c := cases[name]; one == name || one == "" && !c.dies {
			if mode == "explored" {
				explored(t, name, c)
			} else {
				free(name, c)
			}
		} else if one == "" {
			fmt.Println("DIES:", name)
		}
	}
}

func free(name string, c diffCase) {
	races := runtime.RaceErrors()
	fmt.Println("CASE:", name)
	c.run(func(f string, args ...any) { fmt.Printf("OUT: "+f+"\n", args...) })
	fmt.Println("RACE:", c.race, runtime.RaceErrors() > races)
}

// explored runs schedules of all kinds; what they say has to be the same in all of them.
func explored(t *testing.T, name string, c diffCase) {
	first, said := "", ""
	rep := sched.Run(t, name, sched.Job{Mode: sched.Explore, PCT: 10, Random: 10, Bound: 1, KeepSchedule: true}, func(*testing.T) {
		said = ""
		c.run(func(f string, args ...any) { said += fmt.Sprintf("OUT: "+f+"\n", args...) })
		if first == "" {
			first = said
		}
		if said != first {
			fmt.Println("DIFFERENT:", said)
		}
	})
	fmt.Println("CASE:", name)
	if rep.Cannot != "" || rep.Inconclusive > 0 {
		fmt.Println("CANNOT:", rep.Cannot, rep.Inconclusive)
	}
	if rep.Class == sched.Panic {
		fmt.Println("panic:", rep.Message)
		return
	}
	fmt.Print(first)
	fmt.Println("RACE:", c.race, rep.Class == sched.Race)
	if rep.Found && rep.Class != sched.Race {
		fmt.Println("FOUND:", rep.Class, rep.Message)
	}
}
`

// runDiff returns what a process says of the cases, and the text it died with.
func (l lab) runDiff(t *testing.T, mode, one string) (said []string, died string) {
	t.Helper()
	cmd := exec.Command(l.binary, "-test.run", "TestDiff$")
	cmd.Env = append(os.Environ(), "LAB_MODE="+mode, "LAB_CASE="+one, sched.EnvVar+"=1", goraceQuiet)
	text, _ := cmd.CombinedOutput() // fails where there are races
	for line := range strings.Lines(string(text)) {
		line = strings.TrimSpace(line)
		if ok, _ := regexp.MatchString("^[A-Z]+: ", line); ok && !strings.HasPrefix(line, "WARNING") {
			said = append(said, line)
		}
		if died == "" && (strings.HasPrefix(line, "fatal error: ") || strings.HasPrefix(line, "panic: ")) {
			died = strings.TrimPrefix(line, "panic: ")
			died, _, _ = strings.Cut(died, " [recovered")
		}
	}
	return said, died
}

// TestSameAsSync runs the same programs with package sync, with the shims in free mode and under the
// scheduler. They say the same, are racy or not, and die of the same.
func TestSameAsSync(t *testing.T) {
	l, err := buildLab()
	if err != nil {
		t.Fatal(err)
	}
	want, _ := l.runDiff(t, "std", "")
	if len(want) < 80 {
		t.Fatalf("the real ones said only %q", want)
	}
	for _, mode := range []string{"free", "explored"} {
		got, _ := l.runDiff(t, mode, "")
		for i := range max(len(want), len(got)) {
			var g, w string
			if i < len(got) {
				g = got[i]
			}
			if i < len(want) {
				w = want[i]
			}
			if g != w {
				t.Errorf("%s: line %d is %q, with package sync %q", mode, i, g, w)
				break
			}
		}
	}
	for _, line := range want {
		if race, ok := strings.CutPrefix(line, "RACE: "); ok {
			if a, b, _ := strings.Cut(race, " "); a != b {
				t.Errorf("a case says that it is racy (%s), and is not (%s): %q", a, b, fmt.Sprint(want))
			}
		}
		if name, ok := strings.CutPrefix(line, "DIES: "); ok {
			_, want := l.runDiff(t, "std", name)
			for _, mode := range []string{"free", "explored"} {
				if _, got := l.runDiff(t, mode, name); got != want || got == "" {
					t.Errorf("%s %s: died of %q, with package sync of %q", mode, name, got, want)
				}
			}
		}
	}
}
