//go:build !race

package lab

// raceEnabled: see race_on.go.
const raceEnabled = false

// leftOut is not of use here: nothing is left out.
const leftOut = ""
