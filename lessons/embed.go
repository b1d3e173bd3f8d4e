// Package lessons holds the course's lessons.
package lessons

import "embed"

// FS holds this folder's files: NUMBER-SLUG.md and the images that they show.
//
//go:embed *
var FS embed.FS
