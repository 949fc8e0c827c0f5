package upgrade

import (
	"encoding/json"
	"slices"
	"time"

	"yunchou/internal/calendar"
)

// Company is what of a company a rebuilding needs: its zone, today there, and its seats.
type Company struct {
	ID, Currency string
	Zone         *time.Location
	Today        calendar.Date
	Baseline     int64
	Holdings     []Holding        // by the day they began
	Transfers    []Transfer       // in the order they were written
	Rates        map[string]int64 // in force today, by currency
}

// Transfer is a member who goes from one team to another from a day on.
type Transfer struct {
	MemberID, Before, After string
	On                      calendar.Date
	Seq                     int64
}

// Holding is a member in a seat of a team.
type Holding struct {
	ID, SeatID, MemberID, TeamID, PositionID string
	Main                                     bool
	From, To                                 calendar.Date
}

// Seat is the team and position of a member's main seat on a day, "" where there is none.
func (c Company) Seat(member string, on calendar.Date) (team, position string) {
	var best *Holding
	for i := range c.Holdings {
		h := &c.Holdings[i]
		in := h.MemberID == member && h.From <= on && (h.To == "" || on < h.To)
		if in && (best == nil || h.Main && !best.Main) {
			best = h
		}
	}
	if best == nil {
		return "", ""
	}
	return best.TeamID, best.PositionID
}

// Day is the day of an instant as stored in the company's zone.
func (c Company) Day(at string) calendar.Date {
	t, err := time.Parse(time.RFC3339, at)
	if err != nil {
		return ""
	}
	return calendar.DateOf(t, c.Zone)
}

// Organisation is what else is dated in a company: what there is, and what its journal
// says.
type Organisation struct {
	Rates    []Rate
	Years    []int64
	Versions []string
	Parents  []Place // teams in the tree
	Seats    []Place // members in seats
	Teams    []string
	Entries  []Entry // oldest first
}

// Rate is an exchange rate from a day on.
type Rate struct {
	Currency string        `json:"currency"`
	From     calendar.Date `json:"from"`
	Rate     int64         `json:"rate"`
	Seq      int64         `json:"-"`
}

// Place is a team or a member somewhere for an interval.
type Place struct {
	ID, Of   string // the team's or member's id
	From, To calendar.Date
}

// OrganisationFacts are the numbers of the entries that wrote each row, and the rows that
// were overwritten.
type OrganisationFacts struct {
	Rates    []Rate // with their seq; more than there were, where one was stated twice
	Years    map[int64]int64
	Versions map[string]int64
	Parents  []PlaceFacts
	Seats    []PlaceFacts
	Teams    map[string]int64
	Choices  int64 // of what the company chose
}

// PlaceFacts is the number of the entry that wrote a row. Where its end was written later,
// Before is the number it had without: that row is written beside it, ended by Seq.
type PlaceFacts struct {
	ID          string
	Seq, Before int64
}

// Facts finds the entries of what is dated in a company.
func (o Organisation) Facts(c Company) (OrganisationFacts, error) {
	f := OrganisationFacts{Years: map[int64]int64{}, Versions: map[string]int64{}, Teams: map[string]int64{}, Choices: c.Baseline}
	for _, id := range o.Versions {
		f.Versions[id] = c.Baseline
	}
	for _, id := range o.Teams {
		f.Teams[id] = c.Baseline
	}
	for _, y := range o.Years {
		f.Years[y] = c.Baseline
	}
	for _, e := range o.Entries {
		var p struct {
			VersionID string `json:"versionId"`
			Year      int64  `json:"year"`
			Rate
		}
		if err := json.Unmarshal(e.Payload, &p); err != nil {
			return f, err
		}
		switch e.Kind {
		case "company.rate_set":
			p.Rate.Seq = e.Seq
			f.Rates = append(f.Rates, p.Rate)
		case "company.holidays_loaded":
			known(f.Years, p.Year, e.Seq)
		case "pipeline.published":
			known(f.Versions, p.VersionID, e.Seq)
		case "team.added":
			known(f.Teams, e.SubjectID, e.Seq)
		}
	}
	for _, r := range o.Rates {
		last := Rate{}
		for _, x := range f.Rates {
			if x.Currency == r.Currency && x.From == r.From {
				last = x
			}
		}
		if last.Rate != r.Rate {
			r.Seq = c.Baseline
			f.Rates = append(f.Rates, r)
		}
	}
	// A team's place is ended by its next: nothing is written when it ends.
	f.Parents = places(o.Parents, o.Entries, c.Baseline, []string{"team.added", "team.moved"}, nil)
	f.Seats = places(o.Seats, o.Entries, c.Baseline, []string{"member.added", "member.transferred"}, []string{"member.transferred", "member.left"})
	return f, nil
}

// known sets the number of what there is.
func known[K comparable](m map[K]int64, key K, seq int64) {
	if _, ok := m[key]; ok {
		m[key] = seq
	}
}

// places finds the entries that began each interval and ended it.
func places(list []Place, entries []Entry, baseline int64, begin, end []string) []PlaceFacts {
	out := make([]PlaceFacts, len(list))
	for i, p := range list {
		began, ended := baseline, int64(0)
		for _, e := range entries {
			switch {
			case e.SubjectID != p.Of:
			case slices.Contains(begin, e.Kind) && e.On == p.From && began == baseline:
				began = e.Seq
			case slices.Contains(end, e.Kind) && p.To != "" && e.On == p.To:
				ended = e.Seq
			}
		}
		out[i] = PlaceFacts{ID: p.ID, Seq: began}
		if ended > began {
			out[i] = PlaceFacts{ID: p.ID, Seq: ended, Before: began}
		}
	}
	return out
}
