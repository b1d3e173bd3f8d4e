// Package exercises holds the starters of the course's exercises.
package exercises

import "embed"

// FS holds this folder's files: LESSON/NAME/NAME.go.
//
//go:embed *
var FS embed.FS
