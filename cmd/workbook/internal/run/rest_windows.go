package run

import "os"

// rest returns nothing: the channels are files there.
func rest(*os.File, int) []byte { return nil }
