package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
)

// step is a step of a workflow of GitHub's.
type step struct {
	Name, Uses, Run, If string
	Env                 map[string]string
	With                map[string]any
}

// recipeShop is a folder with a workspace in which one exercise is solved and one is wrong, and a source to
// clone that stands for the workbook's.
type recipeShop struct {
	t         *testing.T
	dir       string
	workspace string
	env       []string
}

func newRecipeShop(t *testing.T, system string) recipeShop {
	t.Helper()
	if testing.Short() {
		t.Skip("grades a workspace")
	}
	s := recipeShop{t: t, dir: t.TempDir()}
	s.workspace = filepath.Join(s.dir, "ws")
	source := filepath.Join(s.dir, "source")
	s.env = append(os.Environ(), "HOME="+s.dir, "WORKBOOK_CACHE="+sharedCache, "GOCACHE="+goEnv("GOCACHE"), "GOFLAGS=-buildvcs=false",
		"GIT_CONFIG_GLOBAL="+os.DevNull, "GIT_AUTHOR_NAME=a", "GIT_AUTHOR_EMAIL=a@example.org", "GIT_COMMITTER_NAME=a", "GIT_COMMITTER_EMAIL=a@example.org")
	s.write(filepath.Join(source, "go.mod"), "module workbook\n\ngo 1.26\n")
	s.write(filepath.Join(source, "cmd", "workbook", "main.go"), "package main\n\nfunc main() {}\n")
	s.sh(s.dir, nil, 0, "git init -q source && cd source && git add . && git commit -q -m source")
	s.sh(s.dir, nil, 0, "workbook init ws --ci "+system+" --source '"+source+"'")
	counter, err := os.ReadFile(filepath.Join(repository(), "solutions", "atomicity", "counter", "counter.go"))
	if err != nil {
		t.Fatal(err)
	}
	s.write(filepath.Join(s.workspace, "exercises", "atomicity", "counter", "counter.go"), string(counter))
	s.write(filepath.Join(s.workspace, "exercises", "atomicity", "tokens", "tokens.go"), "package tokens\n\nfunc broken() { undefined() }\n")
	return s
}

func (s recipeShop) write(file, text string) {
	s.t.Helper()
	if err := os.MkdirAll(filepath.Dir(file), 0o777); err != nil {
		s.t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(text), 0o666); err != nil {
		s.t.Fatal(err)
	}
}

// sh runs a script as a runner does, and wants an exit status.
func (s recipeShop) sh(dir string, env []string, want int, script string) string {
	s.t.Helper()
	cmd := exec.Command("bash", "-e", "-o", "pipefail", "-c", script)
	cmd.Dir, cmd.Env = dir, append(s.env, env...)
	out, _ := cmd.CombinedOutput()
	if got := cmd.ProcessState.ExitCode(); got != want {
		s.t.Fatalf("%s: exit status %d, want %d\n%s", script, got, want, out)
	}
	return string(out)
}

func (s recipeShop) read(file string) string {
	s.t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		s.t.Fatal(err)
	}
	return string(text)
}

// parse decodes a file of YAML that has no other fields.
func (s recipeShop) parse(file string, into any) {
	s.t.Helper()
	if err := yaml.NewDecoder(bytes.NewReader([]byte(s.read(filepath.Join(s.workspace, file)))), yaml.Strict()).Decode(into); err != nil {
		s.t.Fatal(err)
	}
}

// TestRecipeGitHub parses the workflow and runs the commands of its steps, one after another.
func TestRecipeGitHub(t *testing.T) {
	s := newRecipeShop(t, "github")
	var w struct {
		Name        string
		On          map[string]any
		Permissions map[string]string
		Jobs        map[string]struct {
			RunsOn         string `yaml:"runs-on"`
			TimeoutMinutes int    `yaml:"timeout-minutes"`
			Steps          []step
		}
	}
	s.parse(".github/workflows/workbook.yml", &w)
	job := w.Jobs["grade"]
	if _, push := w.On["push"]; !push || w.Permissions["contents"] != "read" || job.RunsOn != "ubuntu-latest" || job.TimeoutMinutes == 0 {
		t.Errorf("the workflow is %+v", w)
	}
	env := []string{"RUNNER_TEMP=" + s.dir, "GITHUB_PATH=" + filepath.Join(s.dir, "path"), "GITHUB_STEP_SUMMARY=" + filepath.Join(s.dir, "summary")}
	cached, graded := false, ""
	for _, step := range job.Steps {
		if path, ok := step.With["path"].(string); ok && strings.HasPrefix(step.Uses, "actions/cache@") {
			cached = strings.Contains(path, "~/.cache/go-build") && strings.Contains(path, "~/.cache/workbook")
		}
		if step.Run == "" {
			continue
		}
		want, own := 0, env
		if step.Name == "Grade" {
			want = 1 // one exercise does not pass
		}
		for name, value := range step.Env {
			own = append(own, name+"="+value)
		}
		if out := s.sh(s.workspace, own, want, step.Run); want == 1 {
			graded = out
		}
	}
	if !cached {
		t.Error("the build cache is not kept")
	}
	if !strings.Contains(graded, "\n::error file=exercises/atomicity/tokens/tokens.go,line=3,") && !strings.HasPrefix(graded, "::error file=exercises/atomicity/tokens/tokens.go,line=3,") || !strings.Contains(graded, "::stop-commands::") {
		t.Errorf("no annotation in\n%s", graded)
	}
	if summary := s.read(filepath.Join(s.dir, "summary")); !strings.Contains(summary, "1 of 2 passed") || !strings.Contains(summary, "| tokens | build |") {
		t.Errorf("the summary is\n%s", summary)
	}
	for _, file := range []string{"bin/workbook", "workbook.xml", "workbook.json"} {
		s.read(filepath.Join(s.dir, file))
	}
}

// TestRecipeGitLab parses the pipeline and runs its commands.
func TestRecipeGitLab(t *testing.T) {
	s := newRecipeShop(t, "gitlab")
	type job struct {
		Image, Timeout string
		Variables      map[string]string
		Cache          struct {
			Key   string
			Paths []string
		}
		BeforeScript []string `yaml:"before_script"`
		Script       []string
		Artifacts    struct {
			When    string
			Reports map[string]string
		}
	}
	var pipeline map[string]job
	s.parse(".gitlab-ci.yml", &pipeline)
	j := pipeline["workbook"]
	if j.Artifacts.Reports["junit"] != "workbook.xml" || j.Artifacts.When != "always" || len(j.Cache.Paths) != 1 {
		t.Errorf("the job is %+v", j)
	}
	env := []string{"CI_PROJECT_DIR=" + s.workspace, "CI_JOB_ID=7"}
	for name, value := range j.Variables {
		if strings.HasPrefix(value, "$CI_PROJECT_DIR/.cache/") {
			continue // the test has a warm one
		}
		env = append(env, name+"="+value)
	}
	for _, line := range j.BeforeScript {
		s.sh(s.workspace, env, 0, strings.ReplaceAll(line, "/usr/local/bin", s.dir))
	}
	for _, line := range j.Script {
		if out := s.sh(s.workspace, env, 1, line); !strings.Contains(out, "1 of 2 passed") {
			t.Errorf("%s prints\n%s", line, out)
		}
	}
	if report := s.read(filepath.Join(s.workspace, "workbook.xml")); !strings.Contains(report, "<testsuites ") {
		t.Errorf("the report is\n%s", report)
	}
}
