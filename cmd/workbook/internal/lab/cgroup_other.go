//go:build !linux

package lab

import "errors"

var errNoGroups = errors.New("control groups are a feature of Linux")

// group is never made here.
type group struct{}

func newGroup(float64) (*group, error) { return nil, errNoGroups }
func (*group) add(int) error           { return errNoGroups }
func (*group) remove() error           { return errNoGroups }

func ownQuota() (cores float64, limited bool) { return 0, false }
