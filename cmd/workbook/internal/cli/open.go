package cli

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"

	"workbook/cmd/workbook/internal/course"
	"workbook/cmd/workbook/internal/grader"
	"workbook/cmd/workbook/internal/render"
	"workbook/cmd/workbook/internal/workspace"
)

// opened is what a command works on.
type opened struct {
	course *course.Course
	ws     *workspace.Workspace
	grader *grader.Grader
	fresh  bool // the workspace was made by this command
}

// place says where an exercise stands: "atomicity 2/4".
func (o *opened) place(ex *course.Exercise) string {
	siblings := o.course.Lesson(ex.Lesson).Exercises
	for i, e := range siblings {
		if e == ex {
			return fmt.Sprintf("%s %d/%d", ex.Lesson, i+1, len(siblings))
		}
	}
	return ex.Lesson
}

// after returns the first exercise after ex that has not passed, going round; nil when all have.
func (o *opened) after(ex *course.Exercise) *course.Exercise {
	all := o.course.Exercises()
	progress := o.ws.Progress()
	at := 0
	for i, e := range all {
		if e == ex {
			at = i + 1
		}
	}
	for i := range all {
		if e := all[(at+i)%len(all)]; !progress.Passed(e.Name) && e != ex {
			return e
		}
	}
	if !progress.Passed(ex.Name) {
		return ex
	}
	return nil
}

// courseFS is the built-in course, or the folder that --course names.
func (a *app) courseFS() (fs.FS, error) {
	if a.courseDir == "" {
		return a.Course, nil
	}
	dir := a.abs(a.courseDir)
	if info, err := os.Stat(dir); err != nil || !info.IsDir() {
		return nil, usage(fmt.Errorf("--course %s is not a folder", a.courseDir), "a course folder holds lessons, exercises and solutions")
	}
	return os.DirFS(dir), nil
}

// loadCourse reads the course.
func (a *app) loadCourse() (*course.Course, error) {
	fsys, err := a.courseFS()
	if err != nil {
		return nil, err
	}
	c, err := course.Open(fsys)
	var faults course.Faults
	if errors.As(err, &faults) {
		return c, usage(fmt.Errorf("the course has faults:\n%w", err), "workbook verify lists every fault of a course")
	}
	if err != nil {
		return nil, usage(err)
	}
	if len(c.Exercises()) == 0 {
		return c, usage(errors.New("the course has no exercise"))
	}
	return c, nil
}

// abs makes a path of the command line absolute.
func (a *app) abs(path string) string {
	if filepath.IsAbs(path) {
		return filepath.Clean(path)
	}
	return filepath.Join(a.Dir, path)
}

// openExisting opens the course and the workspace that --dir names or that is found.
func (a *app) openExisting() (*opened, error) {
	c, err := a.loadCourse()
	if err != nil {
		return nil, err
	}
	dir, ok := a.findWorkspace()
	switch {
	case !ok && a.dir != "":
		return nil, usage(fmt.Errorf("there is no workspace in %s", a.dir), "workbook init "+a.dir+" makes one", "without --dir it is found from the current folder")
	case !ok:
		return nil, usage(errors.New("there is no workspace here"), "workbook init makes one in ./"+defaultDir, "--dir DIR names one elsewhere")
	}
	ws, err := workspace.Open(dir, c)
	if err != nil {
		return nil, ours(err)
	}
	return &opened{course: c, ws: ws}, nil
}

// defaultDir is where a workspace is made unless asked otherwise.
const defaultDir = "my-workbook"

// findWorkspace looks for a workspace: --dir, the current folder or one above it, ./my-workbook, the
// one that was last made.
func (a *app) findWorkspace() (string, bool) {
	if a.dir != "" {
		return a.abs(a.dir), workspace.Is(a.abs(a.dir))
	}
	if dir, ok := workspace.Find(a.Dir); ok {
		return dir, true
	}
	if dir := filepath.Join(a.Dir, defaultDir); workspace.Is(dir) {
		return dir, true
	}
	if text, err := os.ReadFile(a.lastFile()); err == nil {
		if dir := strings.TrimSpace(string(text)); workspace.Is(dir) {
			return dir, true
		}
	}
	return "", false
}

// lastFile remembers the workspace that was made last, so that the question where is asked once. It is
// "" where there is no place to remember.
func (a *app) lastFile() string {
	dir, err := os.UserConfigDir()
	if err != nil {
		return ""
	}
	return filepath.Join(dir, "workbook", "last-workspace")
}

// cacheDir is where the workbook keeps what it can make again.
func (a *app) cacheDir() string {
	if dir := a.getenv("WORKBOOK_CACHE"); dir != "" {
		return a.abs(dir)
	}
	if dir, err := os.UserCacheDir(); err == nil {
		return filepath.Join(dir, "workbook")
	}
	return homeless(os.TempDir(), a.Dir)
}

// homeless is the cache of somebody without a home: a folder in temp that nobody else can write to, since
// programs are kept in it, or one in the working folder where somebody has put another thing in its place.
func homeless(temp, working string) string {
	dir := filepath.Join(temp, fmt.Sprintf("workbook-cache-%d", os.Getuid()))
	_ = os.Mkdir(dir, 0o700) // the next look is the one that counts
	info, err := os.Lstat(dir)
	if err == nil && info.IsDir() && (runtime.GOOS == "windows" || info.Mode().Perm()&0o077 == 0) {
		return dir
	}
	return filepath.Join(working, ".workbook-cache")
}

