package sleepsync

import "testing"

func Scenario(t *testing.T) {
	if s := Fetch("a"); s != "A" {
		t.Errorf("fetched %q", s)
	}
}
