package intake

import (
	"crypto/sha256"

	"github.com/google/uuid"
)

// Index finds the records a run knows by what files call them: an id in their source, a name. It
// keeps no text, since a run has as many as its file has rows: some 50 bytes a record, where a map
// of texts takes 200. The zero value and nil know none.
type Index struct {
	at  map[sum]uint32 // where the id is
	ids []uuid.UUID    // one that is told again and again, as by a dry run, is here once
	odd map[sum]string // ids that are no UUIDs
}

// sum stands for a text. Of two texts that differ it is not the same, by any chance worth a word.
type sum [16]byte

func sumOf(text string) sum {
	s := sha256.Sum256([]byte(text))
	return sum(s[:])
}

// IndexOf takes over what a read found.
func IndexOf(known map[string]string) *Index {
	x := &Index{at: make(map[sum]uint32, len(known)), ids: make([]uuid.UUID, 0, len(known))}
	for text, id := range known {
		x.Set(text, id)
	}
	return x
}

// Get tells the id of a record, "" where none is called so.
func (x *Index) Get(text string) string {
	if x == nil {
		return ""
	}
	key := sumOf(text)
	n, ok := x.at[key]
	if !ok {
		return x.odd[key]
	}
	return x.ids[n].String()
}

// Set has a record be found by what it is called.
func (x *Index) Set(text, id string) {
	key := sumOf(text)
	u, err := uuid.Parse(id)
	if err != nil || u.String() != id {
		if x.odd == nil {
			x.odd = map[sum]string{}
		}
		x.odd[key] = id
		delete(x.at, key)
		return
	}
	if x.at == nil {
		x.at = map[sum]uint32{}
	}
	if last := len(x.ids) - 1; last < 0 || x.ids[last] != u {
		x.ids = append(x.ids, u)
	}
	x.at[key] = uint32(len(x.ids) - 1)
	delete(x.odd, key)
}
