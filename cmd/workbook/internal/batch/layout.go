package batch

import (
	"path"
	"strings"

	"workbook/cmd/workbook/internal/course"
)

// Layouts says where a submission's files may be, for people.
const Layouts = `A submission's file of the exercise counter, in the lesson atomicity, is one of these; what stands before it is
the submission's name:

    alice/exercises/atomicity/counter/counter.go    a workspace
    alice/atomicity/counter/counter.go
    alice/counter/counter.go
    alice/counter.go`

// form says how much of its place a file's path names. Of two files for one exercise the one with more counts.
type form int

const (
	bare form = iota
	inFolder
	inLesson
	inWorkspace
)

// place reads a path of a tree of submissions: whose it is ("" for the tree's own), of what exercise.
func place(name string, exercises map[string]*course.Exercise) (submission string, ex *course.Exercise, f form) {
	parts := strings.Split(name, "/")
	base, isGo := strings.CutSuffix(parts[len(parts)-1], ".go")
	if ex = exercises[base]; ex == nil || !isGo {
		return "", nil, 0
	}
	at := func(fromEnd int) string {
		if fromEnd > len(parts) {
			return ""
		}
		return parts[len(parts)-fromEnd]
	}
	switch {
	case at(2) == base && at(4) == "solutions":
		return "", nil, 0 // where `workbook solution` puts what it shows
	case at(2) == base && at(4) == "exercises":
		f = inWorkspace
	case at(2) == base && at(3) == ex.Lesson:
		f = inLesson
	case at(2) == base:
		f = inFolder
	}
	return path.Join(parts[:len(parts)-1-int(f)]...), ex, f
}
