package tie_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"yunchou/internal/account"
	"yunchou/internal/app/apptest"
	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
	"yunchou/internal/fault"
	"yunchou/internal/followup"
	"yunchou/internal/record"
	"yunchou/internal/tie"
)

// A small company in plain lists, and who knows whom by definitions of their own.
type plainPast struct {
	who, kind, name string
	from, to        int
}

type plainTie struct {
	holder, from, to, kind, visibility string
	avoid                              bool
}

type plainTalk struct {
	firm, by, beside, with string
}

type plain struct {
	owner   map[string]string // of a firm
	at      map[string]string // firm of a contact
	members []string
	shown   map[string]bool
	own     []plainPast // of members
	past    []plainPast // of contacts
	ties    []plainTie
	talks   []plainTalk
}

// reaches is whose firms somebody sees.
var reaches = map[string][]string{"陈露": {"陈露"}, "小李": {"小李"}, "周涛": {"周涛"}, "蒋跃": {"蒋跃", "陈露", "小李"}, "何峰": {"何峰", "周涛"}}

func (p *plain) sees(asker, firm string) bool {
	mine, some := reaches[asker]
	return !some || slices.Contains(mine, p.owner[firm])
}

func together(a, b plainPast) bool {
	for y := 1990; y <= 2030; y++ {
		if y >= a.from && y <= a.to && y >= b.from && y <= b.to {
			return true
		}
	}
	return false
}

// read tells whether an asker may read a tie.
func (t plainTie) read(asker string) bool {
	return t.holder == asker || t.visibility == tie.Shown && !t.avoid
}

// direct is who knows a contact himself: those who may be named, and those who may not.
func (p *plain) direct(asker, contact string) (named, hidden map[string]bool) {
	named, hidden = map[string]bool{}, map[string]bool{}
	avoids, metSeen := map[string]bool{}, map[string]bool{}
	for _, t := range p.ties {
		if t.to == contact && t.from == "" && t.avoid {
			avoids[t.holder] = true
		}
	}
	for _, t := range p.ties {
		if t.to != contact || t.from != "" || t.avoid || t.kind == tie.Rival {
			continue
		}
		if t.read(asker) {
			named[t.holder] = true
		} else if t.visibility == tie.Askable || t.visibility == tie.Shown {
			hidden[t.holder] = true
		}
	}
	for _, m := range p.own {
		for _, c := range p.past {
			if c.who == contact && c.kind == m.kind && c.name == m.name && together(c, m) {
				if p.shown[m.who] || m.who == asker {
					named[m.who] = true
				} else {
					hidden[m.who] = true
				}
			}
		}
	}
	for m := range avoids {
		delete(named, m)
	}
	for _, t := range p.talks {
		for _, m := range []string{t.by, t.beside} {
			if t.with != contact || m == "" {
				continue
			}
			if p.sees(asker, t.firm) {
				named[m], metSeen[m] = true, true
			} else {
				hidden[m] = true
			}
		}
	}
	for m := range hidden {
		if named[m] || avoids[m] || m == asker {
			delete(hidden, m)
		}
	}
	return named, hidden
}

// between is who knows somebody who was with a contact at a firm before, or whom a readable tie joins to him.
func (p *plain) between(asker, contact string) map[string]bool {
	out := map[string]bool{}
	for other, firm := range p.at {
		if other == contact {
			continue
		}
		joined := false
		for _, t := range p.ties {
			if t.from != "" && (t.from == other && t.to == contact || t.from == contact && t.to == other) && t.kind != tie.Rival && !t.avoid && t.read(asker) {
				joined = true
			}
		}
		for _, a := range p.past {
			for _, b := range p.past {
				if a.who == contact && b.who == other && a.kind == tie.Employer && b.kind == tie.Employer && a.name == b.name && together(a, b) {
					joined = true
				}
			}
		}
		if !joined || !p.sees(asker, firm) {
			continue
		}
		for _, t := range p.talks {
			if t.with == other && p.sees(asker, t.firm) {
				out[t.by] = true
				if t.beside != "" {
					out[t.beside] = true
				}
			}
		}
		for _, t := range p.ties {
			if t.from == "" && t.to == other && !t.avoid && t.kind != tie.Rival && t.read(asker) {
				out[t.holder] = true
			}
		}
	}
	return out
}

// answer is what an asker is told of a contact he sees: names, those at one remove, and whether there is somebody else.
func (p *plain) answer(asker, contact string) string {
	named, hidden := p.direct(asker, contact)
	var lines []string
	for m := range named {
		lines = append(lines, m)
	}
	for m := range p.between(asker, contact) {
		avoids := slices.ContainsFunc(p.ties, func(t plainTie) bool { return t.holder == m && t.to == contact && t.from == "" && t.avoid })
		if !named[m] && !avoids {
			lines = append(lines, "~"+m)
		}
	}
	if len(hidden) > 0 {
		lines = append(lines, "someone")
	}
	slices.Sort(lines)
	return strings.Join(lines, " ")
}

func pick[T any](rng *rand.Rand, list []T) T { return list[rng.IntN(len(list))] }

