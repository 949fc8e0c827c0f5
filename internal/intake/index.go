package intake

import (
	"crypto/sha256"
	"encoding/hex"
)

// Index finds the records a run knows by what files call them: an id in their source, a name. It
// keeps no text, since a run has as many as its file has rows: 50 bytes a record, where a map of
// texts takes 200. The zero value and nil know none.
type Index struct {
	of  map[sum][16]byte
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
	x := &Index{of: make(map[sum][16]byte, len(known))}
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
	n, ok := x.of[key]
	if !ok {
		return x.odd[key]
	}
	return textOf(n)
}

// Set has a record be found by what it is called.
func (x *Index) Set(text, id string) {
	key := sumOf(text)
	n, ok := numberOf(id)
	if !ok {
		if x.odd == nil {
			x.odd = map[sum]string{}
		}
		x.odd[key] = id
		delete(x.of, key)
		return
	}
	if x.of == nil {
		x.of = map[sum][16]byte{}
	}
	x.of[key] = n
	delete(x.odd, key)
}

// numberOf reads a UUID in its usual form, as textOf writes it.
func numberOf(id string) (n [16]byte, ok bool) {
	if len(id) != 36 {
		return n, false
	}
	var digits [32]byte
	copy(digits[:], id[:8])
	copy(digits[8:], id[9:13])
	copy(digits[12:], id[14:18])
	copy(digits[16:], id[19:23])
	copy(digits[20:], id[24:])
	_, err := hex.Decode(n[:], digits[:])
	return n, err == nil && textOf(n) == id
}

func textOf(n [16]byte) string {
	h := hex.EncodeToString(n[:])
	return h[:8] + "-" + h[8:12] + "-" + h[12:16] + "-" + h[16:20] + "-" + h[20:]
}
