package box

import (
	"errors"
	"os"
	"strings"
	"testing"
)

func TestParseTier(t *testing.T) {
	for text, want := range map[string]Tier{"0": Open, "T1": Fenced, "t2": Apart, "3": Supplied} {
		if got, err := ParseTier(text); got != want || err != nil {
			t.Errorf("ParseTier(%q) = %v, %v, want %v", text, got, err, want)
		}
	}
	for _, text := range []string{"", "4", "-1", "T", "two"} {
		if got, err := ParseTier(text); err == nil {
			t.Errorf("ParseTier(%q) = %v, want an error", text, got)
		}
	}
}

// TestRequire: what is not there is refused, with the reason and with what to type.
func TestRequire(t *testing.T) {
	r := Report{Tier: Fenced, Own: Fenced, Lack: []Lack{{Apart, "namespaces are forbidden", "sudo sysctl -w x=1"}}}
	if err := r.Require(Fenced); err != nil {
		t.Error(err)
	}
	var u *Unavailable
	if err := r.Require(Apart); !errors.As(err, &u) || !strings.Contains(err.Error(), "namespaces are forbidden") || u.Hints()[0] != "sudo sysctl -w x=1" {
		t.Errorf("Require(T2) = %v on a machine of T1", err)
	}
	if err := (Report{}).Require(Fenced); err == nil {
		t.Error("no box at all is enough for T1")
	}
}

// TestSupplied: the caller's word counts for the report, and never for what the workbook does itself.
func TestSupplied(t *testing.T) {
	own := Probe(t.Context(), nil)
	claimed := Probe(t.Context(), []string{EnvVar + "=3"})
	if claimed.Tier != Supplied || claimed.Own != own.Own || own.Tier != own.Own {
		t.Errorf("Probe = %+v, and with a claim %+v", own, claimed)
	}
	for _, word := range []string{"2", "9", "yes"} {
		if r := Probe(t.Context(), []string{EnvVar + "=" + word}); r.Tier != own.Own {
			t.Errorf("a claim of %q makes %v of %v", word, r.Tier, own.Own)
		}
	}
}

// requireVar is the environment variable by which CI says which tier its machine must give.
const requireVar = "WORKBOOK_REQUIRE_TIER"

// TestRequired: where a tier is promised, it is there. Elsewhere the log says what there is.
func TestRequired(t *testing.T) {
	r := Probe(t.Context(), nil)
	t.Log(r.Line())
	if want, err := ParseTier(os.Getenv(requireVar)); err == nil {
		if err := r.Require(want); err != nil {
			t.Error(err)
		}
	}
}
