package truth

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

// Sit tells that a member's main post is in a team from a day on, until the next that is
// known of; "" is none any more, and what was to come does not.
func (c *Company) Sit(at Act, member, team string, from Date) {
	rows := c.posts[member]
	if team == "" {
		end(rows, at, func(r Dated[string]) bool { return r.Day > from })
	}
	put(&rows, at, from, team)
	c.posts[member] = rows
}

// mainTeam is the team of a member's main post on a day, as far as is known now.
func (c *Company) mainTeam(member string, on Date) string {
	team, _ := last(c.posts[member], Moment{on, always})
	return team
}

// satLast is a member's main team on a day, or, where he sits nowhere, the last he had.
func (c *Company) satLast(member string, on Date) string {
	best, team := Date(""), c.mainTeam(member, on)
	for _, r := range c.posts[member] {
		if before := c.mainTeam(member, r.Day); c.mainTeam(member, on) == "" && r.Day <= on && r.Day >= best && before != "" {
			best, team = r.Day, before
		}
	}
	return team
}

// Announced tells whether a post to come is known of.
func (c *Company) Announced(member string, today Date) bool { return c.nextPost(member, today) != "" }

// nextPost is the day of a member's next post after a day, "" where none is known of.
func (c *Company) nextPost(member string, after Date) (next Date) {
	for _, r := range c.posts[member] {
		if r.Ended == 0 && r.Day > after && (next == "" || r.Day < next) {
			next = r.Day
		}
	}
	return next
}

// own makes a member the owner from a day on, in the team of his main post of that day.
func (c *Company) own(d *Deal, at Act, on Date, member string) {
	put(&d.owners, at, on, Owner{Member: member, Team: c.mainTeam(member, on)})
	c.foresee(d, at)
}

// foresee writes what is announced already of an open record: the owner's coming team,
// from its day.
func (c *Company) foresee(d *Deal, at Act) {
	owner, ok := last(d.owners, Moment{at.Day, at.Seq})
	if !ok || owner.Set || d.now(at).State != Open {
		return
	}
	for day := c.nextPost(owner.Member, at.Day); day != ""; day = c.nextPost(owner.Member, day) {
		if team := c.mainTeam(owner.Member, day); team != "" { // a leaver's records stay where they are
			end(d.owners, at, func(r Dated[Owner]) bool { return r.Day == day })
			put(&d.owners, at, day, Owner{Member: owner.Member, Team: team})
		}
	}
}

// rejoin puts a record that is open again in the team its owner is in today, and tells of it
// what is announced.
func (c *Company) rejoin(d *Deal, at Act) {
	owner, _ := last(d.owners, Moment{at.Day, at.Seq})
	gone, _ := last(d.deleted, Moment{at.Day, at.Seq})
	if owner.Member == "" || gone || d.now(at).State != Open {
		return
	}
	if shares, _ := last(d.shares, Moment{at.Day, at.Seq}); len(shares) == 1 && shares[0].Member != owner.Member {
		for _, r := range d.owners { // who had it all had the record before
			if r.Ended == 0 && r.Day <= at.Day && r.Value.Member == shares[0].Member {
				put(&d.shares, at, at.Day, []Share{{owner.Member, shares[0].Kind, shares[0].BP}})
				break
			}
		}
	}
	if owner.Set {
		return
	}
	if team := c.mainTeam(owner.Member, at.Day); team != "" && team != owner.Team {
		put(&d.owners, at, at.Day, Owner{Member: owner.Member, Team: team})
	}
	c.foresee(d, at)
}

// keep leaves a record that was closed or deleted in its team: what was announced does not
// come.
func (c *Company) keep(d *Deal, at Act) {
	end(d.owners, at, func(r Dated[Owner]) bool { return r.Day > at.Day })
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

// SetTeam tells that a record belongs to another of its owner's teams from today on; in the
// main one it follows him again.
func (c *Company) SetTeam(at Act, id, team string) {
	d := c.deal(id)
	owner, _ := last(d.owners, Moment{at.Day, at.Seq})
	end(d.owners, at, func(r Dated[Owner]) bool { return r.Day > at.Day })
	put(&d.owners, at, at.Day, Owner{Member: owner.Member, Team: team, Set: team != c.mainTeam(owner.Member, at.Day)})
	c.foresee(d, at)
}

// Transfer tells that a member's main post is in another team from a day on, past or
// coming, until the next that is known of. His open records go with him from that day, or
// from the day they became his.
func (c *Company) Transfer(at Act, member, team string, from Date) {
	c.Sit(at, member, team, from)
	until := c.nextPost(member, from)
	for _, d := range c.deals {
		owner, _ := last(d.owners, Moment{at.Day, at.Seq})
		gone, _ := last(d.deleted, Moment{at.Day, at.Seq})
		if owner.Member != member || gone || d.now(at).State != Open {
			continue
		}
		day := max(from, d.since(at))
		days := []Date{day}
		for _, r := range d.owners {
			if r.Ended == 0 && r.Day > day && r.Day <= at.Day {
				days = append(days, r.Day)
			}
		}
		for _, day := range days { // but where another team was set
			held, _ := last(d.owners, Moment{day, at.Seq})
			if !held.Set && (until == "" || day < until) && (day <= at.Day || !owner.Set) {
				put(&d.owners, at, day, Owner{Member: member, Team: team})
			}
		}
	}
}

// Leave tells that a member goes on a day: he sits nowhere any more, and what was announced
// for later does not come. His records stay where they are.
func (c *Company) Leave(at Act, member string, on Date) {
	c.Sit(at, member, "", on)
	for _, d := range c.deals {
		if owner, _ := last(d.owners, Moment{at.Day, at.Seq}); owner.Member == member {
			end(d.owners, at, func(r Dated[Owner]) bool { return r.Day > max(on, at.Day) })
		}
	}
}

// since is the day from which its owner has had a record.
func (d *Deal) since(at Act) (day Date) {
	owner, _ := last(d.owners, Moment{at.Day, at.Seq})
	for _, r := range d.owners {
		if r.Ended == 0 && r.Day <= at.Day && r.Value.Member != owner.Member {
			day = max(day, r.Day)
		}
	}
	first := forever
	for _, r := range d.owners {
		if r.Ended == 0 && r.Value.Member == owner.Member && r.Day >= day {
			first = min(first, r.Day)
		}
	}
	return first
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
