package truth

// Seat is a post of a member in a team, from a day to another ("" has no end).
type Seat struct {
	Member, Team string
	Main         bool
	From, To     Date
}

// AddTeam tells of a team under another from a day on; the root hangs under "".
func (c *Company) AddTeam(at Act, team, parent string, from Date) {
	c.teams = append(c.teams, team)
	c.MoveTeam(at, team, parent, from)
}

// MoveTeam hangs a team under another from a day on.
func (c *Company) MoveTeam(at Act, team, parent string, from Date) {
	rows := c.parents[team]
	put(&rows, at, from, parent)
	c.parents[team] = rows
}

// Sit gives a member a post from a day on.
func (c *Company) Sit(member, team string, main bool, from Date) {
	c.seats = append(c.seats, Seat{Member: member, Team: team, Main: main, From: from})
}

// Rise ends a member's posts of a day on; with main only the main one.
func (c *Company) Rise(member string, main bool, on Date) {
	for i := range c.seats {
		if s := &c.seats[i]; s.Member == member && s.To == "" && (!main || s.Main) {
			s.To = on
		}
	}
}

// mainTeam is the team of a member's main post on a day, or of his only one.
func (c *Company) mainTeam(member string, on Date) string {
	var found Seat
	for _, s := range c.seats {
		holds := s.From <= on && (s.To == "" || on < s.To)
		if s.Member == member && holds && (found.Member == "" || s.Main && !found.Main) {
			found = s
		}
	}
	return found.Team
}

// own makes a member the owner from a day on, in the team of his main post of that day.
func (c *Company) own(d *Deal, at Act, on Date, member string) {
	put(&d.owners, at, on, Owner{Member: member, Team: c.mainTeam(member, on)})
	c.foresee(d, at)
}

// foresee writes what is announced already: the owner's coming team, from its day.
func (c *Company) foresee(d *Deal, at Act) {
	owner, ok := last(d.owners, Moment{at.Day, at.Seq})
	if !ok || owner.Set {
		return
	}
	for _, s := range c.seats {
		if s.Member == owner.Member && s.Main && s.From > at.Day {
			end(d.owners, at, func(r Dated[Owner]) bool { return r.Day == s.From })
			put(&d.owners, at, s.From, Owner{Member: s.Member, Team: s.Team})
		}
	}
}

// HandOver tells of an open or closed record given to another from today on. A share that
// was wholly the old owner's follows while the record is open.
func (c *Company) HandOver(at Act, id, to string) {
	d := c.deal(id)
	today := Moment{at.Day, at.Seq}
	was, _ := last(d.owners, today)
	end(d.owners, at, func(r Dated[Owner]) bool { return r.Day > at.Day }) // what was announced of the old owner
	c.own(d, at, at.Day, to)
	shares, _ := last(d.shares, today)
	if d.now(at).State == Open && len(shares) == 1 && shares[0].Member == was.Member {
		put(&d.shares, at, at.Day, []Share{{to, shares[0].Kind, shares[0].BP}})
	}
}

// SetTeam tells that a record belongs to another of its owner's teams from today on.
func (c *Company) SetTeam(at Act, id, team string) {
	d := c.deal(id)
	owner, _ := last(d.owners, Moment{at.Day, at.Seq})
	end(d.owners, at, func(r Dated[Owner]) bool { return r.Day > at.Day })
	put(&d.owners, at, at.Day, Owner{Member: owner.Member, Team: team, Set: true})
}

// Transfer tells that a member's main post is in another team from a day on, past or
// coming. His open records go with him from that day, or from the day they became his.
func (c *Company) Transfer(at Act, member, team string, from Date) {
	c.sitInstead(member, team, from)
	for _, d := range c.deals {
		owner, _ := last(d.owners, Moment{at.Day, at.Seq})
		if owner.Member != member || owner.Set || d.now(at).State != Open {
			continue
		}
		day := from
		for _, r := range d.owners {
			if (Moment{at.Day, at.Seq}).Counts(r.Known) && r.Value == owner {
				day = max(day, r.Day)
			}
		}
		put(&d.owners, at, day, Owner{Member: member, Team: team})
	}
}

// sitInstead puts a member's main post elsewhere from a day on, until the next that is
// announced, or until the post there was would have ended; one that began on the day was a
// mistake.
func (c *Company) sitInstead(member, team string, from Date) {
	seat := Seat{Member: member, Team: team, Main: true, From: from}
	var kept []Seat
	for _, s := range c.seats {
		if s.Member == member && s.Main {
			if s.From <= from && (s.To == "" || from < s.To) {
				seat.To = s.To
				s.To = from
			} else if s.From > from && (seat.To == "" || s.From < seat.To) {
				seat.To = s.From
			}
			if s.From == from {
				continue
			}
		}
		kept = append(kept, s)
	}
	c.seats = append(kept, seat)
}

// Within tells whether a team hangs in the subtree of another at a moment.
func (c *Company) Within(team, root string, m Moment) bool {
	for range 64 {
		if team == root {
			return true
		}
		above, ok := last(c.parents[team], m)
		if !ok || above == "" {
			return false
		}
		team = above
	}
	return false
}

// Subtree lists the teams under one at a moment, itself too.
func (c *Company) Subtree(root string, m Moment) map[string]bool {
	out := map[string]bool{}
	for _, t := range c.teams {
		if c.Within(t, root, m) {
			out[t] = true
		}
	}
	return out
}

// OwnerOf is who owns a record today.
func (c *Company) OwnerOf(at Act, id string) string {
	owner, _ := last(c.deal(id).owners, Moment{at.Day, at.Seq})
	return owner.Member
}

// OpenOf lists the open records of a member today.
func (c *Company) OpenOf(at Act, member string) (ids []string) {
	for _, d := range c.deals {
		gone, _ := last(d.deleted, Moment{at.Day, at.Seq})
		if c.OwnerOf(at, d.ID) == member && d.now(at).State == Open && !gone {
			ids = append(ids, d.ID)
		}
	}
	return ids
}
