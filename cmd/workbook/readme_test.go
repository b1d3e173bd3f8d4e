package main

import (
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "rewrite what is derived in README.md")

// TestReadme holds the parts of README.md that are derived: the verdict, which is a golden file of the
// renderer, the list of commands, which is the commands' own help, and the figures of the engine.
func TestReadme(t *testing.T) {
	file := filepath.Join(repository(), "README.md")
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	golden, err := os.ReadFile(filepath.Join("internal", "render", "testdata", "verdict", "many-80.txt"))
	if err != nil {
		t.Fatal(err)
	}
	want := section(t, string(text), "<!-- verdict:", "```text\n"+strings.TrimRight(string(golden), "\n")+"\n```\n")
	want = section(t, want, "<!-- commands:", commandTable(t))
	figures, err := os.ReadFile(filepath.Join("internal", "schedule", "testdata", "figures.txt"))
	if err != nil {
		t.Fatal(err)
	}
	want = section(t, want, "<!-- figures:", string(figures))
	if want == string(text) {
		return
	}
	if !*update {
		t.Fatalf("README.md differs from what it is derived from; go test ./cmd/workbook -run TestReadme -update rewrites it")
	}
	if err := os.WriteFile(file, []byte(want), 0o644); err != nil {
		t.Fatal(err)
	}
}

// section replaces the lines between the marker's line and the next end marker.
func section(t *testing.T, text, marker, body string) string {
	t.Helper()
	before, rest, ok := strings.Cut(text, marker)
	head, rest, ok2 := strings.Cut(rest, "\n")
	_, after, ok3 := strings.Cut(rest, "<!-- end -->")
	if !ok || !ok2 || !ok3 {
		t.Fatalf("README.md has no section %q that ends with <!-- end -->", marker)
	}
	return before + marker + head + "\n" + body + "<!-- end -->" + after
}

// commandTable is the commands with their usage and one line each, in the order of `workbook help`.
func commandTable(t *testing.T) string {
	t.Helper()
	help := workbook(t, "help")
	_, list, ok := strings.Cut(help, "Available Commands:\n")
	if !ok {
		t.Fatalf("workbook help lists no commands:\n%s", help)
	}
	var b strings.Builder
	b.WriteString("| command | what it does |\n|---|---|\n")
	for line := range strings.Lines(list) {
		name, short, ok := strings.Cut(strings.TrimSpace(line), " ")
		if !ok {
			break
		}
		if name == "help" {
			continue
		}
		usage := workbook(t, "help", name)
		_, usage, _ = strings.Cut(usage, "Usage:\n  ")
		usage, _, _ = strings.Cut(usage, "\n")
		usage = strings.TrimSuffix(usage, " [flags]")
		b.WriteString("| `" + strings.ReplaceAll(usage, "|", "\\|") + "` | " + strings.TrimSpace(short) + " |\n")
	}
	return b.String()
}

// workbook runs a command and returns what it prints.
func workbook(t *testing.T, args ...string) string {
	t.Helper()
	out, err := exec.Command("workbook", args...).CombinedOutput()
	if err != nil {
		t.Fatalf("workbook %s: %v\n%s", strings.Join(args, " "), err, out)
	}
	return string(out)
}
