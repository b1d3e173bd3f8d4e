// Package teller is a bank with one account, which one goroutine keeps.
package teller

var (
	paidIn = make(chan int) // amounts for the teller to add
	looks  = make(chan int) // on which the teller hands out the balance
)

func init() {
	go teller()
}

// teller answers one request after another.
func teller() {
	balance := 0 // confined: no other goroutine reads or writes it
	for {
		select {
		case amount := <-paidIn:
			balance += amount
		case looks <- balance:
		}
	}
}

// Deposit adds amount, which is 0 or more.
func Deposit(amount int) { paidIn <- amount }

// Balance returns what is in the account.
func Balance() int { return <-looks }

// TODO: The balance is confined, no lock is missing, and yet two goroutines can both get the last 10.

// Withdraw takes amount out and returns true, or changes nothing and returns false if there is less.
func Withdraw(amount int) bool {
	if Balance() < amount {
		return false
	}
	paidIn <- -amount
	return true
}
