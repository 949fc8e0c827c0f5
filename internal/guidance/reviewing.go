package guidance

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"yunchou/internal/calendar"
	"yunchou/internal/conversation"
	"yunchou/internal/database"
	"yunchou/internal/fault"
	"yunchou/internal/journal"
	"yunchou/internal/org"
	"yunchou/internal/record"
	"yunchou/internal/text"
)

// Deals tells which opportunities are looked at, and what is new on them.
type Deals interface {
	// Looked are those that are open and qualified, or were until a day, and are or were some owners'; nil is everybody's.
	Looked(ctx context.Context, tx database.Tx, tenant string, owners []string, since calendar.Date) ([]Deal, error)
	// Facts is what people said of them from an instant on, in order.
	Facts(ctx context.Context, tx database.Tx, tenant string, deals []string, from time.Time) ([]Fact, error)
	// Endings is what became of some that are not deleted.
	Endings(ctx context.Context, tx database.Tx, tenant string, deals []string) (map[string]Ending, error)
}

// Faults.
var (
	errLookOwn   = fault.New(fault.Forbidden, "guidance.look_own", "one's own opportunities are not marked as looked at")
	errLookWhat  = fault.Input("/facts", "guidance.look_what", "say what was looked at")
	errNoOwner   = fault.New(fault.Rule, "guidance.look_no_owner", "it has no owner; give it to somebody first")
	errLooksMost = fault.Input("/ids", "guidance.looks_most", "at most %d at once", mostLooks).With("max", mostLooks)
)

// Bounds.
const (
	mostLooks    = 200 // marked at once
	mostLookText = 500 // characters
)

// See marks an opportunity as looked at (已阅), by whoever reads it and does not own it; of those who lead the owner
// next it counts. The same id again is answered with the first. Faults: record.unknown, record.id_taken, guidance.look_own, guidance.look_no_owner,
// guidance.look_what, input.too_long.
func (s *Service) See(ctx context.Context, a org.Actor, l Look) (Look, error) {
	l.Text, l.MemberID, l.At, l.Bulk = text.Words(l.Text), a.Effective(), a.Now, false
	slices.Sort(l.Facts)
	l.Facts = slices.Compact(l.Facts)
	switch {
	case len(l.Facts) == 0 || slices.ContainsFunc(l.Facts, func(w What) bool { return !slices.Contains(Whats, w) }):
		return l, errLookWhat
	case text.Longer(l.Text, mostLookText):
		return l, fault.Input("/text", "input.too_long", "at most %d characters", mostLookText).With("max", mostLookText)
	}
	if err := record.UseID(&l.ID, a.Now); err != nil {
		return l, err
	}
	return database.Write(ctx, s.DB, func(tx database.Tx) (Look, error) {
		if err := record.Take(ctx, tx, a.TenantID, l.ID); err != nil {
			return l, err
		}
		old, found, err := s.Rows.LookOf(ctx, tx, a.TenantID, l.ID)
		switch {
		case err != nil:
			return l, err
		case found && (old.DealID != l.DealID || old.MemberID != l.MemberID || old.Text != l.Text || !slices.Equal(old.Facts, l.Facts)):
			return l, record.ErrIDTaken
		case found:
			return old, nil
		}
		return s.look(ctx, tx, a, l)
	})
}

// SeeMany marks opportunities as seen, many at once: it says nothing of what was looked at, and counts for nothing.
// Faults: those of See, guidance.looks_most.
func (s *Service) SeeMany(ctx context.Context, a org.Actor, deals []string) (n int, err error) {
	if len(deals) == 0 || len(deals) > mostLooks {
		return 0, errLooksMost
	}
	slices.Sort(deals)
	deals = slices.Compact(deals)
	return database.Write(ctx, s.DB, func(tx database.Tx) (int, error) {
		for _, id := range deals {
			l := Look{ID: record.NewID(a.Now), DealID: id, MemberID: a.Effective(), At: a.Now, Bulk: true}
			if _, err := s.look(ctx, tx, a, l); err != nil {
				return 0, err
			}
		}
		return len(deals), nil
	})
}

