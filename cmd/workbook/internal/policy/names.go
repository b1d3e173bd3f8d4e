package policy

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"
)

// limited are the packages of which a part is for solutions.
var limited = []struct {
	path   string
	always []string // whoever may import the package may use them
	named  []string // where the task names the package
}{
	{"runtime",
		strings.Fields("Gosched Goexit NumGoroutine NumCPU GC KeepAlive MemStats ReadMemStats Error TypeAssertionError PanicNilError GOOS GOARCH Compiler Version"),
		strings.Fields("GOMAXPROCS SetDefaultGOMAXPROCS LockOSThread UnlockOSThread SetFinalizer AddCleanup Cleanup Stack")},
	{"runtime/debug",
		strings.Fields("FreeOSMemory PrintStack GCStats ReadGCStats"),
		strings.Fields("Stack SetGCPercent SetMemoryLimit")},
}

// reasons say why a part of a limited package is not for solutions.
var reasons = []struct{ prefix, why, hint string }{
	{"runtime.Race", "it tells the race detector what to overlook", "let the goroutines wait for one another; then there is nothing to overlook"},
	{"runtime.Call", "a function works the same whoever calls it", "work with the arguments that you are given"},
	{"runtime.FuncForPC", "a function works the same whoever calls it", "work with the arguments that you are given"},
	{"runtime.Stack", "what it prints is for people, not to decide by", "pass on what a function must know as an argument"},
	{"debug.Stack", "what it prints is for people, not to decide by", "pass on what a function must know as an argument"},
	{"runtime.GOMAXPROCS", "it changes how many goroutines run at once in the whole program, the tests included, and right code is right with any number", "runtime.GOMAXPROCS(0) tells the number and changes nothing"},
	{"runtime.SetDefaultGOMAXPROCS", "it changes how many goroutines run at once in the whole program, the tests included", "runtime.GOMAXPROCS(0) tells the number and changes nothing"},
	{"", "it changes or reveals the runtime of the whole program, the tests included", "the exercise needs nothing of it"},
}

// selectors wants nothing used of other packages that is not for solutions, or that the exercise is to
// be solved without.
func selectors(s source) []violation {
	var found []violation
	asked := map[ast.Expr]bool{} // GOMAXPROCS in GOMAXPROCS(0)
	if len(s.packages) == 0 {
		return nil
	}
	ast.Inspect(s.ast, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.CallExpr:
			if len(n.Args) == 1 {
				if zero, ok := n.Args[0].(*ast.BasicLit); ok && zero.Kind == token.INT && zero.Value == "0" {
					asked[n.Fun] = true
				}
			}
		case *ast.SelectorExpr:
			pkg, name := s.member(n)
			if pkg == "" {
				break
			}
			if !s.permits(pkg, name) && !(pkg == "runtime" && name == "GOMAXPROCS" && asked[n]) {
				found = append(found, limitedUse(s, n, pkg, name))
			}
			if slices.Contains(s.ex.Imports.Without[pkg], name) {
				found = append(found, violation{s.line(n.Pos()), fmt.Sprintf("%s.%s is not allowed: this exercise is to be solved without it", usualName(pkg), name), "look for what you need in the rest of " + listed(s.ex.Imports.Paths)})
			}
		}
		return !enough(found)
	})
	return found
}

func limitedUse(s source, n ast.Node, pkg, name string) violation {
	full := usualName(pkg) + "." + name
	i := slices.IndexFunc(reasons, func(r struct{ prefix, why, hint string }) bool { return strings.HasPrefix(full, r.prefix) })
	return violation{s.line(n.Pos()), fmt.Sprintf("%s is not allowed: %s", full, reasons[i].why), reasons[i].hint}
}

// permits reports whether a solution may use a member of a package that it may import.
func (s source) permits(pkg, name string) bool {
	for _, l := range limited {
		if l.path == pkg {
			return slices.Contains(l.always, name) || slices.Contains(l.named, name) && slices.Contains(s.ex.Imports.Paths, pkg)
		}
	}
	return true
}

// usual are predeclared names that packages declare for themselves, by habit from before Go 1.21.
var usual = []string{"min", "max"}

// predeclared wants Go's own names to mean in the whole file what they mean everywhere.
func predeclared(s source) []violation {
	var found []violation
	declared := func(id *ast.Ident) {
		if id != nil && !enough(found) && types.Universe.Lookup(id.Name) != nil && !slices.Contains(usual, id.Name) {
			found = append(found, violation{s.line(id.Pos()), fmt.Sprintf("declaring %s for the whole package is not allowed: it is one of Go's own names, and every other use of it in the package would get another meaning", id.Name), "choose another name; inside a function it may be " + id.Name})
		}
	}
	for _, d := range s.ast.Decls {
		switch d := d.(type) {
		case *ast.FuncDecl:
			if d.Recv == nil {
				declared(d.Name)
			}
		case *ast.GenDecl:
			for _, spec := range d.Specs {
				switch spec := spec.(type) {
				case *ast.ImportSpec:
					declared(spec.Name)
				case *ast.TypeSpec:
					declared(spec.Name)
				case *ast.ValueSpec:
					for _, id := range spec.Names {
						declared(id)
					}
				}
			}
		}
	}
	return found
}

// reservedPrefix begins the names that the grader puts into what it builds.
const reservedPrefix = "workbook"

// reserved wants the grader's names left to it.
func reserved(s source) []violation {
	var found []violation
	if !bytes.Contains(s.text, []byte(reservedPrefix)) {
		return nil
	}
	seen := map[string]bool{}
	ast.Inspect(s.ast, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok && strings.HasPrefix(id.Name, reservedPrefix) && !seen[id.Name] && !enough(found) {
			seen[id.Name] = true
			found = append(found, violation{s.line(id.Pos()), fmt.Sprintf("the name %s is not allowed: names that begin with %s are what the grader calls its own parts, which are built together with yours", id.Name, reservedPrefix), "choose another name"})
		}
		return true
	})
	return found
}
