package course

import (
	"time"

	"github.com/yuin/goldmark/ast"
)

// The node kinds that a lesson's tree holds beside goldmark's own.
var (
	KindCell  = ast.NewNodeKind("Cell")
	KindAlert = ast.NewNodeKind("Alert")
)

// Cell is a fenced block "```go cell …" together with the output fence that follows it.
// The output fence is not a node of its own in the tree.
type Cell struct {
	ast.BaseBlock

	ID     string        // unique in its lesson; "cell1", "cell2", … where the author gave none
	File   string        // "lessons/09-atomicity.md"
	Line   int           // of the first line of code, from 1
	Code   string        // the code as written
	Engine Engine        // EngineRun unless said
	After  []string      // ids of the cells whose code comes before this one's
	Expect string        // "ok", "race", "panic", "deadlock", "compile-error", "exit:N"
	Runs   int           // 1 unless said
	Procs  int           // GOMAXPROCS, 0 for the default
	Limit  time.Duration // 10 s unless said
	Output *Output       // nil where the lesson shows none
	Asked  bool          // a question of the lesson is about it
}

// Engine says what runs a cell.
type Engine string

// The engines.
const (
	EngineRun     Engine = "run"     // go run
	EngineRace    Engine = "race"    // go run -race
	EngineVet     Engine = "vet"     // go vet
	EngineBuild   Engine = "build"   // go build, for compile errors
	EngineExplore Engine = "explore" // yaegi under the controlled scheduler
	EngineBubble  Engine = "bubble"  // the toolchain, inside a testing/synctest bubble
)

// Output is the documented output of a cell.
type Output struct {
	Match string // "exact", "unordered", "regexp", "contains", "any"
	Text  string
	Line  int // of the first line of text
}

// Kind implements ast.Node.
func (c *Cell) Kind() ast.NodeKind { return KindCell }

// IsRaw implements ast.Node: a cell's lines are not parsed as Markdown.
func (c *Cell) IsRaw() bool { return true }

// Dump implements ast.Node.
func (c *Cell) Dump(source []byte, level int) {
	ast.DumpHelper(c, source, level, map[string]string{"ID": c.ID, "Engine": string(c.Engine)}, nil)
}

// Alert is a GitHub alert: a block quote whose first line is [!NOTE], [!TIP], [!IMPORTANT],
// [!WARNING] or [!CAUTION]. Its children are the quote's blocks without that line.
type Alert struct {
	ast.BaseBlock

	Name string // "NOTE", "TIP", "IMPORTANT", "WARNING", "CAUTION"
}

// Kind implements ast.Node.
func (a *Alert) Kind() ast.NodeKind { return KindAlert }

// Dump implements ast.Node.
func (a *Alert) Dump(source []byte, level int) {
	ast.DumpHelper(a, source, level, map[string]string{"Name": a.Name}, nil)
}
