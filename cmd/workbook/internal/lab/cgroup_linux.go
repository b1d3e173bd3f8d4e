package lab

import (
	"errors"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// group is a control group that has a CPU quota.
type group struct{ dir string }

// period is the microseconds for which a quota is an allowance, the kernel's default.
const period = 100_000

// hierarchy is a place where CPU quotas are kept: version 2 of control groups, or 1.
type hierarchy struct {
	mount string
	own   string // the group of this process, below mount
	v2    bool
}

// hierarchies reads where quotas are kept, version 2 first.
func hierarchies() []hierarchy {
	mounts, err := os.ReadFile("/proc/self/mountinfo")
	if err != nil {
		return nil
	}
	groups, err := os.ReadFile("/proc/self/cgroup")
	if err != nil {
		return nil
	}
	return parseHierarchies(string(mounts), string(groups))
}

func parseHierarchies(mounts, groups string) []hierarchy {
	own := map[string]string{} // by controller; "" is version 2
	for line := range strings.Lines(groups) {
		if parts := strings.SplitN(strings.TrimSpace(line), ":", 3); len(parts) == 3 {
			for _, controller := range strings.Split(parts[1], ",") {
				own[controller] = parts[2]
			}
		}
	}
	var two, one []hierarchy
	for line := range strings.Lines(mounts) {
		before, after, ok := strings.Cut(strings.TrimSpace(line), " - ")
		place, kind := strings.Fields(before), strings.Fields(after)
		if !ok || len(place) < 5 || len(kind) < 3 {
			continue
		}
		switch {
		case kind[0] == "cgroup2":
			two = append(two, hierarchy{place[4], below(place[3], own[""]), true})
		case kind[0] == "cgroup" && slices.Contains(strings.Split(kind[2], ","), "cpu"):
			one = append(one, hierarchy{place[4], below(place[3], own["cpu"]), false})
		}
	}
	return append(two, one...)
}

// below is a group's path below what is mounted of the hierarchy.
func below(root, group string) string {
	rest, ok := strings.CutPrefix(group, strings.TrimSuffix(root, "/"))
	if !ok || strings.HasPrefix(group, "/..") {
		return "/"
	}
	return path.Clean("/" + rest)
}

// newGroup makes a group with a quota of so many cores, as deep as it can.
func newGroup(cores float64) (*group, error) {
	why := errors.New("no control groups for the CPU are mounted")
	for _, h := range hierarchies() {
		for at := h.own; ; at = path.Dir(at) {
			g, err := makeGroup(filepath.Join(h.mount, at), h.v2, cores)
			if err == nil {
				return g, nil
			}
			why = err
			if at == "/" {
				break
			}
		}
	}
	return nil, why
}

// makeGroup makes a group below another, sets its quota; where that fails nothing is left.
func makeGroup(parent string, v2 bool, cores float64) (*group, error) {
	dir, err := os.MkdirTemp(parent, "workbook-lab-")
	if err != nil {
		return nil, err
	}
	g := &group{dir}
	quota := strconv.Itoa(int(cores * period))
	if v2 {
		err = g.write("cpu.max", quota+" "+strconv.Itoa(period))
	} else if err = g.write("cpu.cfs_period_us", strconv.Itoa(period)); err == nil {
		err = g.write("cpu.cfs_quota_us", quota)
	}
	if err != nil {
		return nil, errors.Join(err, g.remove())
	}
	return g, nil
}

// write does not create: a group without the controller has no such file.
func (g *group) write(name, text string) error {
	f, err := os.OpenFile(filepath.Join(g.dir, name), os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	_, err = f.WriteString(text)
	return errors.Join(err, f.Close())
}

// add puts a process under the quota.
func (g *group) add(pid int) error { return g.write("cgroup.procs", strconv.Itoa(pid)) }

// remove takes the group away; its processes must have ended.
func (g *group) remove() error { return os.Remove(g.dir) }

// ownQuota returns the tightest quota that holds for this process, in cores.
func ownQuota() (cores float64, limited bool) {
	for _, h := range hierarchies() {
		for at := h.own; ; at = path.Dir(at) {
			if c, ok := quotaOf(filepath.Join(h.mount, at), h.v2); ok && (!limited || c < cores) {
				cores, limited = c, true
			}
			if at == "/" {
				break
			}
		}
	}
	return cores, limited
}

// quotaOf reads a group's quota.
func quotaOf(dir string, v2 bool) (cores float64, limited bool) {
	read := func(name string) string {
		text, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			return ""
		}
		return strings.TrimSpace(string(text))
	}
	text := read("cpu.max")
	if !v2 {
		text = read("cpu.cfs_quota_us") + " " + read("cpu.cfs_period_us")
	}
	return parseQuota(text)
}

// parseQuota reads "quota period"; "max" or -1 is no quota.
func parseQuota(text string) (cores float64, limited bool) {
	quota, per, _ := strings.Cut(text, " ")
	q, errQ := strconv.ParseFloat(quota, 64)
	p, errP := strconv.ParseFloat(per, 64)
	if errQ != nil || errP != nil || q <= 0 || p <= 0 {
		return 0, false
	}
	return q / p, true
}
