package batch

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Shard is one of several equal shares of the submissions; the zero Shard is all of them.
type Shard struct {
	Index, Of int // Index counts from 1
}

// maxShards is more machines than anybody grades on.
const maxShards = 10000

// ParseShard reads "2/4". Counting from zero, as an index of Kubernetes does, comes to the same shares: 0 is
// another name of the last one.
func ParseShard(text string) (Shard, error) {
	i, n, ok := strings.Cut(text, "/")
	index, err := strconv.Atoi(i)
	of, err2 := strconv.Atoi(n)
	if !ok || err != nil || err2 != nil || of < 1 || of > maxShards || index < 0 || index > of {
		return Shard{}, fmt.Errorf("%q is no share: want I/N with I from 1 to N, such as 2/4", text)
	}
	if index == 0 {
		index = of
	}
	return Shard{index, of}, nil
}

func (s Shard) String() string { return fmt.Sprintf("%d/%d", s.Index, s.Of) }

// Has reports whether a submission is in the share. The answer depends on its name alone, so every machine
// gives the same, whatever else there is to grade.
func (s Shard) Has(submission string) bool {
	if s.Of <= 1 {
		return true
	}
	sum := sha256.Sum256([]byte(submission))
	return binary.BigEndian.Uint64(sum[:8])%uint64(s.Of) == uint64(s.Index-1)
}

// Select returns the tasks of a share.
func (s Shard) Select(tasks []Task) []Task {
	if s.Of <= 1 {
		return tasks
	}
	return slices.DeleteFunc(slices.Clone(tasks), func(t Task) bool { return !s.Has(t.Submission) })
}

// names is the list of shares for a report.
func (s Shard) names() []string {
	if s.Of <= 1 {
		return nil
	}
	return []string{s.String()}
}

// Missing returns the shares that a merged report lacks.
func (r Report) Missing() []string {
	var missing []string
	for _, name := range r.Shards {
		s, err := ParseShard(name)
		if err != nil {
			continue
		}
		for i := 1; i <= s.Of; i++ {
			if other := (Shard{i, s.Of}).String(); !slices.Contains(r.Shards, other) && !slices.Contains(missing, other) {
				missing = append(missing, other)
			}
		}
	}
	slices.Sort(missing)
	return missing
}
