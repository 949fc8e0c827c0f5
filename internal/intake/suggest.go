package intake

import (
	"context"
	"sort"
	"strings"

	"yunchou/internal/database"
	"yunchou/internal/org"
	"yunchou/internal/text"
)

// Sample is the head of a file nobody has said anything about.
type Sample struct {
	Header []string
	Rows   [][]string
	taken  map[int]bool // columns that have a target
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

// match finds the columns of a file of a kind, and tells how many it found; 0
// where one that is required is not there.
func (k Kind) match(s *Sample) (columns map[string]Cell, found int) {
	columns = map[string]Cell{}
	wanted := make([]Target, 0, len(k.Targets))
	for _, t := range k.Targets {
		if len(t.Columns) > 0 {
			wanted = append(wanted, t)
		}
	}
	sort.Slice(wanted, func(i, j int) bool { return wanted[i].Name < wanted[j].Name })
	for _, t := range wanted {
		if i := s.columnOf(t.Columns); i >= 0 && s.Take(i) {
			columns[t.Name] = Cell{Column: strings.TrimSpace(s.Header[i])}
		}
	}
	for _, t := range k.Targets {
		if _, ok := columns[t.Name]; t.Required && !ok {
			return columns, 0
		}
	}
	return columns, len(columns)
}

// columnOf returns the place of the first name that is a free column, -1 for none.
func (s *Sample) columnOf(names []string) int {
	for _, n := range names {
		for i, h := range s.Header {
			if key := HeaderKey(h); !s.taken[i] && (key == n || strings.ReplaceAll(key, "_", " ") == n) {
				return i
			}
		}
	}
	return -1
}

// suggest guesses what a file holds and its mapping from the header, and from values where a
// kind looks at them; the first of the mapping's files is the guess, the others are what the
// file would be as another kind. Nothing is written by it.
func (s *Service) suggest(ctx context.Context, tx database.Tx, a org.Actor, name string, file Sample) (
	m Mapping, other []FileSpec, err error,
) {
	m = Mapping{Version: 1, Source: strings.TrimSuffix(strings.TrimSuffix(name, ".csv"), ".xlsx"),
		Empty: []string{"None", "NaT", "Select", "N/A", "-"}}
	best, usual, most := 0, 0, -1
	var specs []FileSpec
	for i, k := range s.kinds() {
		file.taken = map[int]bool{}
		columns, found := k.match(&file)
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
