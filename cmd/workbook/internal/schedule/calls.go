package schedule

import (
	"go/ast"
	"go/types"
	"strings"
)

// syncOps names the operations of package sync by receiver and method.
var syncOps = map[string]map[string]string{
	"Mutex":     {"Lock": "lock", "Unlock": "unlock", "TryLock": "trylock"},
	"RWMutex":   {"Lock": "lock", "Unlock": "unlock", "TryLock": "trylock", "RLock": "rlock", "RUnlock": "runlock", "TryRLock": "tryrlock"},
	"Locker":    {"Lock": "lock", "Unlock": "unlock"},
	"Once":      {"Do": "once"},
	"Cond":      {"Wait": "condwait", "Signal": "signal", "Broadcast": "broadcast"},
	"WaitGroup": {"Add": "add", "Done": "done", "Wait": "wait", "Go": "go"},
	"Pool":      {"Get": "pool", "Put": "pool"},
}

// lockMethods are the methods through which an interface of one's own most likely means a lock.
var lockMethods = map[string]string{
	"Lock": "lock", "Unlock": "unlock", "TryLock": "trylock", "RLock": "rlock", "RUnlock": "runlock", "TryRLock": "tryrlock",
}

// pure holds the packages whose functions touch nothing that goroutines share, but for the names listed.
var pure = map[string]string{
	"errors": "", "strconv": "", "math": "", "math/bits": "", "math/cmplx": "", "unicode": "", "unicode/utf8": "", "unicode/utf16": "",
	"strings": "", "bytes": "", "cmp": "", "path": "", "path/filepath": "", "testing": "", "hash/fnv": "", "hash/crc32": "", "hash/maphash": "",
	"crypto/sha256": "", "crypto/md5": "", "crypto/sha1": "", "encoding/hex": "", "encoding/base64": "", "encoding/binary": "", "unsafe": "",
	"fmt": " Print Println Printf Fprint Fprintln Fprintf Scan Scanln Scanf Fscan Fscanln Fscanf ", "iter": " Pull Pull2 ",
	"context": " WithCancel WithCancelCause WithTimeout WithTimeoutCause WithDeadline WithDeadlineCause AfterFunc Cause ",
	"runtime": " NumGoroutine ", "time": "",
}

// still holds the packages whose functions may touch shared memory, but start and wake no goroutine.
var still = map[string]bool{
	"sort": true, "slices": true, "maps": true, "strings": true, "bytes": true, "container/list": true, "container/heap": true,
	"container/ring": true, "math/rand": true, "math/rand/v2": true, "encoding/json": true, "reflect": true, "math/big": true,
}

// call collects a call: its operands, then the call itself.
func (r *reader) call(e *ast.CallExpr) {
	if r.Info.Types[e.Fun].IsType() {
		r.exprs(e.Args)
		return
	}
	from := len(r.ops)
	r.function(e.Fun)
	r.ops = r.unwrapped(from)
	obj := r.facts.callee(e)
	if b, ok := obj.(*types.Builtin); ok {
		r.builtin(e, b.Name())
		return
	}
	r.exprs(e.Args)
	r.calls = append(r.calls, e)
	if _, ok := ast.Unparen(e.Fun).(*ast.FuncLit); ok {
		r.add(e, "own", "", false)
		return
	}
	kind, on, point := r.classify(e, obj)
	if kind != "" {
		r.add(e, kind, on, point)
	}
}

// function collects what finding the function does: a method value's receiver, a variable's value.
func (r *reader) function(fun ast.Expr) {
	sel, ok := ast.Unparen(fun).(*ast.SelectorExpr)
	if !ok {
		if _, lit := ast.Unparen(fun).(*ast.FuncLit); !lit {
			r.expr(fun)
		}
		return
	}
	s := r.Info.Selections[sel]
	switch {
	case s == nil:
		r.expr(sel)
	case s.Kind() == types.FieldVal:
		r.expr(sel)
	case s.Kind() == types.MethodVal:
		r.receiver(sel, s)
	}
}

// receiver collects the receiver of a method: its address where the method wants that, else its value.
func (r *reader) receiver(sel *ast.SelectorExpr, s *types.Selection) {
	recv := s.Obj().(*types.Func).Signature().Recv()
	_, isIface := under(s.Recv()).(*types.Interface)
	if recv != nil && isPointer(recv.Type()) && !isPointer(r.Info.TypeOf(sel.X)) && !isIface {
		r.location(sel.X)
		return
	}
	r.expr(sel.X)
}

func (r *reader) builtin(e *ast.CallExpr, name string) {
	r.exprs(e.Args)
	arg := func() string { return r.text(e.Args[0]) }
	switch name {
	case "close":
		r.add(e, "close", arg(), true)
	case "len", "cap":
		switch under(r.Info.TypeOf(e.Args[0])).(type) {
		case *types.Chan:
			r.add(e, "len", arg(), true)
		case *types.Map:
			r.add(e, "read", arg(), true)
		}
	case "append":
		if len(e.Args) > 1 && (r.Interpreted == nil || r.shared(e.Args[0]) || r.facts.overlaps(e.Args[0])) {
			r.add(e, "write", arg(), true)
			r.ops[len(r.ops)-1].wrap = false
		}
	case "copy", "delete", "clear":
		r.add(e, "write", arg(), true)
	}
}