// openOrMake opens the workspace, making it first where there is none.
func (a *app) openOrMake(ctx context.Context) (*opened, error) {
	if _, ok := a.findWorkspace(); ok {
		return a.openExisting()
	}
	c, err := a.loadCourse()
	if err != nil {
		return nil, err
	}
	dir := a.dir
	if dir == "" {
		if dir, err = a.askWhere(ctx); err != nil {
			return nil, err
		}
	}
	ws, err := a.makeWorkspace(c, a.abs(dir))
	if err != nil {
		return nil, err
	}
	return &opened{course: c, ws: ws, fresh: true}, nil
}

// makeWorkspace makes a workspace and says what it did.
func (a *app) makeWorkspace(c *course.Course, dir string) (*workspace.Workspace, error) {
	ws, report, err := workspace.Create(dir, c)
	if err != nil {
		return nil, ours(err)
	}
	fmt.Fprintln(a.Stdout, report)
	if file := a.lastFile(); file != "" && os.MkdirAll(filepath.Dir(file), 0o755) == nil {
		_ = os.WriteFile(file, []byte(dir+"\n"), 0o644) // only a convenience: it is found from ./ as well
	}
	return ws, nil
}

// askWhere asks for the workspace's folder. Without a terminal, and with --yes, it is ./my-workbook.
func (a *app) askWhere(ctx context.Context) (string, error) {
	if a.yes || terminal(a.Stdin) == nil || terminal(a.Stdout) == nil {
		return defaultDir, nil
	}
	fmt.Fprintf(a.Stdout, "Your exercises need a folder. Where? [./%s] ", defaultDir)
	answer, err := a.readLine(ctx)
	if err != nil {
		return "", err
	}
	if answer == "" {
		return defaultDir, nil
	}
	if rest, ok := strings.CutPrefix(answer, "~/"); ok {
		if home, err := os.UserHomeDir(); err == nil {
			return filepath.Join(home, rest), nil
		}
	}
	return answer, nil
}

// ask asks a question that y answers with yes.
func (a *app) ask(ctx context.Context, question string) (bool, error) {
	if a.yes {
		return true, nil
	}
	if terminal(a.Stdin) == nil {
		return false, nil
	}
	fmt.Fprintf(a.Stdout, "%s [y/N] ", question)
	answer, err := a.readLine(ctx)
	return strings.HasPrefix(strings.ToLower(answer), "y"), err
}

// readLine is nextLine where the end of the input is an empty answer.
func (a *app) readLine(ctx context.Context) (string, error) {
	text, err := a.nextLine(ctx)
	if errors.Is(err, io.EOF) {
		err = nil
	}
	return text, err
}

// nextLine reads one line of standard input, without the blanks around it; with io.EOF where the input
// ends there. A signal ends the wait; the read itself cannot be taken back, so the goroutine that does
// it ends with the line or with the process.
func (a *app) nextLine(ctx context.Context) (string, error) {
	type result struct {
		text string
		err  error
	}
	if a.lines == nil {
		a.lines = bufio.NewReader(a.Stdin)
	}
	got := make(chan result, 1)
	go func() {
		text, err := a.lines.ReadString('\n')
		got <- result{text, err}
	}()
	select {
	case r := <-got:
		if r.err != nil && !errors.Is(r.err, io.EOF) {
			return "", ours(fmt.Errorf("reading your answer: %w", r.err))
		}
		return strings.TrimSpace(r.text), r.err
	case <-ctx.Done():
		fmt.Fprintln(a.Stdout)
		return "", ctx.Err()
	}
}

// withGrader opens the grader too.
func (a *app) withGrader(o *opened) (*opened, error) {
	g, err := a.newGrader(o.course, grader.Config{})
	o.grader = g
	return o, err
}

// newGrader makes a grader for a course.
func (a *app) newGrader(c *course.Course, config grader.Config) (*grader.Grader, error) {
	config.Course, config.Cache, config.Environ = c, a.cacheDir(), a.Environ
	g, err := grader.New(config)
	if err != nil {
		return nil, ours(err, "workbook doctor checks what the workbook needs")
	}
	return g, nil
}

// exercise finds an exercise by name; "" is the current one.
func (o *opened) exercise(name string) (*course.Exercise, error) {
	if name == "" {
		return o.ws.Current(), nil
	}
	if ex := o.course.Exercise(name); ex != nil {
		return ex, nil
	}
	return nil, unknown(o.course, "exercise", name)
}

// openExercise opens the workspace and finds an exercise in it by name; "" is the current one.
func (a *app) openExercise(name string) (*opened, *course.Exercise, error) {
	o, err := a.openExisting()
	if err != nil {
		return nil, nil, err
	}
	ex, err := o.exercise(name)
	return o, ex, err
}

// unknown says that there is no such lesson or exercise, and which one may have been meant.
func unknown(c *course.Course, kind, name string) error {
	hints := []string{"workbook list shows the lessons and their exercises"}
	if near := c.Nearest(name); near != "" {
		hints = append([]string{"did you mean " + near + "?"}, hints...)
	}
	return usage(fmt.Errorf("there is no %s %q", kind, name), hints...)
}

// style is how standard output is written to.
func (a *app) style() render.Style {
	f, _ := a.Stdout.(*os.File)
	style := render.Detect(f, a.Environ)
	if a.plain {
		style = render.Style{Width: style.Width, Plain: true}
	}
	return style
}
