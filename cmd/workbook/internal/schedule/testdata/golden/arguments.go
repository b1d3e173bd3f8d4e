package arguments

import "context"

type Account struct{ balance int }

type Cents int

// Deposit and Move tell what they were called with; of what is no number, string or truth value only that there
// is something.
func (a *Account) Deposit(amount Cents) { a.balance += int(amount) }

func (a *Account) Move(ctx context.Context, _ int, to *Account, amount, fee int, why string, all ...int) {
	a.balance -= amount + fee
	to.balance += amount
}

// Nothing is told of the others.
func (a *Account) Empty(amount int) {}

func (a *Account) Balance() int { return a.balance }

func Join(a, b *Account) { a.balance += b.balance }

func (a *Account) add(amount int) { a.balance += amount }

func Generic[T any](a *Account, v T) { a.balance++ }
