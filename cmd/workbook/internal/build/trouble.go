package build

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
)

// Kind says what a Trouble is about.
type Kind int

// The kinds of trouble.
const (
	NoGo       Kind = iota // no go command, or one that does not work
	OldGo                  // a go command older than MinGo
	NoRace                 // a system that the race detector does not know
	NoCompiler             // no C compiler
	NoHeaders              // a C compiler without the C library's header files
	NoCache                // no build cache that can be written
	NoSpace                // a full disk
)

// Trouble is something about the machine that keeps the grader from building, with the command
// that mends it.
type Trouble struct {
	Kind Kind
	Text string // what is wrong
	Mend string // the command to type next
}

func (t *Trouble) Error() string { return t.Text }

func (t *Toolchain) noGo(asked string) error {
	if asked != "" && asked != "go" {
		return &Trouble{Kind: NoGo, Text: fmt.Sprintf("there is no go command at %s", asked), Mend: installGo(t.Env)}
	}
	for _, dir := range []string{"/usr/local/go/bin", "/usr/lib/go/bin", filepath.Join(lookEnv(t.Env, "HOME"), "sdk/go/bin")} {
		if info, err := os.Stat(filepath.Join(dir, "go")); err == nil && info.Mode()&0o111 != 0 {
			return &Trouble{Kind: NoGo, Text: fmt.Sprintf("the go command is in %s, which is not in PATH", dir), Mend: "export PATH=$PATH:" + dir}
		}
	}
	return &Trouble{Kind: NoGo, Text: "there is no go command in PATH", Mend: installGo(t.Env)}
}

func (t *Toolchain) oldGo() error {
	return &Trouble{Kind: OldGo, Text: fmt.Sprintf("%s is %s, and the course needs %s or newer", t.Go, t.Version, MinGo), Mend: installGo(t.Env)}
}

// installGo is the command that installs a current Go. Package managers of Linux distributions
// are often a year behind, so there it is the archive of the Go project.
func installGo(env []string) string {
	switch runtime.GOOS {
	case "darwin":
		if _, err := lookPath("brew", env); err == nil {
			return "brew install go"
		}
	case "windows":
		return "winget install -e --id GoLang.Go"
	case "linux":
		archive := fmt.Sprintf("%s.0.linux-%s.tar.gz", MinGo, runtime.GOARCH)
		return "curl -LO https://go.dev/dl/" + archive + " && sudo tar -C /usr/local -xzf " + archive + " && export PATH=/usr/local/go/bin:$PATH"
	}
	return "open https://go.dev/dl/ and install " + MinGo + " or newer"
}

// managers are the package managers that install a C compiler with its library's headers.
var managers = []struct{ program, command string }{
	{"apt-get", "sudo apt-get install -y gcc libc6-dev"},
	{"dnf", "sudo dnf install -y gcc glibc-devel"},
	{"yum", "sudo yum install -y gcc glibc-devel"},
	{"apk", "sudo apk add gcc musl-dev"},
	{"pacman", "sudo pacman -S --needed gcc"},
	{"zypper", "sudo zypper install -y gcc glibc-devel"},
	{"pkg", "sudo pkg install -y gcc"},
}

// installCC is the command that installs a C compiler on this system.
func installCC(env []string) string {
	switch runtime.GOOS {
	case "darwin":
		return "xcode-select --install"
	case "windows":
		return "winget install -e --id BrechtSanders.WinLibs.POSIX.UCRT"
	}
	for _, m := range managers {
		if _, err := lookPath(m.program, env); err == nil {
			return m.command
		}
	}
	return "install gcc with your system's package manager"
}
