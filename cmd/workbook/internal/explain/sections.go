package explain

// The lesson sections that findings point to, as "slug#anchor". A course that lacks one is given the
// lesson of its exercise instead: see Input.Section.
const (
	secAtomicity  = "atomicity#atomic-steps-do-not-make-an-atomic-sequence"
	secMixed      = "atomicity#what-changed-and-what-it-costs"
	secRaces      = "races#data-races"
	secMaps       = "races#maps"
	secWaiting    = "goroutines#waiting"
	secSleep      = "goroutines#sleep-is-not-waiting"
	secPanics     = "goroutines#panics"
	secClosing    = "channels#the-end-of-the-stream"
	secUnbuffered = "channels#a-place-to-meet"
	secNil        = "channels#no-channel-at-all"
	secConfine    = "confinement#nobody-else-has-it"
	secHandOver   = "confinement#handing-over"
	secRequest    = "confinement#a-goroutine-that-answers"
	secGuards     = "mutual-exclusion#what-a-lock-protects"
	secRWMutex    = "mutual-exclusion#rwmutex"
	secCopies     = "mutual-exclusion#copied-locks"
	secDeadlock   = "mutual-exclusion#deadlock"
	secUnlock     = "mutual-exclusion#unlock-on-every-path"
	secCond       = "cond-and-pool#waiting-for-a-condition"
	secLeaks      = "channels#waiting-for-nobody"
	secOverlap    = "cpus-and-parallelism#concurrent-is-not-parallel"
	secStacks     = "scheduler-and-stacks#stacks"
	secOnce       = "once#what-synconce-promises"
)
