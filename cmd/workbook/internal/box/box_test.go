package box

import (
	"os"
	"testing"
)

func TestProbe(t *testing.T) {
	t.Log(Probe(t.Context(), os.Environ()).Line())
	for _, x := range []Tier{Fenced, Apart} {
		t.Log(try(t.Context(), x))
	}
}
