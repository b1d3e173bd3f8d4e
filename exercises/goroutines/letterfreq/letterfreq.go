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

// TODO: All goroutines write to one map. Let each have its own, and put them together.

// ConcurrentFrequency counts the runes of all the texts, several texts at the same time.
func ConcurrentFrequency(texts []string) FreqMap {
	freq := FreqMap{}
	var wg sync.WaitGroup
	for _, text := range texts {
		wg.Go(func() {
			for _, r := range text {
				freq[r]++
			}
		})
	}
	wg.Wait()
	return freq
}
