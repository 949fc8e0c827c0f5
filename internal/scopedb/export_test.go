package scopedb

// Gather sets up to how many accounts are gathered, and returns what it was.
func Gather(n int) (was int) {
	was, Gathered = Gathered, n
	return was
}
