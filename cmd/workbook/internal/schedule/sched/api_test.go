package sched_test

import (
	"go/types"
	"testing"
)

// TestAPI compares what package sync exports with what this package offers in its place.
func TestAPI(t *testing.T) {
	imp, err := stdImporter()
	if err != nil {
		t.Fatal(err)
	}
	std, err := imp.Import("sync")
	if err != nil {
		t.Fatal(err)
	}
	own, err := imp.Import("workbook/cmd/workbook/internal/schedule/sched")
	if err != nil {
		t.Fatal(err)
	}
	plain := func(p *types.Package) string { // sync and sched look alike
		if p == std || p == own {
			return ""
		}
		return p.Path()
	}
	for _, name := range std.Scope().Names() {
		want, got := std.Scope().Lookup(name), own.Scope().Lookup(name)
		if !want.Exported() {
			continue
		}
		if got == nil {
			t.Errorf("no %s", name)
			continue
		}
		if _, ok := want.(*types.TypeName); !ok {
			if g, w := types.ObjectString(got, plain), types.ObjectString(want, plain); g != w {
				t.Errorf("%s, in package sync %s", g, w)
			}
			continue
		}
		g, w := describeType(got.Type(), plain), describeType(want.Type(), plain)
		for m := range w {
			if g[m] != w[m] {
				t.Errorf("%s has %q, in package sync %q", name, g[m], w[m])
			}
		}
		for m := range g {
			if w[m] == "" {
				t.Errorf("%s has %q, in package sync nothing", name, g[m])
			}
		}
	}
}

// describeType is the exported methods and fields of a type, by name.
func describeType(t types.Type, q types.Qualifier) map[string]string {
	m := map[string]string{}
	set := types.NewMethodSet(types.NewPointer(t))
	if types.IsInterface(t) {
		set = types.NewMethodSet(t)
	}
	for s := range set.Methods() {
		if s.Obj().Exported() {
			m[s.Obj().Name()] = types.TypeString(s.Type(), q)
		}
	}
	if st, ok := t.Underlying().(*types.Struct); ok {
		for f := range st.Fields() {
			if f.Exported() {
				m[f.Name()] = types.TypeString(f.Type(), q)
			}
		}
	}
	return m
}
