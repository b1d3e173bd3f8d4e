package build

import (
	"strings"
	"testing"
)

func TestHidden(t *testing.T) {
	source := `package counter_test // keeps its lines

import (
	"testing"

	c "workbook/solutions/atomicity/counter"; "workbook/solutions/kit"
)

func TestOne(t *testing.T) { TestNot := 1; _ = TestNot; c.F(); kit.G() }
func Test(t *testing.T) {}
func TestHelper() {}
func (x T) TestMethod(t *testing.T) {}
func helper(t *testing.T) { const s = "workbook/solutions/atomicity/counter; func TestOne(" }
`
	want := strings.NewReplacer(
		`c "workbook/solutions/atomicity/counter"`, `c "workbook/exercises/atomicity/counter"`,
		"func TestOne(t", "func hiddenTestOne(t", "func Test(t", "func hiddenTest(t",
	).Replace(source)
	got, err := Hidden("counter_test.go", []byte(source), "workbook/solutions/atomicity/counter", "workbook/exercises/atomicity/counter")
	if err != nil || string(got) != want {
		t.Errorf("Hidden = %v\n%s\nwant\n%s", err, got, want)
	}
	if _, err := Hidden("x_test.go", []byte("package"), "a", "b"); err == nil {
		t.Error("Hidden of a file that does not parse has no error")
	}
}

func TestUsesTimers(t *testing.T) {
	tree := &Tree{files: map[string][]byte{
		"solutions/kit/kit.go": []byte(`package kit

import ("os"; "time"; "sync")

func Plain() { new(sync.Mutex).Lock(); os.Getpid() }
func Within(d time.Duration) { time.After(d) }
func Through() { inner() }
func inner() { var x T; x.Wait() }

type T struct{}

func (T) Wait() { Within(1) }
func (T) Quiet() {}
`),
		"harness/harness.go": []byte("package harness\n\nimport \"time\"\n\nvar x = time.After(1)\n"),
	}}
	kit := "import \"workbook/solutions/kit\"\n"
	for source, want := range map[string]bool{
		"":                                   false,
		"import \"sync\"\nvar mu sync.Mutex": false,
		"import \"time\"\nvar d = time.Second\nvar n = time.Now":       false,
		"import \"time\"\nfunc f() { time.Sleep(1) }":                  true,
		"import clock \"time\"\nvar f = clock.AfterFunc":               true,
		"import . \"time\"\nfunc f() { Sleep(1) }":                     true,
		"import \"context\"\nvar c, _ = context.WithCancel(nil)":       false,
		"import \"context\"\nvar c, _ = context.WithTimeout(nil, 1)":   true,
		"import \"runtime\"\nfunc f() { runtime.Gosched() }":           false,
		"import \"runtime\"\nfunc f() { runtime.AddCleanup(1, 2, 3) }": true,
		"import \"net\"\nvar l, _ = net.Listen(\"\", \"\")":            true,
		"import _ \"net\"":                                          false,
		"import \"math/rand/v2\"\nvar n = rand.N(3)":                false,
		"import \"testing/synctest\"\nfunc f() { synctest.Wait() }": false,
		"func f() {":                          true,
		kit + "func f() { kit.Plain() }":      false,
		kit + "func f() { kit.Within(1) }":    true,
		kit + "func f() { kit.Through() }":    true,
		kit + "func f(x kit.T) { x.Wait() }":  true,
		kit + "func f(x kit.T) { x.Quiet() }": false,
		"type time struct{ Sleep int }\nfunc f(t time) { _ = t.Sleep }\nvar clock = time{}.Sleep": false,
	} {
		if got := tree.usesTimers(map[string][]byte{"a.go": []byte("package a\n" + source + "\n")}); got != want {
			t.Errorf("usesTimers = %v, want %v, of\n%s", got, want, source)
		}
	}
	tree.files["solutions/kit/var.go"] = []byte("package kit\n\nimport \"time\"\n\nvar tick = time.Tick(1)\n")
	if !tree.usesTimers(map[string][]byte{"a.go": []byte("package a\n" + kit + "func f() { kit.Plain() }\n")}) {
		t.Error("a timer in a variable of the kit is not seen")
	}
}

func TestDiags(t *testing.T) {
	b := &Builder{Tree: &Tree{Dir: "/cache/tree-1"}}
	j := job{work: "/tmp/build-7"}
	text := "# workbook/exercises/a/b\n" +
		"../../tmp/build-7/exercises/a/b/b.go:3:8: \"os\" imported and not used\n" +
		"exercises/a/b/b.go:4:18: too many return values\n\thave (number)\n\twant ()\n" +
		"/cache/tree-1/exercises/a/b/b.go:9: missing function body\n" +
		"./exercises/a/b/b_test.go:7:1: not enough arguments in call to b.Secret\n" +
		"exercises/a/b/b.go:5:1: type \"sync\".Mutex\r\n" +
		"too many errors\n"
	want := []string{
		`exercises/a/b/b.go:3:8: "os" imported and not used`,
		"exercises/a/b/b.go:4:18: too many return values\n\thave (number)\n\twant ()",
		"exercises/a/b/b.go:9:0: missing function body",
		"exercises/a/b/b_test.go:7:1: not enough arguments in call to b.Secret",
		"exercises/a/b/b.go:5:1: type sync.Mutex",
	}
	got := b.diags(j, text)
	if len(got) != len(want) {
		t.Fatalf("diags = %q, want %q", got, want)
	}
	for i, d := range got {
		if d.String() != want[i] {
			t.Errorf("diag %q, want %q", d, want[i])
		}
	}
}

func FuzzDiags(f *testing.F) {
	f.Add("a.go:1:2: x\n\ty\n")
	b := &Builder{Tree: &Tree{Dir: "/cache/tree-1"}}
	f.Fuzz(func(t *testing.T, text string) {
		for _, d := range b.diags(job{work: "/w"}, text) {
			if d.Line < 0 || d.File == "" {
				t.Errorf("diag %+v", d)
			}
		}
	})
}
