package intake

import (
	"context"
	"path/filepath"
	"strings"

	"yunchou/internal/database"
	"yunchou/internal/intake/form"
	"yunchou/internal/org"
)

// Sample is a file nobody has said anything about: its first rows, and what stands in its columns.
type Sample struct {
	Header   []string
	Rows     [][]string
	distinct [][]string   // by column, the different texts of the whole file
	taken    map[int]bool // columns that have a target
	looks    []form.Looks
	sure     map[string]float64 // kind.target → how surely its column is it
}

// Take gives the nth column to a target, and tells whether it was free.
func (s *Sample) Take(n int) bool {
	free := !s.taken[n]
	s.taken[n] = true
	return free
}

// Values are the different texts of a column in the whole file, in the order they appear; of a
// column with very many, the first five hundred.
func (s *Sample) Values(column string) []string {
	for i, h := range s.Header {
		if column != "" && HeaderKey(h) == HeaderKey(column) && i < len(s.distinct) {
			return s.distinct[i]
		}
	}
	return nil
}

// suggest guesses what a file holds and its mapping from the header, and from values where a
// kind looks at them; the first of the mapping's files is the guess, the others are what the
// file would be as another kind. Nothing is written by it.
func (s *Service) suggest(ctx context.Context, tx database.Tx, a org.Actor, name string, file Sample) (
	m Mapping, other []FileSpec, err error,
) {
	m = Mapping{Version: 1, Source: strings.TrimSuffix(name, filepath.Ext(name)),
		Empty: form.NothingWords()}
	best, usual, most := 0, 0, -1.0
	var specs []FileSpec
	for i, k := range s.kinds() {
		file.taken = map[int]bool{}
		columns, found := k.recognise(&file)
		f := FileSpec{Match: name, Kind: k.Name, Columns: columns}
		if k.Suggest != nil {
			if err := k.Suggest(ctx, tx, a, &f, &file); err != nil {
				return m, nil, err
			}
		}
		if found > 0 {
			found += k.Weight
		}
		if k.Usual {
			usual = i
		}
		specs = append(specs, f)
		if found > most {
			best, most = i, found
		}
	}
	if most <= 0 {
		best = usual
	}
	m.Files = []FileSpec{specs[best]}
	return m, append(specs[:best:best], specs[best+1:]...), nil
}
