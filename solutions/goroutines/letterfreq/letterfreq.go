// Package letterfreq counts how often each letter occurs.
package letterfreq

import "sync"

// FreqMap says how often each rune occurs.
type FreqMap map[rune]int

// Frequency counts the runes of a text.
func Frequency(text string) FreqMap {
	freq := FreqMap{}
	for _, r := range text {
		freq[r]++
	}
	return freq
}

// ConcurrentFrequency counts the runes of all the texts, several texts at the same time.
func ConcurrentFrequency(texts []string) FreqMap {
	// Goroutine i writes element i and nothing else. The map behind it is made by Frequency, in the
	// same goroutine, so nobody else has it before Wait returns.
	parts := make([]FreqMap, len(texts))
	var wg sync.WaitGroup
	for i, text := range texts {
		wg.Go(func() { parts[i] = Frequency(text) })
	}
	wg.Wait()
	// From here on there is one goroutine again. Putting the parts together is little work: a text
	// may have millions of runes, but there are few different ones.
	sum := FreqMap{}
	for _, part := range parts {
		for r, n := range part {
			sum[r] += n
		}
	}
	return sum
}
