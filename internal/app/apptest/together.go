package apptest

import (
	"sync"

	"yunchou/internal/fault"
)

// AtOnce runs what each of n does, all at the same time, and returns how they were answered,
// by the codes of their faults; "" is well.
func AtOnce(n int, each func(i int) error) (codes map[string]int) {
	errs := make([]error, n)
	var wg sync.WaitGroup
	for i := range n {
		wg.Go(func() { errs[i] = each(i) })
	}
	wg.Wait()
	codes = map[string]int{}
	for _, err := range errs {
		codes[fault.CodeOf(err)]++
	}
	return codes
}
