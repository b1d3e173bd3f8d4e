package explain

import "workbook/cmd/workbook/internal/verdict"

// texts say what each class means, in 80 to 160 words.
var texts = map[verdict.Class]Text{
	verdict.Race: {
		Title:  "Data race",
		Hint:   "Find what both goroutines use, and let one lock, one atomic or one owner order every access to it.",
		Lesson: secRaces,
		Text: `
Two goroutines used the same variable, at least one of them wrote, and nothing said which comes first. That is a data race, and it
is a mistake even where the printed result was right: the compiler and the processor may reorder what no lock, channel or atomic
orders, so another machine, another version or a busier day can show a value that no line of your program ever stored.

The detector reports only what it saw happen; it never guesses. Look at the two lines it names and ask what would make one of them
wait for the other. A mutex does it if both lines hold the same one. A channel does it if one line comes before a send and the other
after the receive. Waiting with a WaitGroup does it. Time does not: a sleep orders nothing.`,
	},
	verdict.Deadlock: {
		Title:  "Deadlock",
		Hint:   "Ask of every goroutine that waits: who was to wake it, and what does that one wait for?",
		Lesson: secDeadlock,
		Text: `
Every goroutine that could go on is waiting for another one, and none is left that could wake the first. The program is not slow: it
would stand there for ever.

Read the list of who waits where. Start with any of them and ask who was to wake it: the goroutine that holds the lock, that has to
receive, to send, to close or to call Done. Then ask what that one waits for. Either you come back to where you began, which is a
cycle, and one of its members has to let go or ask in another order; or you come to somebody who has ended, or was never started,
and that is the piece that is missing. Common cases: two locks taken in opposite order, a lock taken twice, a send with nobody to
receive, a range over a channel that nobody closes.`,
	},
	verdict.Leak: {
		Title:  "Goroutine leak",
		Hint:   "Give every goroutine a way to end: a buffer with room, a close, or a done channel in its select.",
		Lesson: secLeaks,
		Text: `
The test had its answer, but goroutines that your code started were still blocked, and nobody was left who could wake them. They keep
their stacks, and all that those refer to, until the program ends; a server that leaks one for each request dies of it after days.

A goroutine cannot be stopped from outside. Whoever starts one has to know how it ends. Look at the blocked line: a send needs a
receiver for each value, also when the caller has lost interest and returned early; a receive needs a sender or a close; range over
a channel ends only with a close. Where the other side may leave, give the goroutine a second way out: a buffer large enough for
all it will ever send, or a select with a done channel or a context.`,
	},
	verdict.Panic: {
		Title:  "The program crashed",
		Hint:   "Begin at the line that panicked and ask which value there was not what you expected.",
		Lesson: secPanics,
		Text: `
A panic in any goroutine ends the whole program, whichever goroutine it happens in; a recover in the function that started the
goroutine does not help, since a recover works only in the goroutine that panics. Some mistakes of concurrent programs are even fatal
errors that nothing can recover from: writing to a map from two goroutines, unlocking a mutex that is not locked.

Read the text first: it says what was tried. Then look at the line, and ask which of its values was not what you thought, and whether
another goroutine can have changed it between your check and this line. A check and an act that depends on it are two steps unless one
lock is held over both. Sending on or closing a closed channel nearly always means that the wrong side closes it.`,
	},
	verdict.Wrong: {
		Title:  "Wrong answer",
		Hint:   "Ask what another goroutine can do between any two of your steps.",
		Lesson: secAtomicity,
		Text: `
The program ran to its end without a race, a crash or a deadlock, but it did not do what the task asks. The sentence above names the
property that broke, with the values that were seen.

If a single goroutine is enough to show it, it is an ordinary mistake: go through the case by hand. If it needs several, look for
steps that belong together and can be torn apart. Every lock and every atomic makes one step indivisible, not two: reading a value,
deciding, and then writing are three steps, and another goroutine can come in between with a step of its own. Then the decision rests
on something that is no longer true. Write down the two goroutines' steps in two columns and look for an order that gives the wrong
value; there is always one.`,
	},
	verdict.Timeout: {
		Title:  "The test did not end in time",
		Hint:   "Look for a loop that never ends, or a wait for something that never happens.",
		Lesson: secDeadlock,
		Text: `
The test was still going when its time was up. Hidden tests here take milliseconds, so this is not about speed: something never ends.

If a goroutine of yours was still running, it is in a loop whose condition never becomes true. A loop that asks again and again
whether another goroutine has finished is such a one: without a lock or an atomic the new value may never be seen, and with one it
still burns a processor that the other goroutine could use. Wait on a channel, a WaitGroup or a condition instead. If all your
goroutines were blocked, it is a deadlock: ask of each who was to wake it. If they were asleep, a sleep stands where a wait for an
event should stand; sleeping is never a way of waiting for another goroutine.`,
	},
	verdict.NotConcurrent: {
		Title:  "Nothing ran at the same time",
		Hint:   "Look for a lock held during the whole work, or for a wait directly after the start of each goroutine.",
		Lesson: secOverlap,
		Text: `
The answers are right, but the work was done one piece after another where the task asks for pieces that overlap. The tests measure no
time: they let every piece wait until others have begun, or count how many are under way at once.

Three mistakes cause nearly all of these. Work is started in a loop that also waits for it, so the second piece begins when the first has
ended. A lock is held around the whole work and not only around the shared variable, so only one goroutine at a time gets through. Or
there are fewer goroutines than pieces, and one of them waits for another. Keep the slow part outside the lock, start all goroutines
before you wait for the first, and collect the results afterwards.`,
	},
	verdict.Build: {
		Title:  "The program does not compile",
		Hint:   "Mend the first message first: later ones are often only its consequences.",
		Lesson: "",
		Text: `
The compiler could not make a program of your file, so nothing was run. Its messages are exact, if short: each begins with the line it
is about. Begin with the first one, since the later ones are often only consequences of it, and save again; the answer comes in a
moment.

Some rules of Go surprise people who come from other languages. A variable or an import that is not used is an error, not a warning.
Numbers of different types are never converted by themselves. The sign := declares a new variable, which may hide one of the same name
outside; = changes the one that is there. Names that begin with a capital letter are seen by other packages, the others are not: the
tests use your exported names, so keep their spelling and their parameters.`,
	},
	verdict.Policy: {
		Title:  "The program uses something that the task rules out",
		Hint:   "Read the task again: it says which packages and statements may be used.",
		Lesson: "",
		Text: `
Your program may well work, but it uses a package or a piece of the language that this task takes away. Nothing was run.

The restriction is the point of the exercise. Whoever has to build a semaphore from a channel learns what a semaphore is, and that is
lost when the standard library brings one along; whoever must do without a mutex has to find the one step that can be made indivisible.
Some things are refused in every exercise, since they would work around the tests or around the language: compiler directives, unsafe,
assembly, starting other programs. Look at the line that is named, and at the task's list of what is allowed, and look for the simplest
way with that alone. The hints lead there step by step.`,
	},
	verdict.Tampered: {
		Title:  "The test's evidence was interfered with",
		Hint:   "Take out whatever ends the program, or writes to files and descriptors that are not yours.",
		Lesson: "",
		Text: `
The program came to its end, but the hidden tests could not report what they saw, or what arrived was not theirs. A result that
cannot be trusted does not count, whichever way it points.

Mostly there is an honest reason. A call of os.Exit in a function that the tests use ends the test as well; so does log.Fatal, which
calls it. Closing or writing to file descriptors that the program did not open, replacing os.Stdout, or changing settings of the
runtime for the whole process can have the same effect. Return errors to the caller and leave it to main what becomes of the program.
If you wanted to see how well the grader is guarded: a careful report is welcome, but the exercise remains to be solved.`,
	},
	verdict.Fault: {
		Title:  "The workbook could not do its job",
		Hint:   "Run workbook doctor: it looks for what is missing on this machine and says how to mend it.",
		Lesson: "",
		Text: `
This is not about your program: something on the workbook's side went wrong before there could be a verdict, so nothing is recorded and
nothing is held against you. Your file is as you saved it.

The usual causes lie in the machine. The Go toolchain may be missing, too old, or unable to find a C compiler, which the race detector
needs. The disk may be full, or the cache folder not writable. A machine with very little memory can end the test's process from
outside. The command workbook doctor checks each of these and prints, line by line, what is in order and which command mends what is
not. Grade again afterwards; if the same answer comes back, the message above is what to put in a report.`,
	},
}
