// Package box runs a program that nobody trusts.
//
// A box has a tier, and a tier is what it keeps a program from doing:
//
//	T0  nothing: the learner's own machine, where a program may do what its owner may
//	T1  Landlock, a filter of system calls and limits: no file but its own, no network, no other
//	    program, no other process
//	T2  T1 in namespaces of its own with a file system of its own: it does not even see the rest
//	T3  what the caller vouches for, a container or a virtual machine; we only believe it
//
// T1 and T2 exist on Linux alone. A box that cannot be set up runs nothing: there is no silent T0.
//
// A box protects the machine from the program. It does not protect the verdict: what runs in the
// grader's test process can forge that process's records, in every tier, and package policy alone keeps
// it from trying.
package box

import (
	"context"
	"fmt"
	"os/exec"
	"strings"
)

// Tier says how much a box keeps a program from doing.
type Tier int

// The tiers.
const (
	Open     Tier = iota // T0: no box
	Fenced               // T1: Landlock, seccomp and limits
	Apart                // T2: namespaces and a file system of its own, and T1
	Supplied             // T3: what the caller says that it gives
)

// String returns "T0" to "T3".
func (t Tier) String() string { return fmt.Sprintf("T%d", int(t)) }

// Describe says in a few words what a tier gives.
func (t Tier) Describe() string {
	switch t {
	case Fenced:
		return "Landlock, system call filter and limits"
	case Apart:
		return "namespaces, a file system of its own, Landlock, system call filter and limits"
	case Supplied:
		return "a sandbox supplied by the caller, on the caller's word"
	}
	return "no sandbox"
}

// ParseTier reads "2" or "T2".
func ParseTier(text string) (Tier, error) {
	for t := Open; t <= Supplied; t++ {
		if strings.TrimPrefix(strings.ToUpper(text), "T") == t.String()[1:] {
			return t, nil
		}
	}
	return Open, fmt.Errorf("%q is no tier: the tiers are 0, 1, 2 and 3", text)
}

// EnvVar is the environment variable by which a caller says that the workbook runs in a sandbox already,
// a container or a virtual machine: 3. Nothing checks that; reports say T3 then.
const EnvVar = "WORKBOOK_TIER"

// Report is what a machine gives.
type Report struct {
	Tier Tier   `json:"tier"`           // what submissions run in, the caller's word included
	Own  Tier   `json:"own"`            // what the workbook itself puts around a program: at most Apart
	Lack []Lack `json:"lack,omitempty"` // the tiers above Own that were tried in vain
}

// Lack says why a machine does not give a tier.
type Lack struct {
	Tier Tier   `json:"tier"`
	Why  string `json:"why"`
	Mend string `json:"mend,omitempty"` // what to type, where that is known
}

// Unavailable is the error of a tier that is asked for and not there.
type Unavailable struct {
	Want Tier
	Report
}

func (u *Unavailable) Error() string {
	text := fmt.Sprintf("tier %s is required and this machine gives %s (%s)", u.Want, u.Tier, u.Tier.Describe())
	for _, l := range u.Lack {
		if l.Tier <= u.Want {
			text += fmt.Sprintf("; no %s: %s", l.Tier, l.Why)
		}
	}
	return text
}

// Hints are what to type next.
func (u *Unavailable) Hints() []string {
	var hints []string
	for _, l := range u.Lack {
		if l.Tier <= u.Want && l.Mend != "" {
			hints = append(hints, l.Mend)
		}
	}
	return append(hints, "workbook doctor says what the machine gives")
}

// Require returns an *Unavailable where a report falls short of a tier.
func (r Report) Require(t Tier) error {
	if r.Tier >= t {
		return nil
	}
	return &Unavailable{t, r}
}

// Line is the report in one line, for doctors and reports.
func (r Report) Line() string {
	text := fmt.Sprintf("%s: %s", r.Tier, r.Tier.Describe())
	if r.Tier == Supplied {
		text += fmt.Sprintf("; the workbook's own inside it is %s: %s", r.Own, r.Own.Describe())
	}
	for _, l := range r.Lack {
		text += fmt.Sprintf("; no %s: %s", l.Tier, l.Why)
	}
	return text
}

// Probe finds out what this machine gives, by running a program in each tier that tries what the tier
// must prevent. environ is the environment that the caller's word is read from.
func Probe(ctx context.Context, environ []string) Report {
	r := Report{}
	for t := Apart; t > Open; t-- {
		if why, mend := try(ctx, t); why != "" {
			r.Lack = append(r.Lack, Lack{t, why, mend})
			continue
		}
		r.Own = t
		break
	}
	r.Tier = r.Own
	for _, kv := range environ {
		if name, value, _ := strings.Cut(kv, "="); name == EnvVar {
			if t, err := ParseTier(value); err == nil && t == Supplied {
				r.Tier = Supplied
			}
		}
	}
	return r
}

// Spec says what the program in a box needs of the world.
type Spec struct {
	Tier  Tier
	Build bool     // it is a compiler: it starts other programs, and writes much
	Dir   string   // a folder of the caller's for this program alone; Scratch and Files lie in it
	Read  []string // files and folders that it may read and execute, beside the system's libraries

	Scratch string   // the folder in Dir that it may fill
	Files   []string // the files that it may write; they are made, with PID replaced by its number
}

// PID in a name of Spec.Files stands for the program's process number as the program knows it.
const PID = "{pid}"

// Box is a program's way into its box.
type Box struct{ entry }

// Enclose makes cmd, which has not started, start in a box. Everything else of cmd must be set before;
// its SysProcAttr must be kept. Open returns a Box that does nothing.
func (s Spec) Enclose(cmd *exec.Cmd) (*Box, error) {
	if s.Tier == Open || s.Tier == Supplied {
		return &Box{}, nil
	}
	b := &Box{}
	if err := b.enclose(s, cmd); err != nil {
		return nil, fmt.Errorf("making a box of tier %s: %w", s.Tier, err)
	}
	return b, nil
}

// Started says that cmd has been started, in vain or not.
func (b *Box) Started() { b.started() }

// Err returns, once cmd has ended, why the box could not be set up: the program was not run then.
func (b *Box) Err() error { return b.fault() }
