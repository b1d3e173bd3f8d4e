package subtests

import "testing"

type suite struct{ *testing.T }

func TestAll(t *testing.T) {
	for _, name := range []string{"a", "b"} {
		if !t.Run(name, func(t *testing.T) { t.Log(name) }) {
			return
		}
	}
	t.Parallel()
	s := suite{t}
	s.T.Run("field", plain)
	s.Run("promoted", plain)
	f := t.Run
	f("value", plain)
}

func plain(t *testing.T) {}
