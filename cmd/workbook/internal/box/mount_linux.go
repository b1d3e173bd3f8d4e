//go:build amd64 || arm64

package box

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/sys/unix"
)

// buildNeeds are what a C compiler and linker read, beside the libraries.
var buildNeeds = []string{"/usr", "/bin", "/sbin", "/etc/alternatives", "/etc/ld.so.conf", "/etc/ld.so.conf.d", "/opt/rh"}

// jail is the new root under construction.
type jail struct{ root string }

// mount makes the program's own file system, where it has namespaces: an empty one in memory, with what
// it needs of the real one at the same places, and nothing to write in but its scratch folder and files.
// Its /proc shows its own processes alone, so there is no grader to signal, to read or to write to
// (attacks 07, 29, 42).
func (o *order) mount() error {
	if o.Tier != Apart {
		return unix.Chdir(o.Home)
	}
	// What happens here is not to happen outside.
	if err := unix.Mount("", "/", "", unix.MS_REC|unix.MS_PRIVATE, ""); err != nil {
		return fmt.Errorf("keeping mounts inside: %w", err)
	}
	j := jail{filepath.Join(o.Dir, "root")}
	if err := os.Mkdir(j.root, 0o700); err != nil && !os.IsExist(err) {
		return err
	}
	if err := unix.Mount("tmpfs", j.root, "tmpfs", unix.MS_NOSUID|unix.MS_NODEV, "size=1m,nr_inodes=2048,mode=755"); err != nil {
		return fmt.Errorf("an empty file system: %w", err)
	}
	if err := j.fill(o); err != nil {
		return err
	}
	return j.pivot(o.Home)
}

// fill puts into the jail what the program needs.
func (j jail) fill(o *order) error {
	read := o.Read
	if o.Build {
		read = append(buildNeeds[:len(buildNeeds):len(buildNeeds)], read...)
	}
	for _, path := range read {
		for _, name := range real(path) {
			if err := j.bind(name, unix.MOUNT_ATTR_RDONLY|unix.MOUNT_ATTR_NOSUID|unix.MOUNT_ATTR_NODEV); err != nil {
				return err
			}
		}
	}
	if err := j.bind(o.Dir, unix.MOUNT_ATTR_NOSUID|unix.MOUNT_ATTR_NODEV); err != nil {
		return err
	}
	if o.Scratch != "" && !o.Build {
		size := fmt.Sprintf("size=%d,nr_inodes=%d,mode=700", scratch, scratchFiles)
		if err := unix.Mount("tmpfs", j.root+o.Scratch, "tmpfs", unix.MS_NOSUID|unix.MS_NODEV, size); err != nil {
			return fmt.Errorf("a file system to write in: %w", err)
		}
	}
	if err := j.bind("/dev/null", 0); err != nil {
		return err
	}
	if err := os.Mkdir(j.root+"/proc", 0o755); err != nil {
		return err
	}
	// A fresh /proc: the race detector reads its settings from /proc/self/environ (trap 4).
	if err := unix.Mount("proc", j.root+"/proc", "proc", unix.MS_NOSUID|unix.MS_NODEV|unix.MS_NOEXEC, ""); err != nil {
		return fmt.Errorf("a /proc of its own: %w", err)
	}
	return nil
}

// bind makes a file or folder visible at its own place. What is not there is left out, and so is what may
// only be read and lies in a folder that is visible already. A link is made again as a link.
func (j jail) bind(name string, attributes uint64) error {
	info, err := os.Lstat(name)
	there, readOnly := j.has(name), attributes&unix.MOUNT_ATTR_RDONLY != 0
	if os.IsNotExist(err) || err == nil && there && readOnly {
		return nil
	}
	if err == nil && !there {
		err = j.place(name, info)
	}
	if err != nil {
		return fmt.Errorf("making a place for %s: %w", name, err)
	}
	if info.Mode()&os.ModeSymlink != 0 {
		return nil
	}
	flags := uintptr(unix.MS_BIND)
	if readOnly {
		flags |= unix.MS_REC // the program's own folder has the jail in it
	}
	target := j.root + name
	if err := unix.Mount(name, target, "", flags, ""); err != nil {
		return fmt.Errorf("showing %s: %w", name, err)
	}
	if attributes == 0 {
		return nil
	}
	if err := unix.MountSetattr(unix.AT_FDCWD, target, unix.AT_RECURSIVE, &unix.MountAttr{Attr_set: attributes}); err != nil {
		return fmt.Errorf("protecting %s: %w", name, err)
	}
	return nil
}

// place makes what is mounted on, or the link.
func (j jail) place(name string, info os.FileInfo) error {
	target := j.root + name
	if err := os.MkdirAll(filepath.Dir(target), 0o755); err != nil {
		return err
	}
	switch {
	case info.Mode()&os.ModeSymlink != 0:
		to, err := os.Readlink(name)
		if err != nil {
			return err
		}
		return os.Symlink(to, target)
	case info.IsDir():
		return os.Mkdir(target, 0o755)
	}
	return os.WriteFile(target, nil, 0o644)
}

// has reports whether a name, or a folder that it lies in, is there already.
func (j jail) has(name string) bool {
	_, err := os.Lstat(j.root + name)
	return err == nil || strings.HasPrefix(name, j.root)
}

// pivot makes the jail the root, lets go of the old one, and makes what is left of the jail's own files
// unchangeable.
func (j jail) pivot(home string) error {
	if err := unix.Chdir(j.root); err != nil {
		return err
	}
	// The old root comes to lie on the new one, from where it is taken away.
	if err := unix.PivotRoot(".", "."); err != nil {
		return fmt.Errorf("changing the root: %w", err)
	}
	if err := unix.Unmount(".", unix.MNT_DETACH); err != nil {
		return fmt.Errorf("letting go of the old root: %w", err)
	}
	if err := unix.Mount("", "/", "", unix.MS_REMOUNT|unix.MS_BIND|unix.MS_RDONLY|unix.MS_NOSUID|unix.MS_NODEV, ""); err != nil {
		return fmt.Errorf("closing the root: %w", err)
	}
	if err := unix.Chdir(home); err != nil {
		return fmt.Errorf("entering %s: %w", home, err)
	}
	return nil
}