// TestWhoKnowsAsThePlainRuleSays: random ties, talks, backgrounds and scopes, every asker, every contact, against the
// lists; and another company is told nothing.
func TestWhoKnowsAsThePlainRuleSays(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		for seed := range uint64(12) {
			rng := rand.New(rand.NewPCG(seed, 14))
			w := &world{World: apptest.New(t, db), t: t}
			p := &plain{owner: map[string]string{}, at: map[string]string{}, shown: map[string]bool{}, members: []string{"陈露", "小李", "周涛", "蒋跃", "何峰"}}
			ids := w.fill(rng, p)
			contacts := slices.Sorted(func(yield func(string) bool) {
				for c := range p.at {
					if !yield(c) {
						return
					}
				}
			})
			stranger := w.Another()
			for _, asker := range append(slices.Clone(p.members), "总监", "管理员") {
				for _, c := range contacts {
					k, err := w.Ties.Knowers(w.Ctx, w.As(asker), tie.Question{ContactID: ids[c]})
					if !p.sees(asker, p.at[c]) {
						if fault.CodeOf(err) != "contact.unknown" {
							t.Errorf("seed %d: %s sees %s: %v", seed, asker, c, err)
						}
						continue
					}
					w.ok(err)
					var got []string
					for _, x := range k.Ways {
						switch {
						case x.Way == tie.Someone:
							if x.Kind+x.School+x.Employer+x.ThroughName+x.MemberID+string(x.MetOn) != "" || x.Met+x.Strength+x.FromYear+x.ToYear != 0 || x.Boss || x.Own {
								t.Errorf("seed %d: someone is told of: %+v", seed, x)
							}
							got = append(got, "someone")
						case x.ThroughName != "":
							got = append(got, "~"+x.MemberName)
						default:
							got = append(got, x.MemberName)
						}
					}
					slices.Sort(got)
					if want := p.answer(asker, c); strings.Join(got, " ") != want {
						t.Errorf("seed %d: %s of %s: %q, want %q", seed, asker, c, got, want)
					}
					if _, err := stranger.Ties.Knowers(w.Ctx, stranger.As("管理员"), tie.Question{ContactID: ids[c]}); fault.CodeOf(err) != "contact.unknown" {
						t.Errorf("another company: %v", err)
					}
				}
			}
		}
	})
}

// fill writes a random company into the program and the lists.
func (w *world) fill(rng *rand.Rand, p *plain) map[string]string {
	w.t.Helper()
	ids := map[string]string{}
	firms := map[string]string{}
	for i := range 6 {
		f := fmt.Sprint("某厂", i)
		p.owner[f] = pick(rng, p.members)
		firms[f] = w.firm(p.owner[f], f)
		for j := range 2 {
			c := fmt.Sprintf("张%c%d", '一'+rune(i), j)
			ids[c], p.at[c] = w.person("管理员", c, firms[f], ""), f
		}
	}
	var contacts, names []string
	for c := range p.at {
		contacts = append(contacts, c)
	}
	for f := range p.owner {
		names = append(names, f)
	}
	slices.Sort(contacts)
	slices.Sort(names)
	years := func() (int, int) { from := 2000 + rng.IntN(20); return from, from + rng.IntN(5) }
	past := func(who string) plainPast {
		from, to := years()
		return plainPast{who, pick(rng, []string{tie.School, tie.Employer}), pick(rng, []string{"甲校", "乙校", "丙所"}), from, to}
	}
	for _, m := range p.members {
		mine := tie.Mine{Visibility: pick(rng, []string{tie.Askable, tie.Shown})}
		for range rng.IntN(3) {
			x := past(m)
			p.own = append(p.own, x)
			item := tie.Past{Name: x.name, FromYear: x.from, ToYear: x.to}
			if x.kind == tie.School {
				mine.Schools = append(mine.Schools, item)
			} else {
				mine.Employers = append(mine.Employers, item)
			}
		}
		p.shown[m] = mine.Visibility == tie.Shown
		_, err := w.Ties.Give(w.Ctx, w.As(m), mine)
		w.ok(err)
	}
	for _, c := range contacts {
		var items []tie.Past
		for range rng.IntN(3) {
			x := past(c)
			p.past = append(p.past, x)
			items = append(items, tie.Past{Kind: x.kind, Name: x.name, FromYear: x.from, ToYear: x.to})
		}
		_, err := w.Ties.SetBackground(w.Ctx, w.As("管理员"), ids[c], items)
		w.ok(err)
	}
	for range 20 {
		x := plainTie{holder: pick(rng, p.members), to: pick(rng, contacts), kind: pick(rng, []string{tie.Classmate, tie.Family, tie.Rival, tie.Ally}),
			visibility: pick(rng, []string{tie.Private, tie.Askable, tie.Shown}), avoid: rng.IntN(6) == 0}
		if rng.IntN(3) == 0 {
			x.from = pick(rng, contacts)
		}
		if x.from == x.to || !p.sees(x.holder, p.at[x.to]) || x.from != "" && !p.sees(x.holder, p.at[x.from]) {
			continue
		}
		_, err := w.Ties.Note(w.Ctx, w.As(x.holder), tie.Tie{FromContactID: ids[x.from], ContactID: ids[x.to], Kind: x.kind, Visibility: x.visibility, Avoid: x.avoid})
		if fault.CodeOf(err) == "tie.there" {
			continue
		}
		w.ok(err)
		p.ties = append(p.ties, x)
	}
	for range 15 {
		f := pick(rng, names)
		x := plainTalk{firm: f, by: p.owner[f], with: pick(rng, contacts)}
		if rng.IntN(2) == 0 {
			x.beside = pick(rng, p.members)
		}
		in := followup.FollowUp{On: []record.Ref{account.Ref(firms[f])}, Channel: "visit", TwoWay: true, Words: "聊", ContactIDs: []string{ids[x.with]}}
		if x.beside != "" && x.beside != x.by {
			in.MemberIDs = []string{w.ID[x.beside]}
		}
		if !p.sees(x.by, p.at[x.with]) {
			continue
		}
		_, err := w.FollowUps.Log(w.Ctx, w.As(x.by), in, "")
		w.ok(err)
		p.talks = append(p.talks, x)
	}
	return ids
}