// look writes a look at an opportunity the actor reads and does not own.
func (s *Service) look(ctx context.Context, tx database.Tx, a org.Actor, l Look) (Look, error) {
	on := record.Ref{Kind: record.Opportunity, ID: l.DealID}
	if err := s.Talks.MayTalk(ctx, tx, a, on); err != nil {
		return l, err
	}
	owner, err := s.Records.Whose(ctx, tx, a, on)
	switch l.OwnerID = owner; {
	case err != nil:
		return l, err
	case owner == "":
		return l, errNoOwner
	case a.Is(owner): // whoever's name stands on it
		return l, errLookOwn
	}
	l.tell(tx, a)
	return l, s.Rows.AddLook(ctx, tx, a.TenantID, l)
}

// Looks are who looked at an opportunity the actor reads, the last in front. Fault: record.unknown.
func (s *Service) Looks(ctx context.Context, a org.Actor, deal string) (out []Look, err error) {
	err = s.DB.Read(ctx, func(tx database.Tx) error {
		if err := s.Talks.MayTalk(ctx, tx, a, record.Ref{Kind: record.Opportunity, ID: deal}); err != nil {
			return err
		}
		out, err = s.Rows.Looks(ctx, tx, a.TenantID, []string{deal}, time.Time{}, mostLooks)
		slices.Reverse(out)
		return err
	})
	return out, err
}

// ToLook is an opportunity with something new that the reader is to look at by a day.
type ToLook struct {
	Deal
	Name  string
	Since time.Time // its first new fact
	News  []What
	DueOn calendar.Date // the last day
	Late  bool          // it was to be looked at in an earlier time already
}

// ToLook is what waits for the actor's look, what is due first in front; count is all of it.
func (s *Service) ToLook(ctx context.Context, a org.Actor, limit int) (out []ToLook, count int, err error) {
	err = s.DB.Read(ctx, func(tx database.Tx) error {
		rules, err := s.rules(ctx, tx, a.TenantID)
		if err != nil {
			return err
		}
		me := a.Effective()
		heads := leadersIn(a.Structure)
		deals, err := s.seen(ctx, tx, a, a.Structure.MembersUnder(a.Structure.Leads(me, a.Today), a.Today), a.Today, heads)
		if err != nil {
			return err
		}
		for _, d := range deals {
			if d.ClosedOn == "" && slices.Contains(heads.of(d.Deal, a.Today), me) {
				if x, waits := d.toLook(a, rules.CadenceOf(a, d.TeamID)); waits {
					out = append(out, x)
				}
			}
		}
		slices.SortFunc(out, func(x, y ToLook) int {
			return cmp.Or(cmp.Compare(x.DueOn, y.DueOn), x.Since.Compare(y.Since), cmp.Compare(x.ID, y.ID))
		})
		count = len(out)
		out = out[:min(limit, count)]
		return s.named(ctx, tx, a, out)
	})
	return out, count, err
}

// toLook is a deal as it waits now: by the end of this period where it waited when it began, else of the next.
func (s seen) toLook(a org.Actor, perWeek int) (ToLook, bool) {
	zone := a.Company.Zone()
	week := Monday(a.Today)
	ahead := append(periodsOf(week, perWeek), periodsOf(week.Add(7), perWeek)...)
	i := slices.IndexFunc(ahead, func(p period) bool { return a.Today < p.to })
	now := a.Now.Add(time.Millisecond)
	news := s.unseen(now, now, ahead[i].to.In(zone))
	if len(news) == 0 || s.QualifiedOn > a.Today {
		return ToLook{}, false
	}
	x := ToLook{Deal: s.Deal, Since: news[0].At, DueOn: ahead[i].to.Add(-1)}
	if !x.Since.Before(ahead[i].from.In(zone)) {
		x.DueOn = ahead[i+1].to.Add(-1)
	} else {
		last := append(periodsOf(week.Add(-7), perWeek), ahead...)[i+len(starts(perWeek))-1]
		x.Late = x.Since.Before(last.from.In(zone)) && s.QualifiedOn < last.to
	}
	for _, f := range news {
		if !slices.Contains(x.News, f.What) {
			x.News = append(x.News, f.What)
		}
	}
	return x, true
}

// named adds what the opportunities are called, and leaves out what the actor does not read.
func (s *Service) named(ctx context.Context, tx database.Tx, a org.Actor, list []ToLook) error {
	refs := make([]record.Ref, len(list))
	for i, x := range list {
		refs[i] = record.Ref{Kind: record.Opportunity, ID: x.ID}
	}
	names, err := s.Kinds.Names(ctx, tx, a, false, refs)
	for i := range list {
		list[i].Name = names[refs[i]]
	}
	return err
}

