package build

import (
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"path"
	"slices"
	"strconv"
	"strings"
)

// wakers are the functions of the standard library by which something other than a goroutine can
// wake a goroutine: a timer, a signal, the garbage collector.
var wakers = map[string][]string{
	"time":      {"Sleep", "After", "AfterFunc", "NewTimer", "NewTicker", "Tick"},
	"context":   {"WithTimeout", "WithTimeoutCause", "WithDeadline", "WithDeadlineCause"},
	"os/signal": {"Notify", "NotifyContext"},
	"runtime":   {"SetFinalizer", "AddCleanup"},
}

// harmless are packages by which nothing wakes a goroutine that waits for another one. (A goroutine
// that waits for a file or a process is in a system call, which no dump calls waiting.) A use of any
// other package counts as a waker.
var harmless = []string{
	"sync", "sync/atomic", "errors", "fmt", "sort", "strings", "strconv", "bytes", "maps", "slices", "iter", "cmp",
	"math", "math/bits", "math/rand", "math/rand/v2", "unicode", "unicode/utf8", "container/list", "container/heap",
	"container/ring", "hash/fnv", "io", "bufio", "reflect", "runtime/debug", "math/big", "math/cmplx", "text/tabwriter",
	"os", "log", "path", "path/filepath", "unsafe", "testing/quick", "testing/synctest", "encoding/json", "encoding/binary", "encoding/hex", "hash/crc32", "hash/maphash", "crypto/sha256", "regexp", "unique",
	"workbook/harness",
}

// usesTimers reports whether anything in the submission or the hidden tests may wake a goroutine
// from outside: only then can a program whose goroutines all wait still go on. The kit's functions
// count where they are used. A file that cannot be read counts as one that does.
func (t *Tree) usesTimers(files map[string][]byte) bool {
	return usesTimers(files, t.kitTimers(), func(p string) bool { return strings.HasPrefix(p, "workbook/exercises/") })
}

// UsesTimers reports whether anything in the files may wake a goroutine from outside. The packages that own
// names are among the files themselves.
func UsesTimers(files map[string][]byte, own func(importPath string) bool) bool {
	return usesTimers(files, nil, own)
}

func usesTimers(files map[string][]byte, kit map[string]bool, own func(string) bool) bool {
	for name, src := range files {
		if path.Ext(name) != ".go" {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, src, parser.SkipObjectResolution)
		if err != nil || fileUses(file, file.Decls, sources{kit, own}) {
			return true
		}
	}
	return false
}

// sources are the packages whose functions are known: the names of the kit that use timers, and the packages
// whose own files are looked at.
type sources struct {
	kit map[string]bool
	own func(importPath string) bool
}

// anything stands for every name in a set of names.
const anything = "*"

// fileUses reports whether declarations of a file use a waker, a package that is not known to be
// harmless, or one of the kit's names.
func fileUses(file *ast.File, decls []ast.Decl, known sources) bool {
	kit := known.kit
	names, usesKit := packages(file, known.own)
	found := names["."] != nil || usesKit && kit[anything]
	for _, d := range decls {
		ast.Inspect(d, func(n ast.Node) bool {
			sel, ok := n.(*ast.SelectorExpr)
			if !ok {
				return !found
			}
			found = found || usesKit && kit[sel.Sel.Name] // a function of the kit or a method of its types
			if id, ok := sel.X.(*ast.Ident); ok {
				found = found || slices.Contains(names[id.Name], sel.Sel.Name) || slices.Contains(names[id.Name], anything)
			}
			return !found
		})
	}
	return found
}

// packages returns, for what a file calls a package, the names in it that count as wakers.
func packages(file *ast.File, own func(string) bool) (names map[string][]string, usesKit bool) {
	names = map[string][]string{}
	for _, spec := range file.Imports {
		p, _ := strconv.Unquote(spec.Path.Value)
		name := path.Base(p)
		if strings.HasPrefix(name, "v") && len(name) == 2 {
			name = path.Base(path.Dir(p))
		}
		if spec.Name != nil {
			name = spec.Name.Name
		}
		switch {
		case strings.HasPrefix(p, "workbook/"+kitDir):
			usesKit = true
		case p == "testing" || own != nil && own(p) || slices.Contains(harmless, p):
		case wakers[p] != nil:
			names[name] = wakers[p]
		default:
			names[name] = []string{anything}
		}
	}
	return names, usesKit
}

// kitTimers returns the names of the kit's functions and methods that may start a timer, directly
// or through another one of them. Functions are told apart by their names alone: too many may be
// found, never too few.
func (t *Tree) kitTimers() map[string]bool {
	uses := map[string]map[string]bool{} // function → names it mentions
	found := map[string]bool{}
	for name, src := range t.files {
		if !strings.HasPrefix(name, kitDir+"/") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, src, parser.SkipObjectResolution)
		if err != nil {
			continue
		}
		for _, d := range file.Decls {
			fn, ok := d.(*ast.FuncDecl)
			name := anything // a package-level variable that is made with a timer
			if ok {
				name = fn.Name.Name
				uses[name] = mentions(fn, uses[name])
			}
			found[name] = found[name] || fileUses(file, []ast.Decl{d}, sources{})
		}
	}
	for grown := true; grown; {
		grown = false
		for fn, names := range uses {
			for n := range names {
				if found[n] && !found[fn] {
					found[fn], grown = true, true
				}
			}
		}
	}
	maps.DeleteFunc(found, func(_ string, timers bool) bool { return !timers })
	return found
}

func mentions(fn *ast.FuncDecl, into map[string]bool) map[string]bool {
	if into == nil {
		into = map[string]bool{}
	}
	ast.Inspect(fn, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok {
			into[id.Name] = true
		}
		return true
	})
	return into
}
