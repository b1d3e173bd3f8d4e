// Package teller is a bank with one account, which one goroutine keeps.
package teller

var (
	paidIn  = make(chan int) // amounts for the teller to add
	looks   = make(chan int) // on which the teller hands out the balance
	paidOut = make(chan withdrawal)
)

// withdrawal is what the teller is asked for, and where the answer goes.
type withdrawal struct {
	amount int
	paid   chan<- bool
}

func init() {
	go teller()
}

// teller answers one request after another.
func teller() {
	balance := 0 // confined: no other goroutine reads or writes it
	for {
		// The look and the taking are in one case, so they are one request: while the teller is at it,
		// nobody else's is heard. This is all the mutual exclusion there is.
		select {
		case amount := <-paidIn:
			balance += amount
		case looks <- balance:
		case w := <-paidOut:
			enough := balance >= w.amount
			if enough {
				balance -= w.amount
			}
			w.paid <- enough
		}
	}
}

// Deposit adds amount, which is 0 or more.
func Deposit(amount int) {
	// The channel has no buffer: the teller has the amount when the send is over. That the addition
	// may come a moment later is seen by nobody, because any other request comes later still.
	paidIn <- amount
}

// Balance returns what is in the account.
func Balance() int {
	// Nor has this one. In a buffer there would be the balance as it was when it was put there.
	return <-looks
}

// Withdraw takes amount out and returns true, or changes nothing and returns false if there is less.
func Withdraw(amount int) bool {
	// Each request brings a channel of its own for the answer, which nobody else can receive. There
	// is room in it, so that the teller drops the answer and turns to the next one.
	paid := make(chan bool, 1)
	paidOut <- withdrawal{amount, paid}
	return <-paid
}
