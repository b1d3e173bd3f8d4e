// Package solutions holds the reference solutions with the hidden tests.
package solutions

import "embed"

// FS holds this folder's files: LESSON/NAME/ with the solution, its tests, the other right programs
// and the wrong ones, and kit/, which the hidden tests import.
//
//go:embed *
var FS embed.FS
