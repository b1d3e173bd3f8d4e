//go:build amd64 || arm64

package box

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

// probeName is the argument that makes a program look around in its box and say whether it is one.
const probeName = "__box-probe"

// soundness is the word of a program that finds itself in a sound box.
const soundness = "sound"

// probeTime bounds how long a probe may take: it takes some ten milliseconds.
const probeTime = 20 * time.Second

// try puts this very program into a box of a tier and lets it try what must fail there. It returns why the
// tier is not to be had, "" if it is, and what to type to get it.
func try(ctx context.Context, t Tier) (why, mend string) {
	dir, err := os.MkdirTemp("", "workbook-probe-")
	if err != nil {
		return err.Error(), ""
	}
	defer os.RemoveAll(dir)
	if err := probe(ctx, t, dir); err != nil {
		return err.Error(), remedy(t, err)
	}
	return "", ""
}

func probe(ctx context.Context, t Tier, dir string) error {
	path, err := os.Executable()
	if err != nil {
		return err
	}
	scratch := filepath.Join(dir, "cwd")
	if err := os.Mkdir(scratch, 0o700); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, probeTime)
	defer cancel()
	cmd := exec.CommandContext(ctx, path, probeName)
	var out bytes.Buffer
	cmd.Dir, cmd.Env, cmd.Stdout, cmd.Stderr = scratch, []string{"WORKBOOK_PROBE=" + t.String()}, &out, &out
	in, err := Spec{Tier: t, Dir: dir, Scratch: scratch, Read: []string{path}}.Enclose(cmd)
	if err != nil {
		return err
	}
	err = cmd.Start()
	in.Started()
	if err != nil {
		return fmt.Errorf("the system does not let a program be started in namespaces: %w", err)
	}
	err = cmd.Wait()
	if fault := in.Err(); fault != nil {
		return fault
	}
	if text := strings.TrimSpace(out.String()); err != nil || text != soundness {
		return fmt.Errorf("a program in it was not held: %s (%v)", text, err)
	}
	return nil
}

// remedy is what lifts the usual bans on namespaces. The settings are only read to choose the advice.
func remedy(t Tier, err error) string {
	if t != Apart || !(errors.Is(err, unix.EPERM) || errors.Is(err, unix.EACCES) || errors.Is(err, unix.ENOSPC) || strings.Contains(err.Error(), "not permitted")) {
		return ""
	}
	for _, setting := range []struct{ file, bad, good string }{
		{"kernel/apparmor_restrict_unprivileged_userns", "1", "0"}, // Ubuntu from 24.04 on, and its CI runners
		{"kernel/unprivileged_userns_clone", "0", "1"},             // Debian before 11
		{"user/max_user_namespaces", "0", "10000"},
	} {
		text, err := os.ReadFile("/proc/sys/" + setting.file)
		if err == nil && strings.TrimSpace(string(text)) == setting.bad {
			return fmt.Sprintf("sudo sysctl -w %s=%s", strings.ReplaceAll(setting.file, "/", "."), setting.good)
		}
	}
	return "in a container, start it with --security-opt seccomp=unconfined --security-opt systempaths=unconfined, or set " + EnvVar + "=3 if it is sandbox enough"
}

// lookAround tries what a box must prevent, from inside, and returns the exit status.
func lookAround() int {
	for _, try := range []struct {
		what string
		held bool
	}{
		{"it reads the system's users", fails(func() error { _, err := os.ReadFile("/etc/passwd"); return err })},
		{"it lists the root", os.Getenv("WORKBOOK_PROBE") == Apart.String() || fails(func() error { _, err := os.ReadDir("/"); return err })},
		{"it makes a file outside of its folder", fails(func() error { return os.WriteFile("../x", nil, 0o600) })},
		{"it makes a socket", fails(func() error { _, err := unix.Socket(unix.AF_INET, unix.SOCK_STREAM, 0); return err })},
		{"it starts a program", fails(func() error { return exec.Command("/proc/self/exe", "x").Run() })},
		{"it becomes a program", fails(func() error { return unix.Exec("/proc/self/exe", []string{"x"}, nil) })},
		{"it signals its parent", fails(func() error { return unix.Kill(os.Getppid(), 0) })},
		{"it makes namespaces", fails(func() error { return unix.Unshare(unix.CLONE_NEWUSER) })},
		{"it sees other processes", os.Getenv("WORKBOOK_PROBE") != Apart.String() || os.Getpid() == 1},
		{"it cannot write in its folder", !fails(func() error { return os.WriteFile("x", []byte("x"), 0o600) })},
		{"it cannot read its environment", !fails(func() error { _, err := os.ReadFile("/proc/self/environ"); return err })},
	} {
		if !try.held {
			fmt.Println(try.what)
			return 1
		}
	}
	fmt.Println(soundness)
	return 0
}

func fails(f func() error) bool { return f() != nil }
