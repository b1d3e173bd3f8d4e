package survey

import (
	"fmt"
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"strings"
)

// reach finds what tests call, as far as the source of the learner's module shows: calls through interfaces
// and variables are not followed. What it misses, the scheduler's watchdog notices.
type reach struct {
	fset  *token.FileSet
	calls map[*types.Func][]use // by function, in the order of the text
	shown func(name string) string
}

// use is a function's mention of another one.
type use struct {
	fn *types.Func
	at token.Pos
}

func newReach(l *loader, shown func(string) string) *reach {
	r := &reach{fset: l.fset, calls: map[*types.Func][]use{}, shown: shown}
	for _, u := range l.units {
		for _, f := range u.files {
			for _, d := range f.Decls {
				fn, ok := d.(*ast.FuncDecl)
				if !ok || fn.Body == nil {
					continue
				}
				if obj, ok := u.info.Defs[fn.Name].(*types.Func); ok {
					r.calls[obj] = uses(fn.Body, u.info)
				}
			}
		}
	}
	return r
}

func uses(body *ast.BlockStmt, info *types.Info) []use {
	var all []use
	ast.Inspect(body, func(n ast.Node) bool {
		if call, ok := n.(*ast.CallExpr); ok && asks(call, info) {
			return false
		}
		if id, ok := n.(*ast.Ident); ok {
			if fn, ok := info.Uses[id].(*types.Func); ok {
				all = append(all, use{fn.Origin(), id.Pos()})
			}
		}
		return true
	})
	return all
}

// asks reports whether a call is runtime.GOMAXPROCS(0), which changes nothing.
func asks(call *ast.CallExpr, info *types.Info) bool {
	sel, ok := call.Fun.(*ast.SelectorExpr)
	if !ok || len(call.Args) != 1 {
		return false
	}
	fn, ok := info.Uses[sel.Sel].(*types.Func)
	v := info.Types[call.Args[0]].Value
	return ok && fn.FullName() == "runtime.GOMAXPROCS" && v != nil && constant.Sign(v) <= 0
}

// why says why the test cannot be scheduled, "" where nothing speaks against it.
func (r *reach) why(test *types.Func) string {
	seen := map[*types.Func]bool{test: true}
	for queue := []*types.Func{test}; len(queue) > 0; queue = queue[1:] {
		for _, u := range r.calls[queue[0]] {
			if reason := unfit(u.fn); reason != "" {
				at := r.fset.PositionFor(u.at, false)
				return fmt.Sprintf("%s (%s at %s:%d)", reason, label(u.fn), r.shown(at.Filename), at.Line)
			}
			if !seen[u.fn] {
				seen[u.fn] = true
				queue = append(queue, u.fn)
			}
		}
	}
	return ""
}

// The reasons for which a test runs freely only.
const (
	network   = "it uses the network"
	processes = "it starts a process"
	signals   = "it waits for signals"
	changes   = "it changes what the whole process shares"
	measures  = "it measures what the scheduler changes"
)

// unscheduled lists, by package and then by function (a method as Type.Method, * for all), what no bubble
// holds.
var unscheduled = map[string]map[string]string{
	"net": {
		"Dial": network, "DialTimeout": network, "DialTCP": network, "DialUDP": network, "DialIP": network, "DialUnix": network,
		"Listen": network, "ListenPacket": network, "ListenTCP": network, "ListenUDP": network, "ListenIP": network, "ListenUnix": network,
		"ListenMulticastUDP": network, "ListenUnixgram": network, "LookupHost": network, "LookupIP": network, "LookupAddr": network,
		"LookupCNAME": network, "LookupMX": network, "LookupNS": network, "LookupPort": network, "LookupSRV": network, "LookupTXT": network,
		"ResolveIPAddr": network, "Dialer.Dial": network, "Dialer.DialContext": network, "ListenConfig.Listen": network,
		"ListenConfig.ListenPacket": network, "Resolver.LookupHost": network, "Resolver.LookupIPAddr": network,
	},
	"net/http": {
		"Get": network, "Head": network, "Post": network, "PostForm": network, "ListenAndServe": network, "ListenAndServeTLS": network,
		"Serve": network, "ServeTLS": network, "Client.Do": network, "Client.Get": network, "Client.Head": network, "Client.Post": network,
		"Client.PostForm": network, "Server.ListenAndServe": network, "Server.ListenAndServeTLS": network, "Server.Serve": network,
		"Server.ServeTLS": network, "Transport.RoundTrip": network,
	},
	"net/http/httptest": {"NewServer": network, "NewTLSServer": network, "NewUnstartedServer": network},
	"net/rpc":           {"Dial": network, "DialHTTP": network, "DialHTTPPath": network},
	"net/smtp":          {"Dial": network, "SendMail": network},
	"crypto/tls":        {"Dial": network, "DialWithDialer": network, "Listen": network},
	"database/sql":      {"Open": network, "OpenDB": network},
	"os/exec":           {"*": processes},
	"os":                {"StartProcess": processes, "Setenv": changes, "Unsetenv": changes, "Clearenv": changes, "Chdir": changes},
	"os/signal":         {"Notify": signals, "NotifyContext": signals},
	"plugin":            {"*": processes},
	"runtime":           {"GOMAXPROCS": changes, "LockOSThread": changes, "ReadMemStats": measures},
	"testing": {
		"T.Setenv": changes, "T.Chdir": changes, "common.Setenv": changes, "common.Chdir": changes,
		"AllocsPerRun": measures, "Benchmark": measures,
	},
}

// unfit says why a function of another package cannot be called in a schedule.
func unfit(fn *types.Func) string {
	if fn.Pkg() == nil {
		return ""
	}
	names := unscheduled[fn.Pkg().Path()]
	name := fn.Name()
	if recv := fn.Signature().Recv(); recv != nil {
		t := recv.Type()
		if p, ok := t.(*types.Pointer); ok {
			t = p.Elem()
		}
		if n, ok := types.Unalias(t).(*types.Named); ok {
			name = n.Obj().Name() + "." + name
		}
	}
	if reason := names[name]; reason != "" {
		return reason
	}
	if !strings.Contains(name, ".") {
		return names["*"]
	}
	return ""
}

// label is a function as it is called.
func label(fn *types.Func) string {
	if fn.Signature().Recv() != nil {
		return "." + fn.Name()
	}
	return fn.Pkg().Name() + "." + fn.Name()
}
