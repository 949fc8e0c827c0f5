package org

import (
	"cmp"
	"slices"
	"strings"

	"yunchou/internal/pinyin"
	"yunchou/internal/text"
)

// Best are the company's people a text finds, the best first and those who are there before those who
// left, and how many there are.
func (s *Service) Best(a Actor, query string, most int) (out []Member, count int64, err error) {
	if err := a.Need(OrgRead); err != nil {
		return nil, 0, err
	}
	type found struct {
		Member
		rank pinyin.Rank
		gone bool
	}
	var all []found
	m := pinyin.NewMatcher(query)
	for _, member := range a.Structure.Members {
		if rank := m.Rank(text.Plain(member.Name)); rank > pinyin.Not {
			all = append(all, found{member, rank, a.Structure.Gone(member.ID, a.Today)})
		}
	}
	slices.SortFunc(all, func(x, y found) int {
		gone := 0
		if x.gone != y.gone {
			if gone = -1; x.gone {
				gone = 1
			}
		}
		return cmp.Or(gone, -cmp.Compare(x.rank, y.rank), strings.Compare(x.Pinyin, y.Pinyin), strings.Compare(x.ID, y.ID))
	})
	for _, f := range all[:min(len(all), most)] {
		out = append(out, f.Member)
	}
	return out, int64(len(all)), nil
}
