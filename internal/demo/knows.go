package demo

import (
	"context"

	"yunchou/internal/calendar"
	"yunchou/internal/change"
	"yunchou/internal/org"
	"yunchou/internal/tie"
)

var schools = []string{"东南大学", "华中科技大学", "西安交通大学", "哈尔滨工业大学", "合肥工业大学", "湖南大学", "燕山大学", "江苏大学", "太原理工大学"}

// classmates has who follows, in the story the first screen tells, have been at school with the head one tries it out as,
// and at the competitor of the deal afterwards: the head said so of himself long before, the seller hears it with the news.
func (c *changer) classmates(d deal, told *change.Change, day calendar.Date) {
	at := tie.Past{Name: schools[0], FromYear: 2006, ToYear: 2010}
	c.gives(c.tries, c.workday(c.today.Add(-180)), at)
	c.on(day, 445, d.owner.id, func(ctx context.Context, a org.Actor) error {
		school := at
		school.Kind, school.Source, school.Purpose = tie.School, "public", "首次拜访前了解"
		worked := tie.Past{Kind: tie.Employer, Name: d.rival, FromYear: 2010, ToYear: 2019, Source: "colleague", Purpose: school.Purpose}
		_, err := c.Ties.SetBackground(ctx, a, told.SuccessorID, []tie.Past{school, worked})
		return err
	})
}

// gives has a member say where he learnt.
func (c *changer) gives(member string, day calendar.Date, list ...tie.Past) {
	c.on(day, 200, member, func(ctx context.Context, a org.Actor) error {
		_, err := c.Ties.Give(ctx, a, tie.Mine{Schools: list})
		return err
	})
}

// knows has every third seller say where he learnt, never at the school of the story, and of some people of open deals where they did; a few sellers tell
// whom they know from before.
func (c *changer) knows(deals []deal) {
	learnt := func() tie.Past {
		from := 1998 + c.r.IntN(18)
		return tie.Past{Name: one(c.r, schools[1:]), FromYear: from, ToYear: from + 4}
	}
	for i, s := range c.sellers {
		if i%3 == 1 {
			c.gives(s.id, c.workday(c.today.Add(-170+i)), learnt())
		}
	}
	told, noted := map[string]bool{}, map[string]bool{}
	kinds := []string{tie.ExColleague, tie.Hometown, tie.Ally}
	for _, d := range deals {
		p := d.known[len(d.known)-1]
		if !d.open() || told[p.ID] || d.heard(p.ID) <= d.begun {
			continue
		}
		told[p.ID] = true
		school, day := learnt(), d.heard(p.ID)
		school.Kind, school.Source, school.Purpose = tie.School, one(c.r, []string{"self", "card", "colleague"}), "拜访时聊到"
		if len(told)%3 == 0 {
			c.on(day, 80, d.owner.id, func(ctx context.Context, a org.Actor) error {
				_, err := c.Ties.SetBackground(ctx, a, p.ID, []tie.Past{school})
				return err
			})
		}
		if kind := kinds[len(noted)%len(kinds)]; len(noted) < 9 && !noted[d.owner.id] && len(told)%4 == 1 {
			noted[d.owner.id] = true
			visibility := []string{tie.Askable, tie.Shown}[len(noted)%2]
			c.on(day, 85, d.owner.id, func(ctx context.Context, a org.Actor) error {
				_, err := c.Ties.Note(ctx, a, tie.Tie{ContactID: p.ID, Kind: kind, Strength: 2, Visibility: visibility})
				return err
			})
		}
	}
}
