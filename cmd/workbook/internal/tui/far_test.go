package tui

import (
	"strings"
	"testing"
)

// find pretends to search a course of two lessons.
func find(words string) []Found {
	if !strings.Contains("last mutex", words) {
		return nil
	}
	found := []Found{{"races", 7, "A mutex, elsewhere"}, {"atomicity", 76, "The last line."}}
	for range 20 {
		found = append(found, Found{"once", 9, "More."})
	}
	return found
}

func TestSearchTheCourse(t *testing.T) {
	r := open(t, Pager{Find: find}, 40, 10)
	r.keys("s", "m", "u", "t", "e", "x")
	r.want("in the course: mutex_")
	r.keys("enter")
	r.want("▸ races:7  A mutex, elsewhere", "  atomicity:76  The last line.", "1 of 22")
	r.keys("esc")
	r.want("What is indivisible")

	// A line of the lesson that is open is gone to.
	r.keys("s", "l", "a", "s", "t", "enter", "down", "enter")
	r.want("The last line.", "end")
	if r.quit || len(r.search.matches) == 0 {
		t.Errorf("quit %v, %d matches marked", r.quit, len(r.search.matches))
	}

	// Without words the last list comes back; a line of another lesson ends the pager.
	r.keys("s", "enter")
	r.want("2 of 22")
	r.keys("G")
	r.want("22 of 22", "▸ once:9  More.")
	r.keys("g", "enter")
	if got := r.result(); !r.quit || got.Action != Open || got.Found != find("mutex")[0] {
		t.Errorf("result = %+v, quit %v", got, r.quit)
	}
}

func TestSearchTheCourseInVain(t *testing.T) {
	r := open(t, Pager{Find: find}, 80, 10)
	r.keys("s", "z", "enter")
	r.want("not found in the course: z")
	r.keys("s", "backspace")
	r.want("What is indivisible")
	r = open(t, Pager{}, 80, 10)
	r.keys("s")
	r.want("only this lesson can be searched")
}
