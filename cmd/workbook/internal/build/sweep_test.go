package build

import (
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"testing"
	"time"
)

// age makes a folder with a file in it, or a file, that was used so long ago.
func aged(t *testing.T, cache, name string, age time.Duration) {
	t.Helper()
	file := filepath.Join(cache, name)
	if filepath.Ext(name) != ".json" {
		if err := os.MkdirAll(filepath.Join(file, "sub"), 0o777); err != nil {
			t.Fatal(err)
		}
	} else if err := os.WriteFile(file, nil, 0o666); err != nil {
		t.Fatal(err)
	}
	then := time.Now().Add(-age)
	if err := os.Chtimes(file, then, then); err != nil {
		t.Fatal(err)
	}
}

func inFolder(t *testing.T, dir string) (names []string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}

const day = 24 * time.Hour

// TestSweep: what belongs to trees that nobody uses goes, and nothing else.
func TestSweep(t *testing.T) {
	cache := t.TempDir()
	for name, age := range map[string]time.Duration{
		"tree-mine": 90 * day, "warm-go1.26.8-mine.json": 90 * day, "export-go1.26.8-tree-mine": 90 * day,
		"tree-recent": 29 * day, "warm-go1.26.8-recent.json": 90 * day, "export-go1.26.8-tree-recent": 90 * day, "export-devel go1.27-abc-tree-recent": 90 * day,
		"tree-old": 31 * day, "warm-go1.26.8-old.json": 0, "export-go1.26.8-tree-old": 0,
		"export-go1.26.8-tree-gone": 0, "warm-go1.26.8-gone.json": 0,
		".old-tree-half": 0, "bin": 90 * day, "compiled": 90 * day, "cells": 90 * day, "parts-go1.26.8": 90 * day, "places.json": 90 * day, "grade": 90 * day,
	} {
		aged(t, cache, name, age)
	}
	sweep(cache, "tree-mine")
	want := []string{"bin", "cells", "compiled", "export-devel go1.27-abc-tree-recent", "export-go1.26.8-tree-mine", "export-go1.26.8-tree-recent", "grade", "parts-go1.26.8",
		"places.json", "tree-mine", "tree-recent", "warm-go1.26.8-mine.json", "warm-go1.26.8-recent.json"}
	if have := inFolder(t, cache); !slices.Equal(have, want) {
		t.Errorf("left: %q\nwant: %q", have, want)
	}
}

// TestSweepWork: only what a killed workbook has left a day ago goes from the folder that all programs share.
func TestSweepWork(t *testing.T) {
	temp := t.TempDir()
	for name, age := range map[string]time.Duration{
		"workbook-run-123": 2 * day, "workbook-build-0456": 25 * time.Hour, "workbook-cell-7": 23 * time.Hour, "workbook-run-8": 0,
		"workbook-notes": 90 * day, "workbook-cache-1000": 90 * day, "workbook-run-abc": 90 * day, "my-workbook-run-1": 90 * day, "workbook-run-1.json": 90 * day, "other": 90 * day,
	} {
		aged(t, temp, name, age)
	}
	linked := filepath.Join(t.TempDir(), "kept")
	aged(t, filepath.Dir(linked), "kept", 90*day)
	if err := os.Symlink(linked, filepath.Join(temp, "workbook-run-99")); err != nil {
		t.Fatal(err)
	}
	sweepWork(temp)
	want := []string{"my-workbook-run-1", "other", "workbook-cache-1000", "workbook-cell-7", "workbook-notes", "workbook-run-1.json", "workbook-run-8", "workbook-run-99", "workbook-run-abc"}
	if have := inFolder(t, temp); !slices.Equal(have, want) || !stands(filepath.Join(linked, "sub")) {
		t.Errorf("left: %q\nwant: %q, and what a link points to", have, want)
	}
}

// TestSweepMany: of too many trees those used today stay, and else the ones used last.
func TestSweepMany(t *testing.T) {
	cache := t.TempDir()
	aged(t, cache, "tree-mine", 20*day)
	for i := range 30 {
		aged(t, cache, "tree-"+strconv.Itoa(i), time.Duration(i)*day/2)
	}
	sweep(cache, "tree-mine")
	if have := inFolder(t, cache); len(have) != maxTrees || !stands(filepath.Join(cache, "tree-mine")) || !stands(filepath.Join(cache, "tree-10")) {
		t.Errorf("left: %q", have)
	}
	for i := range 20 {
		aged(t, cache, "tree-today"+strconv.Itoa(i), time.Hour)
	}
	sweep(cache, "tree-mine")
	for i := range 20 {
		if !stands(filepath.Join(cache, "tree-today"+strconv.Itoa(i))) {
			t.Errorf("a tree that was used today is gone: %q", inFolder(t, cache))
		}
	}
}

// TestSweepInUse: a tree that another process begins to use at the last moment is not lost, and one that was
// removed under a process is laid out again when it is needed.
func TestSweepInUse(t *testing.T) {
	cache := t.TempDir()
	tree, err := newTree(cache, kitFS, nil)
	if err != nil {
		t.Fatal(err)
	}
	then := time.Now().Add(-90 * day)
	if err := os.Chtimes(tree.Dir, then, then); err != nil {
		t.Fatal(err)
	}
	was, err := os.Stat(tree.Dir)
	if err != nil {
		t.Fatal(err)
	}
	if err := tree.use(); err != nil {
		t.Fatal(err)
	}
	if fell(cache, was); !stands(filepath.Join(tree.Dir, "go.mod")) {
		t.Errorf("a tree in use is gone: %q", inFolder(t, cache))
	}
	if err := os.Chtimes(tree.Dir, then, then); err != nil {
		t.Fatal(err)
	}
	if sweep(cache, "tree-another"); stands(tree.Dir) {
		t.Errorf("an old tree stands: %q", inFolder(t, cache))
	}
	if err := tree.use(); err != nil || !stands(filepath.Join(tree.Dir, "go.mod")) {
		t.Errorf("the tree is not laid out again: %v", err)
	}
	if _, err := newTree(cache, kitFS, nil); err != nil {
		t.Fatal(err)
	}
	if err := os.Chtimes(tree.Dir, then, then); err != nil {
		t.Fatal(err)
	}
	if _, err := newTree(cache, kitFS, nil); err != nil {
		t.Fatal(err)
	}
	if sweep(cache, "tree-another"); !stands(tree.Dir) {
		t.Error("a tree that a process has just found is taken for old")
	}
}
