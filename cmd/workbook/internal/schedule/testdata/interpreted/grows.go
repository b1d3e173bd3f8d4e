package main

import "fmt"

var total int

func main() {
	x := 1
	s := []int{1}
	{
		inner := 2
		inner++
	}
	go func() { x++ }()

	fmt.Println(x, s[0], total)
}
