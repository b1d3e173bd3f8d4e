package cell

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"workbook/cmd/workbook/internal/course"
)

func TestPromote(t *testing.T) {
	t.Parallel()
	for _, row := range []struct{ name, info, code, match, old, want, fault string }{
		{"same", "", "fmt.Println(1)", "exact", "1\n", "1\n", ""},
		{"exact", "", "fmt.Println(1)", "exact", "2\n", "1\n", ""},
		{"nothing printed", "", "_ = 1", "exact", "2\n", "", ""},
		{"unordered keeps its order", "", "fmt.Println(1)\nfmt.Println(2)", "unordered", "2\n1\n", "2\n1\n", ""},
		{"panic", "expect=panic", `panic("no")`, "contains", "panic: no\n", "panic: no\n", ""},
		{"any keeps what it did not see", "", "fmt.Println(1)", "any", "2\n---\n3\n", "2\n---\n3\n---\n1\n", ""},
		{"any of nothing", "", "fmt.Println(1)", "any", "", "1\n", ""},
		{"explored", "engine=explore", "x := 0\ngo func() { x = 1 }()\nfmt.Print(x)", "any", "5\n---\n1\n", "1\n---\n0\n", ""},
		{"explored nothing", "engine=explore", "go fmt.Print(1)", "any", "5\n", "---\n1\n", ""},
		{"regexp", "", "fmt.Println(1)", "regexp", "[a-z]\n", "", "not updated: match=regexp"},
		{"contains", "", "fmt.Println(1)", "contains", "2\n", "", "not updated: match=contains"},
		{"class", "expect=panic", "fmt.Println(1)", "exact", "2\n", "", "the cell ends with ok, want panic"},
		{"hang", "timeout=300ms", "for {\n}", "exact", "2\n", "", "ends with timeout, want ok: stopped after 300ms"},
		{"fence", "", "fmt.Println(\"```\")", "exact", "2\n", "", "which would end its fence"},
		{"varies", "", "fmt.Println(time.Now().UnixNano())", "exact", "2\n", "", "not updated: the cell prints something else each time; match=any"},
		{"exact of several", "engine=explore", "x := 0\ngo func() { x = 1 }()\nfmt.Print(x)", "exact", "5\n", "", "the cell has 2 outcomes; say match=any"},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			text := "# X\n\n```go cell " + row.info + "\n" + row.code + "\n```\n\n```output match=" + row.match + "\n" + row.old + "```\n"
			l := lessons(t, map[string]string{"01-x.md": text})[0]
			got, faults := runner(t).Promote(t.Context(), l, l.Cells[0])
			if row.fault != "" {
				if len(faults) == 0 || !strings.Contains(faults[0].Text, row.fault) {
					t.Errorf("Promote = %q, %v, want a fault %q", got, faults, row.fault)
				}
				return
			}
			if got != row.want || len(faults) > 0 {
				t.Errorf("Promote = %q, %v, want %q", got, faults, row.want)
			}
		})
	}
}

func TestReplace(t *testing.T) {
	t.Parallel()
	const text = "# X\r\n\r\n- a\r\n\r\n  ```go cell\r\n  x\r\n  ```\r\n\r\n  ```output\r\n  1\r\n  2\r\n  ```\r\n\r\n```go cell\r\nx\r\n```\r\n\r\n~~~output\r\n~~~\r\n"
	l, err := course.ParseLesson("lessons/01-x.md", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	texts := map[*course.Cell]string{l.Cells[0]: "a\n\nb\nc\n", l.Cells[1]: "d\n"}
	got, err := Replace([]byte(text), texts)
	if err != nil {
		t.Fatal(err)
	}
	want := strings.Replace(text, "  1\r\n  2\r\n", "  a\r\n\r\n  b\r\n  c\r\n", 1)
	want = strings.Replace(want, "~~~output\r\n", "~~~output\r\nd\r\n", 1)
	if string(got) != want {
		t.Errorf("Replace =\n%q\nwant\n%q", got, want)
	}
	again, err := course.ParseLesson("lessons/01-x.md", got)
	if err != nil || again.Cells[0].Output.Text != texts[l.Cells[0]] || again.Cells[1].Output.Text != "d\n" {
		t.Errorf("what was written reads %q, %v", again.Cells[0].Output.Text, err)
	}
	for _, changed := range []string{"", "# X\r\n\r\n" + text, text[:40]} {
		if _, err := Replace([]byte(changed), texts); err == nil {
			t.Errorf("Replace in %q = nil, want an error", changed)
		}
	}
}

// patch, where there is one, makes the new text out of the old one and the difference.
func TestUnified(t *testing.T) {
	t.Parallel()
	if got := Unified("x", []byte("a\nb\n"), []byte("a\r\nb\r\n")); got != "" {
		t.Errorf("Unified of equal texts = %q", got)
	}
	long := strings.Repeat("same\n", 7)
	texts := []string{"", "a\n", "b\na\n", "a\nb\nc\nd\ne\nf\ng\nh\n", "x\nb\nc\nd\ne\nf\ng\ny\n", "a\n" + long + "b\n" + long + long + "c\n", "d\n" + long + "b\ne\n" + long + long + "c\nf\n"}
	if _, err := exec.LookPath("patch"); err != nil {
		t.Skip("no patch here")
	}
	for _, old := range texts {
		for _, want := range texts {
			file := filepath.Join(t.TempDir(), "x")
			if err := os.WriteFile(file, []byte(old), 0o600); err != nil {
				t.Fatal(err)
			}
			d := Unified("x", []byte(old), []byte(want))
			if d == "" {
				continue
			}
			cmd := exec.Command("patch", "--fuzz=0", "--posix", file)
			cmd.Stdin = strings.NewReader(d)
			out, err := cmd.CombinedOutput()
			got, _ := os.ReadFile(file)
			if err != nil || string(got) != want || strings.Contains(string(out), "offset") {
				t.Errorf("from %q to %q:\n%s\npatch: %v %s", old, want, d, err, out)
			}
		}
	}
}

func TestUnifiedHunks(t *testing.T) {
	t.Parallel()
	old := "1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n11\n12\n13\n14\n"
	fresh := strings.Replace(strings.Replace(old, "2\n", "two\n", 1), "13\n", "", 1)
	want := "--- a/x\n+++ b/x\n@@ -1,5 +1,5 @@\n 1\n-2\n+two\n 3\n 4\n 5\n@@ -10,5 +10,4 @@\n 10\n 11\n 12\n-13\n 14\n"
	if got := Unified("x", []byte(old), []byte(fresh)); got != want {
		t.Errorf("Unified =\n%s\nwant\n%s", got, want)
	}
}
