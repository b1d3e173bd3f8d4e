package main

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"workbook/cmd/workbook/internal/course"
	"workbook/cmd/workbook/internal/lab"
)

// named finds in a lesson's text a command of the workbook with its arguments.
var named = regexp.MustCompile("`workbook ([a-z]+)((?: [A-Za-z0-9#-]+)*)`")

// checkNamed says what is wrong with a command that a lesson names, "" for nothing.
func checkNamed(c *course.Course, command string, args []string) string {
	switch command {
	case "lab":
		for _, name := range args {
			if _, ok := lab.Find(name); !ok {
				return "there is no experiment " + name
			}
		}
	case "run", "read", "predict":
		if len(args) == 0 || args[0] == strings.ToUpper(args[0]) {
			return "" // LESSON
		}
		slug, section, deep := strings.Cut(args[0], "#")
		l := c.Lesson(slug)
		switch {
		case l == nil:
			return "there is no lesson " + slug
		case deep && l.Section(section) == nil:
			return "lesson " + slug + " has no section " + section
		case command == "run" && len(args) > 1 && l.Cell(args[1]) == nil:
			return "lesson " + slug + " has no cell " + args[1]
		case command == "predict" && len(args) > 1 && l.Question(args[1]) == nil:
			return "lesson " + slug + " has no question " + args[1]
		}
	case "check", "hint", "watch", "solution", "reset":
		for _, name := range args {
			if c.Exercise(name) == nil && name != strings.ToUpper(name) {
				return "there is no exercise " + name
			}
		}
	}
	return ""
}

// TestCommandsInLessons wants every command that a lesson names to be one, with names that exist, and
// every lesson's experiment to lead to one of the workbook's own.
func TestCommandsInLessons(t *testing.T) {
	c, err := course.Open(os.DirFS(repository()))
	if err != nil {
		t.Fatal(err)
	}
	help := workbook(t, "help")
	for _, l := range c.Lessons {
		experiment, measures := false, false
		for i, line := range strings.Split(string(l.Source), "\n") {
			if strings.HasPrefix(line, "#") {
				experiment = strings.TrimLeft(line, "# ") == "Experiment"
			}
			for _, m := range named.FindAllStringSubmatch(line, -1) {
				if !strings.Contains(help, "\n  "+m[1]+" ") {
					t.Errorf("%s:%d: %s: there is no command %s", l.File, i+1, m[0], m[1])
				}
				if wrong := checkNamed(c, m[1], strings.Fields(m[2])); wrong != "" {
					t.Errorf("%s:%d: %s: %s", l.File, i+1, m[0], wrong)
				}
				measures = measures || experiment && m[1] == "lab"
			}
		}
		if !measures {
			t.Errorf("%s: the section \"Experiment\" names no `workbook lab NAME`", l.File)
		}
	}
}

func TestCheckNamed(t *testing.T) {
	c, err := course.Open(os.DirFS(repository()))
	if err != nil {
		t.Fatal(err)
	}
	for line, want := range map[string]string{
		"lab sieve": "", "lab nothing": "there is no experiment nothing", "run atomicity lost": "", "run atomicity lots": "lesson atomicity has no cell lots",
		"run atom": "there is no lesson atom", "read atomicity#summary": "", "read atomicity#nothing": "lesson atomicity has no section nothing",
		"predict atomicity swap": "", "predict atomicity x": "lesson atomicity has no question x", "check counter": "", "check nothing": "there is no exercise nothing", "run LESSON": "",
	} {
		words := strings.Fields(line)
		if got := checkNamed(c, words[0], words[1:]); got != want {
			t.Errorf("checkNamed(%q) = %q, want %q", line, got, want)
		}
	}
}
