package policy

import (
	"fmt"
	"slices"
	"strings"

	"workbook/cmd/workbook/internal/course"
)

// common are the packages that are allowed where a task does not say which.
var common = strings.Fields(`
	bufio bytes cmp container/heap container/list container/ring context errors fmt hash/fnv hash/maphash io iter log
	maps math math/big math/bits math/cmplx math/rand math/rand/v2 runtime runtime/debug slices sort strconv strings
	sync sync/atomic text/tabwriter time unicode unicode/utf16 unicode/utf8 unique weak`)

// careful are the packages that only a task that names them allows, with the reason. "net/" stands
// for everything below net.
var careful = []struct{ path, why string }{
	{"unsafe", "unsafe goes around the type system, and so around what the race detector can see"},
	{"reflect", "by reflection a value can be changed past its type; the exercises ask for ordinary code"},
	{"syscall", "system calls go around the Go runtime, and the race detector does not see the memory they give"},
	{"os", "the tests call functions: they give you no files, arguments or environment, and ending the process would end the tests"},
	{"os/", "the tests run in one process of their own, without signals and without other programs"},
	{"path/filepath", "the tests give you no files"},
	{"io/fs", "the tests give you no files"},
	{"io/ioutil", "the tests give you no files"},
	{"embed", "a submission is one file, and has no others to embed"},
	{"testing", "the tests are written already: write the code that they test"},
	{"testing/", "the tests are written already: write the code that they test"},
	{"flag", "the tests' own flags are in there, and nobody passes any to your code"},
	{"net", "the tests run without a network"},
	{"net/", "the tests run without a network"},
	{"log/syslog", "the tests run without a network"},
	{"expvar", "the tests run without a network"},
	{"crypto/tls", "the tests run without a network"},
	{"crypto/x509", "the tests give you no files"},
	{"mime", "the tests give you no files"},
	{"mime/", "the tests give you no files"},
	{"archive/", "the tests give you no files"},
	{"debug/", "the tests give you no files"},
	{"go/", "an exercise works with data, not with Go source"},
	{"text/template", "templates call functions by reflection; the exercises ask for ordinary code"},
	{"html/template", "templates call functions by reflection; the exercises ask for ordinary code"},
	{"database/", "the tests give you no database"},
	{"plugin", "a submission is one package"},
	{"runtime/metrics", "it measures the whole process, the tests included"},
	{"runtime/pprof", "it profiles the whole process, the tests included"},
	{"runtime/trace", "it traces the whole process, the tests included"},
	{"runtime/coverage", "it is about the whole process, the tests included"},
	{"internal/", "internal packages are for the standard library alone"},
	{"vendor/", "internal packages are for the standard library alone"},
	{"cmd/", "the go command's packages are for itself alone"},
}

// never are the packages that no task can allow.
var never = []struct{ path, why string }{
	{"C", "the race detector sees no C code, so a verdict about it would be worth nothing"},
	{"runtime/cgo", "the race detector sees no C code, so a verdict about it would be worth nothing"},
	{"runtime/race", "it is the race detector's own"},
	{"workbook/", "a solution stands on its own, with the standard library only"},
}

func covers(pattern, path string) bool {
	return pattern == path || strings.HasSuffix(pattern, "/") && strings.HasPrefix(path, pattern)
}

// refused says why an exercise does not allow an import, "" where it does.
func refused(s source, path string) string {
	for _, n := range never {
		if covers(n.path, path) {
			return n.why
		}
	}
	im := s.ex.Imports
	if slices.Contains(im.Paths, path) {
		return ""
	}
	for _, c := range careful {
		if covers(c.path, path) {
			return c.why
		}
	}
	switch {
	case im.Any || im.Line == 0 && len(im.Paths) == 0 && slices.Contains(common, path):
		return ""
	case len(im.Paths) > 0:
		return "this exercise is to be solved with " + listed(im.Paths) + " alone"
	case im.Line > 0:
		return "this exercise is to be solved without any import"
	}
	return "it is not among the packages that exercises are solved with"
}

// Permits reports whether an exercise allows its solutions to use a name of a package.
func Permits(ex *course.Exercise, pkg, name string) bool {
	s := source{ex: ex}
	return refused(s, pkg) == "" && s.permits(pkg, name) && !slices.Contains(ex.Imports.Without[pkg], name)
}

func imports(s source) []violation {
	var found []violation
	for _, spec := range s.ast.Imports {
		if enough(found) {
			break
		}
		path := importPath(spec)
		if why := refused(s, path); why != "" {
			found = append(found, violation{s.line(spec.Pos()), fmt.Sprintf("import %q is not allowed: %s", path, why), instead(s, path)})
		}
	}
	return found
}

// instead says what to do about an import that is refused.
func instead(s source, path string) string {
	im := s.ex.Imports
	for _, p := range im.Paths {
		if strings.EqualFold(p, path) || strings.HasSuffix(p, "/"+path) {
			return fmt.Sprintf("did you mean %q?", p)
		}
	}
	switch {
	case len(im.Paths) > 0 && !im.Any:
		return "remove the import, and look for what you need in " + listed(im.Paths)
	case im.Line > 0 && !im.Any:
		return "remove the import: the language has what it takes"
	}
	return "remove the import: the exercise needs nothing of it"
}

// listed joins words as people do: "sync, time and context".
func listed(words []string) string {
	if n := len(words) - 1; n > 0 {
		return strings.Join(words[:n], ", ") + " and " + words[n]
	}
	return words[0]
}

// importNames wants every import to be called by a name.
func importNames(s source) []violation {
	var found []violation
	for _, spec := range s.ast.Imports {
		if spec.Name == nil || enough(found) {
			continue
		}
		switch path := importPath(spec); spec.Name.Name {
		case ".":
			found = append(found, violation{s.line(spec.Pos()), fmt.Sprintf("the dot import of %q is not allowed: it puts another package's names among yours, and nobody can tell whose is whose", path), fmt.Sprintf("import %q, and write the package's name before what you use of it", path)})
		case "_":
			found = append(found, violation{s.line(spec.Pos()), fmt.Sprintf("the blank import of %q is not allowed: nothing of the package can be used, it only runs the package's initialisation", path), "remove the import, or use it under its name"})
		}
	}
	return found
}
