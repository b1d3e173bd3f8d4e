package lab

import (
	"reflect"
	"testing"
)

func TestHierarchies(t *testing.T) {
	for _, tt := range []struct {
		name, mounts, groups string
		want                 []hierarchy
	}{
		{"version 2", "30 23 0:26 / /sys/fs/cgroup rw,nosuid - cgroup2 cgroup2 rw\n", "0::/user.slice/a.scope\n",
			[]hierarchy{{"/sys/fs/cgroup", "/user.slice/a.scope", true}}},
		{"version 1", "31 23 0:27 / /sys/fs/cgroup/cpu,cpuacct rw - cgroup cgroup rw,cpu,cpuacct\n32 23 0:28 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory\n",
			"4:memory:/m\n3:cpu,cpuacct:/a\n", []hierarchy{{"/sys/fs/cgroup/cpu,cpuacct", "/a", false}}},
		{"both, version 2 first", "31 23 0:27 / /cpu rw - cgroup cgroup rw,cpu\n30 23 0:26 / /unified rw shared:4 - cgroup2 none rw\n", "3:cpu:/\n0::/\n",
			[]hierarchy{{"/unified", "/", true}, {"/cpu", "/", false}}},
		{"in a container", "30 23 0:26 /docker/1 /sys/fs/cgroup ro - cgroup2 cgroup2 ro\n", "0::/docker/1/sub\n", []hierarchy{{"/sys/fs/cgroup", "/sub", true}}},
		{"outside what is mounted", "30 23 0:26 / /sys/fs/cgroup ro - cgroup2 cgroup2 ro\n", "0::/../other\n", []hierarchy{{"/sys/fs/cgroup", "/", true}}},
		{"none", "1 2 3\n - \nx - cgroup2\n", "nonsense\n", nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := parseHierarchies(tt.mounts, tt.groups); !reflect.DeepEqual(got, tt.want) {
				t.Errorf("parseHierarchies() = %v, want %v", got, tt.want)
			}
		})
	}
}

func TestQuota(t *testing.T) {
	for text, want := range map[string]float64{"50000 100000": 0.5, "200000 100000": 2, "max 100000": 0, "-1 100000": 0, "": 0, "5": 0, "5 0": 0} {
		if got, limited := parseQuota(text); got != want || limited != (want > 0) {
			t.Errorf("parseQuota(%q) = %v, %v, want %v", text, got, limited, want)
		}
	}
}

// TestGroup: a group that was made has its quota, and is gone once removed.
func TestGroup(t *testing.T) {
	g, err := newGroup(halfCore)
	if err != nil {
		t.Skip("no group can be made here:", err)
	}
	v1, ok1 := quotaOf(g.dir, false)
	v2, ok2 := quotaOf(g.dir, true)
	if !ok1 && !ok2 || max(v1, v2) != halfCore {
		t.Errorf("the group's quota is %v or %v, want %v", v1, v2, halfCore)
	}
	if err := g.remove(); err != nil {
		t.Fatal(err)
	}
	if err := g.add(1); err == nil {
		t.Error("the group is still there")
	}
}
