package main

type message struct{ text string }

var last message

func first[T any](c chan T) T { return <-c }

func serve(in <-chan message, out chan<- int, quit chan struct{}) (n int) {
	defer close(out)
loop:
	for {
		select {
		case m, ok := <-in:
			if !ok {
				break loop
			}
			n += len(m.text)
		case last = <-in:
		case out <- n + 1:
		case <-quit:
			return
		default:
			continue loop
		}
	}
	for m := range in {
		last = m
	}
	for range quit {
	}
	for last = range in {
	}
	v, ok := <-in
	last = <-in
	var w, open = <-in
	_, _, _ = v, ok, w
	if open && len(in) < cap(in) {
		out <- len(last.text)
	}
	select {}
}

func main() {
	type local struct{ c chan int }
	c, d := make(chan int), make(chan message, 2)
	l := make(chan local, 1)
	l <- local{c}
	go serve(d, (<-l).c, nil)
	d <- message{"a"}
	d <- last
	println(first(c))
	close(d)
}
