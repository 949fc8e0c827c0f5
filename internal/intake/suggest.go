package intake

import (
	"context"
	"strings"

	"yunchou/internal/database"
	"yunchou/internal/intake/form"
	"yunchou/internal/org"
	"yunchou/internal/text"
)

// Sample is the head of a file nobody has said anything about.
type Sample struct {
	Header []string
	Rows   [][]string
	taken  map[int]bool // columns that have a target
	looks  []form.Looks
	sure   map[string]float64 // kind.target → how surely its column is it
}

// Take gives the nth column to a target, and tells whether it was free.
func (s *Sample) Take(n int) bool {
	free := !s.taken[n]
	s.taken[n] = true
	return free
}

// Values are the different texts of a column, in the order they appear.
func (s *Sample) Values(column string) []string {
	seen := map[string]bool{}
	var out []string
	for i, h := range s.Header {
		if column == "" || HeaderKey(h) != HeaderKey(column) {
			continue
		}
		for _, r := range s.Rows {
			if i < len(r) {
				if text := text.Fold(r[i]); text != "" && !seen[text] {
					seen[text] = true
					out = append(out, text)
				}
			}
		}
	}
	return out
}

// suggest guesses what a file holds and its mapping from the header, and from values where a
// kind looks at them; the first of the mapping's files is the guess, the others are what the
// file would be as another kind. Nothing is written by it.
func (s *Service) suggest(ctx context.Context, tx database.Tx, a org.Actor, name string, file Sample) (
	m Mapping, other []FileSpec, err error,
) {
	m = Mapping{Version: 1, Source: strings.TrimSuffix(strings.TrimSuffix(name, ".csv"), ".xlsx"),
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
