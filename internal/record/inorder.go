package record

// InOrder are the records of some ids that are there, in the order of the ids.
func InOrder[T any](ids []string, byID map[string]T) (out []T) {
	for _, id := range ids {
		if x, there := byID[id]; there {
			out = append(out, x)
		}
	}
	return out
}
