package survey

import (
	"errors"
	"fmt"
	"go/types"
	"path/filepath"
	"slices"
	"strings"

	"workbook/cmd/workbook/internal/build"
	"workbook/cmd/workbook/internal/schedule"
)

// rewriting is an attempt to rewrite the packages of a binary.
type rewriting struct {
	*program
	left  map[string]string // packages that stay as they are, by import path: why
	files map[string][]byte // by absolute name
	first int32             // number of the next site
}

// errLeft is returned where one more package has to stay as it is, so that the others must be rewritten anew.
var errLeft = errors.New("a package stays as it is")

// rewrite makes the package under test, its tests, and what it imports of its module ready for the
// scheduler. A package that only is imported may stay as it is, with what it imports in turn: the types of
// package sync in it are the real ones then.
func (p *program) rewrite() (map[string][]byte, error) {
	r := rewriting{program: p, left: map[string]string{}}
	for {
		err := r.all()
		if err == nil {
			break
		}
		if !errors.Is(err, errLeft) {
			return nil, err
		}
	}
	for _, u := range p.loaded.units {
		if why := r.left[u.path]; why != "" {
			p.notes = append(p.notes, fmt.Sprintf("Package %s is left as it is, without scheduling points: %s.", u.path, why))
		}
	}
	return r.files, nil
}

func (r *rewriting) all() error {
	r.files, r.first = map[string][]byte{}, 1
	for _, u := range r.loaded.units {
		if r.left[u.path] != "" {
			continue
		}
		if err := r.unit(u); err != nil {
			return err
		}
	}
	return nil
}

// unit rewrites one package.
func (r *rewriting) unit(u *unit) error {
	if len(u.CgoFiles) > 0 {
		return r.leave(u, "it uses cgo")
	}
	out, err := schedule.Rewrite(schedule.Input{
		Fset: r.loaded.fset, Files: u.files, Sources: u.sources, Info: u.info, Pkg: u.pkg,
		Import: build.OwnScheduler(r.rootPath()), Test: u.tests, First: r.first, Rewritten: r.rewritten, Shown: r.marked,
	})
	if err != nil {
		return err
	}
	if len(out.Refused) > 0 {
		reason := out.Refused[0]
		reason.File = r.shown(reason.File)
		return r.leave(u, reason.String())
	}
	for name, src := range out.Files {
		r.files[name] = src
	}
	for name, src := range out.Extra {
		if strings.HasSuffix(u.Name, "_test") { // in the same folder as the package's own
			name = strings.TrimSuffix(name, "_test.go") + "_x_test.go"
		}
		r.files[filepath.Join(u.Dir, name)] = src
	}
	r.first += int32(len(out.Sites))
	return nil
}

func (r *rewriting) rewritten(path string) bool {
	return r.left[path] == "" && slices.ContainsFunc(r.loaded.units, func(u *unit) bool { return u.path == path })
}

// leave notes that a package stays as it is, and what it imports with it.
func (r *rewriting) leave(u *unit, why string) error {
	if u.Dir == r.target.Dir {
		return errors.New(why)
	}
	r.left[u.path] = why
	for _, dep := range r.loaded.units {
		if !slices.Contains(u.Deps, dep.ImportPath) || r.left[dep.path] != "" {
			continue
		}
		if dep.Dir == r.target.Dir {
			return fmt.Errorf("package %s, which imports this one, cannot be rewritten: %s", u.path, why)
		}
		r.left[dep.path] = "package " + u.path + " imports it, which is left as it is"
	}
	return errLeft
}

// testFunc is the function of a test; nil where its types are not known.
func (p *program) testFunc(name string) *types.Func {
	for _, u := range p.loaded.units {
		if u.Dir != p.target.Dir {
			continue
		}
		if fn, ok := u.pkg.Scope().Lookup(name).(*types.Func); ok && u.tests {
			return fn
		}
	}
	return nil
}
