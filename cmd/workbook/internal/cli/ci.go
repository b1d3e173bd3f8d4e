package cli

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// recipe is how a workspace is graded where it is pushed to.
type recipe struct {
	file string // slash-separated, in the workspace
	text string // @SOURCE@ stands for where the workbook's source is cloned from
	none string // what stands for it where nobody has said
	next string // what to do with the file
}

// recipes are the systems that `workbook init --ci` knows.
var recipes = map[string]recipe{
	"github": {".github/workflows/workbook.yml", githubRecipe, "${{ vars.WORKBOOK_SOURCE }}", "commit it, and set the repository's variable WORKBOOK_SOURCE to where the workbook is cloned from"},
	"gitlab": {".gitlab-ci.yml", gitlabRecipe, "", "commit it, and set the project's CI/CD variable WORKBOOK_SOURCE to where the workbook is cloned from"},
}

const githubRecipe = `# Grades the exercises that were begun, on every push: what is wrong is an annotation of its line, and the
# job's summary has a table. Made by workbook init --ci github; change it as you like.
name: workbook
on:
  push:
  pull_request:
  workflow_dispatch:
permissions:
  contents: read
jobs:
  grade:
    runs-on: ubuntu-latest
    timeout-minutes: 30
    steps:
      - uses: actions/checkout@v4
      - uses: actions/setup-go@v5
        with:
          go-version: "1.26"
          cache: false
      - name: Keep what is compiled
        uses: actions/cache@v4
        with:
          path: |
            ~/.cache/go-build
            ~/.cache/workbook
          key: workbook-${{ runner.os }}-${{ github.run_id }}
          restore-keys: workbook-${{ runner.os }}-
      - name: Get the workbook
        env:
          WORKBOOK_SOURCE: @SOURCE@
        run: |
          test -n "$WORKBOOK_SOURCE" || { echo "::error::set the repository's variable WORKBOOK_SOURCE"; exit 1; }
          git clone --quiet --depth 1 "$WORKBOOK_SOURCE" "$RUNNER_TEMP/workbook-source"
          go build -C "$RUNNER_TEMP/workbook-source" -o "$RUNNER_TEMP/bin/workbook" ./cmd/workbook
          echo "$RUNNER_TEMP/bin" >> "$GITHUB_PATH"
      - name: Grade
        run: workbook grade . --format github --format junit --out "$RUNNER_TEMP/workbook.xml" --format json --out "$RUNNER_TEMP/workbook.json"
      - name: Keep the report
        if: always()
        uses: actions/upload-artifact@v4
        with:
          name: workbook
          path: ${{ runner.temp }}/workbook.*
`

const gitlabRecipe = `# Grades the exercises that were begun, on every push: the merge request and the pipeline's tests show what is
# wrong. Made by workbook init --ci gitlab; change it as you like.
workbook:
  image: golang:1.26
  timeout: 30 minutes
  variables:
    WORKBOOK_CACHE: $CI_PROJECT_DIR/.cache/workbook
    GOCACHE: $CI_PROJECT_DIR/.cache/go-build@SOURCE@
  cache:
    key: workbook
    paths:
      - .cache/
  before_script:
    - test -n "$WORKBOOK_SOURCE" || { echo "set the project's CI/CD variable WORKBOOK_SOURCE"; exit 1; }
    - git clone --quiet --depth 1 "$WORKBOOK_SOURCE" .cache/workbook-source-$CI_JOB_ID
    - go build -C .cache/workbook-source-$CI_JOB_ID -o /usr/local/bin/workbook ./cmd/workbook
    - rm -rf .cache/workbook-source-$CI_JOB_ID
  script:
    - workbook grade . --format text --format junit --out workbook.xml
  artifacts:
    when: always
    reports:
      junit: workbook.xml
`

// writeRecipe puts a CI system's file into a folder. A file that is there is never overwritten.
func (a *app) writeRecipe(dir, system, source string) error {
	r, ok := recipes[system]
	if !ok {
		return usage(fmt.Errorf("--ci %s: there are recipes for github and gitlab", system))
	}
	if strings.ContainsFunc(source, func(c rune) bool { return c < ' ' }) {
		return usage(fmt.Errorf("--source %q is no address", source))
	}
	stands := r.none
	if source != "" {
		stands = strconv.Quote(source)
		if system == "gitlab" {
			stands = "\n    WORKBOOK_SOURCE: " + stands
		}
		r.next = "commit it"
	}
	file := filepath.Join(dir, filepath.FromSlash(r.file))
	if err := os.MkdirAll(filepath.Dir(file), 0o777); err != nil {
		return ours(fmt.Errorf("writing the recipe: %w", err))
	}
	f, err := os.OpenFile(file, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
	if errors.Is(err, fs.ErrExist) {
		return usage(fmt.Errorf("%s is there already, and is left as it is", a.relative(file)), "remove it first, or copy what you need from: workbook init OTHER --ci "+system)
	}
	if err != nil {
		return ours(fmt.Errorf("writing the recipe: %w", err))
	}
	_, err = f.WriteString(strings.ReplaceAll(r.text, "@SOURCE@", stands))
	if err = errors.Join(err, f.Close()); err != nil {
		return ours(fmt.Errorf("writing the recipe: %w", err))
	}
	fmt.Fprintf(a.Stdout, "%s grades on every push: %s\n", a.relative(file), r.next)
	return nil
}