// Covered is what was looked at from a day to another, both in, by all who lead somebody and report to the actor, and
// himself; in whole weeks. Faults: calendar.bad_date, guidance.period.
func (s *Service) Covered(ctx context.Context, a org.Actor, from, to calendar.Date) (out []Coverage, err error) {
	if err := checkPeriod(from, to); err != nil {
		return nil, err
	}
	members := s.measured(a)
	owners := ledBy(a.Structure, members, Monday(from), min(to, a.Today))
	if a.Figures.All {
		owners = nil
	}
	err = s.DB.Read(ctx, func(tx database.Tx) error {
		rules, err := s.rules(ctx, tx, a.TenantID)
		if err != nil {
			return err
		}
		heads := leadersIn(a.Structure)
		deals, err := s.seen(ctx, tx, a, owners, Monday(from), heads)
		out = coverageOf(deals, from, to, func(team string) int { return rules.CadenceOf(a, team) }, heads, a.Company.Zone(), a.Now)
		return err
	})
	out = slices.DeleteFunc(out, func(c Coverage) bool { return !slices.Contains(members, c.MemberID) })
	return out, err
}

// ledBy are those whom some members lead next on a day between two.
func ledBy(st *org.Structure, members []string, from, to calendar.Date) (out []string) {
	led := map[string]bool{}
	for _, day := range st.ChangedOn(from, to) {
		heads := st.HeadsOn(day)
		for m := range st.Members {
			led[m] = led[m] || slices.ContainsFunc(heads.Next(m), func(h string) bool { return slices.Contains(members, h) })
		}
	}
	for m, is := range led {
		if is {
			out = append(out, m)
		}
	}
	slices.Sort(out)
	return out
}

// seen are the deals of owners with what is new and who looked since some days before a day. What who leads the owner
// wrote is no news to be looked at, and a look counts of who led him when he looked.
func (s *Service) seen(ctx context.Context, tx database.Tx, a org.Actor, owners []string, since calendar.Date, heads leaders) ([]seen, error) {
	from := since.Add(-within - 7)
	deals, err := s.Deals.Looked(ctx, tx, a.TenantID, owners, from)
	if err != nil || len(deals) == 0 {
		return nil, err
	}
	out, at, ids := make([]seen, len(deals)), map[string]int{}, make([]string, len(deals))
	for i, d := range deals {
		at[d.ID], ids[i], out[i] = i, d.ID, seen{Deal: d}
	}
	zone := a.Company.Zone()
	facts, err := s.Deals.Facts(ctx, tx, a.TenantID, ids, from.In(zone))
	if err != nil {
		return nil, err
	}
	for _, f := range facts {
		if i, known := at[f.DealID]; known && !slices.Contains(heads.of(out[i].Deal, calendar.DateOf(f.At, zone)), f.ByID) {
			out[i].facts = append(out[i].facts, f)
		}
	}
	looks, err := s.Rows.Looks(ctx, tx, a.TenantID, ids, from.In(zone), 0)
	if err != nil {
		return nil, err
	}
	given, err := s.Rows.GivenOn(ctx, tx, a.TenantID, record.Opportunity, from.In(zone))
	if err != nil {
		return nil, err
	}
	led := func(l Look) bool {
		i, known := at[l.DealID]
		return known && slices.Contains(heads.of(out[i].Deal, calendar.DateOf(l.At, zone)), l.MemberID)
	}
	var notes []string
	for _, l := range given {
		if led(l) {
			notes = append(notes, l.ID)
		}
	}
	named, err := journal.ForOthers(ctx, tx, a.TenantID, conversation.ThreadKind, "guidance.asked", notes)
	for _, l := range append(looks, given...) {
		if d := at[l.DealID]; led(l) && named[l.ID] != out[d].ownerOn(calendar.DateOf(l.At, zone)) {
			out[d].looks = append(out[d].looks, l)
		}
	}
	return out, err
}

// Said is the facts as they are kept.
func (l Look) Said() string {
	var words []string
	for _, w := range l.Facts {
		words = append(words, string(w))
	}
	return strings.Join(words, " ")
}

// FactsOf is the reverse of Said.
func FactsOf(said string) (out []What) {
	for _, w := range strings.Fields(said) {
		out = append(out, What(w))
	}
	return out
}