// classify names the operation of a call and says whether a point has to stand before it. Calls that
// no other goroutine can notice have no name.
func (r *reader) classify(e *ast.CallExpr, obj types.Object) (kind, on string, point bool) {
	fn, ok := obj.(*types.Func)
	if !ok {
		if r.Interpreted != nil && !isCancel(r.Info.TypeOf(e.Fun)) {
			return "own", r.text(e.Fun), false
		}
		return "func", r.text(e.Fun), true
	}
	pkg := fn.Pkg()
	switch {
	case pkg == nil: // error.Error
		return "", "", false
	case pkg.Path() == "sync":
		return r.syncCall(e, fn)
	case pkg.Path() == "sync/atomic":
		return "atomic", r.atomicOperand(e, fn), true
	case r.rewritten(pkg):
		if kind = lockMethods[fn.Name()]; kind != "" && r.Interpreted == nil && fn.Signature().Recv() != nil && types.IsInterface(fn.Signature().Recv().Type()) {
			return kind, r.receiverText(e), true
		}
		if r.facts.idle[fn.Origin()] && r.Interpreted == nil {
			return "", "", false
		}
		return "own", r.text(e.Fun), false
	}
	return r.foreignCall(e, fn)
}

func (r *reader) syncCall(e *ast.CallExpr, fn *types.Func) (kind, on string, point bool) {
	recv := fn.Signature().Recv()
	if recv == nil {
		return "", "", false // NewCond, OnceFunc: they make something new
	}
	sel, ok := ast.Unparen(e.Fun).(*ast.SelectorExpr)
	if !ok {
		return "call", r.text(e.Fun), true
	}
	on = r.text(sel.X)
	if s := r.Info.Selections[sel]; s != nil && s.Kind() == types.MethodExpr && len(e.Args) > 0 {
		on = operand(r.text(e.Args[0]))
	}
	name := typeName(recv.Type())
	if kind = syncOps[name][fn.Name()]; kind != "" {
		return kind, on, true
	}
	if name == "Map" {
		return "map", on, true
	}
	return "", "", false
}

// isCancel reports whether t is a function that cancels a context: of those that a program may call as values, an
// interpreted program's scheduler does not see what they do.
func isCancel(t types.Type) bool {
	return t != nil && (t.String() == "context.CancelFunc" || t.String() == "context.CancelCauseFunc")
}

func operand(text string) string { return strings.TrimPrefix(text, "&") }

func (r *reader) atomicOperand(e *ast.CallExpr, fn *types.Func) string {
	if fn.Signature().Recv() != nil {
		if sel, ok := ast.Unparen(e.Fun).(*ast.SelectorExpr); ok {
			return r.text(sel.X)
		}
	}
	if len(e.Args) > 0 {
		return operand(r.text(e.Args[0]))
	}
	return r.text(e.Fun)
}

func (r *reader) foreignCall(e *ast.CallExpr, fn *types.Func) (kind, on string, point bool) {
	path, name := fn.Pkg().Path(), fn.Name()
	recv := fn.Signature().Recv()
	switch {
	case path == "runtime" && name == "Gosched", path == "testing/synctest":
		return "", "", false // the runtime's stand-ins are points themselves
	case path == "runtime" && name == "NumGoroutine" && r.Interpreted != nil:
		return "yield", "", true
	case path == "time" && name == "Sleep":
		return "sleep", "", true
	case path == "time" && recv == nil && name == "AfterFunc":
		return "timer", "", true
	case path == "time" && recv != nil && isPointer(recv.Type()) && (typeName(recv.Type()) == "Timer" || typeName(recv.Type()) == "Ticker"):
		return "timer", r.receiverText(e), true
	case path == "testing" && fn.FullName() == "(*testing.T).Run":
		return "go", r.receiverText(e), true
	case path == "testing":
		return "", "", false
	case path == "context" && recv != nil:
		return "call", r.text(e.Fun), name == "Err"
	}
	kind = "call"
	if still[path] {
		kind = "std"
	}
	if recv == nil {
		but, is := pure[path]
		if is && !strings.Contains(but, " "+name+" ") {
			return "", "", false
		}
		return kind, r.text(e.Fun), true
	}
	if _, iface := under(recv.Type()).(*types.Interface); !iface && !isPointer(recv.Type()) {
		return "", "", false
	}
	if sel, ok := ast.Unparen(e.Fun).(*ast.SelectorExpr); ok && r.private(sel.X) {
		return "", "", false
	}
	return kind, r.text(e.Fun), true
}

// private reports whether e is a location that only this goroutine knows.
func (r *reader) private(e ast.Expr) bool {
	t := r.Info.TypeOf(e)
	if isPointer(t) {
		return false
	}
	if _, ok := under(t).(*types.Interface); ok {
		return false
	}
	return !r.shared(e)
}

func (r *reader) receiverText(e *ast.CallExpr) string {
	if sel, ok := ast.Unparen(e.Fun).(*ast.SelectorExpr); ok {
		return r.text(sel.X)
	}
	return ""
}

// typeName returns the name of a named type, or of what it points to.
func typeName(t types.Type) string {
	t = types.Unalias(t)
	if p, ok := t.(*types.Pointer); ok {
		t = types.Unalias(p.Elem())
	}
	if n, ok := t.(*types.Named); ok {
		return n.Obj().Name()
	}
	return ""
}
