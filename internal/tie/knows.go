package tie

import (
	"context"
	"maps"
	"slices"
	"yunchou/internal/calendar"
	"yunchou/internal/database"
	"yunchou/internal/org"
	"yunchou/internal/pinyin"
	"yunchou/internal/record"
	"yunchou/internal/text"
)

// Person is a contact as it is looked at: Seen tells whether the asker may see him.
type Person struct {
	ID, Name, Key, Reading              string
	AccountID, AccountName, Title, Gone string
	Seen                                bool
	Former                              string // employers before, of those the asker sees
}

// Who is who is asked for: ids, or a reading.
type Who struct {
	IDs     []string
	Reading string
}

// Post is where somebody worked or learnt: by the key of its name.
type Post struct {
	ContactID, Kind, Key, Name string
	Span
	Present bool // has it still
	Hidden  bool // at an account the asker does not see: nothing that is told may say so
	Title   string
}

// Talk is that a colleague spoke with somebody two-way.
type Talk struct {
	ContactID, ID, MemberID string
	On                      calendar.Date
}

// MemberPast is a past of one of us that is another's too.
type MemberPast struct {
	MemberID, Kind, Key, Name string
	Span
	Shown bool
}

type knowing interface {
	// People are those of some ids or of a reading, those in scope in front.
	People(ctx context.Context, tx database.Tx, tenant string, s org.Scope, w Who) ([]Person, error)
	// Posts are people's posts and pasts.
	Posts(ctx context.Context, tx database.Tx, tenant string, s org.Scope, people []string) ([]Post, error)
	// PostsAt are the posts and pasts at employers of some keys.
	PostsAt(ctx context.Context, tx database.Tx, tenant string, s org.Scope, keys []string) ([]Post, error)
	Talks(ctx context.Context, tx database.Tx, tenant string, people []string) ([]Talk, error)
	// SeenTalks are which of some follow-ups are in scope.
	SeenTalks(ctx context.Context, tx database.Tx, tenant string, s org.Scope, ids []string) (map[string]bool, error)
	// OurPast are members' schools and employers of some keys.
	OurPast(ctx context.Context, tx database.Tx, tenant string, keys []string) ([]MemberPast, error)
	// Predecessors are whom people follow who are there still, with what they think of us, by the person who follows.
	Predecessors(ctx context.Context, tx database.Tx, tenant string, s org.Scope, people []string) (map[string][]Before, error)
}

// Before is a predecessor.
type Before struct {
	ContactID string
	Attitude  int
}

// Known is the answer: people of the name, and ways to them, the nearest first.
type Known struct {
	Contacts []Person
	Ways     []Way
	More     int
}

// Bounds of one question. Chosen: an answer is read by a person.
const (
	MostPeople = 50
	mostWays   = 20
)

// Question is whom is asked for: a contact, or a name with a former firm.
type Question struct{ ContactID, Name, Former string }

// Knowers answers who of us knows a contact the actor sees. Fault: contact.unknown.
func (s *Service) Knowers(ctx context.Context, a org.Actor, q Question) (out Known, err error) {
	if err := a.Need(org.AccountRead); err != nil {
		return out, err
	}
	err = s.DB.Read(ctx, func(tx database.Tx) error {
		out, err = s.KnowersIn(ctx, tx, a, q)
		return err
	})
	return out, err
}

// KnowersIn is Knowers inside a transaction.
func (s *Service) KnowersIn(ctx context.Context, tx database.Tx, a org.Actor, q Question) (Known, error) {
	out, err := s.ways(ctx, tx, a, q)
	if n := len(out.Ways); n > mostWays {
		out.Ways, out.More = out.Ways[:mostWays], n-mostWays
	}
	return out, err
}

// asking is one question while it is answered.
type asking struct {
	s                    *Service
	ctx                  context.Context
	tx                   database.Tx
	a                    org.Actor
	me                   string
	boss                 map[string]bool
	deals, people, firms org.Scope
	targets              []Person
	posts                map[string][]Post // of the targets
}

func (s *Service) ways(ctx context.Context, tx database.Tx, a org.Actor, q Question) (out Known, err error) {
	k := &asking{s: s, ctx: ctx, tx: tx, a: a, me: me(a), boss: map[string]bool{}, deals: a.Scope(record.Opportunity, org.Read),
		people: a.Scope(record.Contact, org.Read), firms: a.Scope(record.Account, org.Read), posts: map[string][]Post{}}
	for _, m := range a.Structure.HeadsOn(a.Today).Next(a.Effective()) {
		k.boss[m] = true
	}
	q.Name, q.Former = text.Fold(q.Name), text.Fold(q.Former)
	if q.ContactID != "" {
		if err := s.sees(ctx, tx, a, q.ContactID); err != nil {
			return out, err
		}
	}
	if out.Contacts, err = k.find(q); err != nil {
		return out, err
	}
	list, err := k.answer()
	if err != nil {
		return out, err
	}
	for i := range list {
		w := &list[i]
		if w.Way != Predecessor {
			w.Token = token(q, *w)
		}
		w.MemberName = a.Structure.Members[w.MemberID].Name
	}
	out.Ways = list
	return out, nil
}

const virtual = "?" // a person who is no contact, of whom a former firm is told

// find tells who is meant, and returns the people of the name whom the asker sees. Who is spelt with the same letters
// is meant; where a former firm is told and one of them was there, those who were. Who only sounds the same is shown.
func (k *asking) find(q Question) (shown []Person, err error) {
	who := Who{IDs: []string{q.ContactID}}
	key := text.Match(q.Name)
	if q.ContactID == "" {
		reading, _ := pinyin.Keys(q.Name)
		if reading == "" || key == "" {
			return nil, nil
		}
		who = Who{Reading: reading}
	}
	found, err := k.s.Rows.People(k.ctx, k.tx, k.a.TenantID, k.people, who)
	if err != nil {
		return nil, err
	}
	if err := k.postsOf(found); err != nil {
		return nil, err
	}
	former := text.Match(q.Former)
	var same, there []Person
	for i := range found {
		p := &found[i]
		was := false
		for _, post := range k.posts[p.ID] {
			if post.Kind == Employer && (!post.Present || post.Key == former) {
				was = was || former != "" && post.Key == former
				if p.Former == "" && !post.Present && !post.Hidden {
					p.Former = post.Name
				}
			}
		}
		if p.Seen {
			shown = append(shown, *p)
		}
		if q.ContactID == "" && p.Key != key && p.Reading != key {
			continue
		}
		same = append(same, *p)
		if was {
			there = append(there, *p)
		}
	}
	if former != "" && q.ContactID == "" {
		same = there
		if !slices.ContainsFunc(there, func(p Person) bool { return p.Seen }) { // a record out of sight takes nothing away
			same = append(same, Person{ID: virtual})
			k.posts[virtual] = []Post{{ContactID: virtual, Kind: Employer, Key: former, Name: q.Former}}
		}
	}
	k.targets = same
	return shown, nil
}

func (k *asking) postsOf(people []Person) error {
	if len(people) == 0 {
		return nil
	}
	ids := make([]string, len(people))
	at := map[string]Person{}
	for i, p := range people {
		ids[i], at[p.ID] = p.ID, p
	}
	list, err := k.s.Rows.Posts(k.ctx, k.tx, k.a.TenantID, k.firms, ids)
	for _, p := range list {
		k.posts[p.ContactID] = append(k.posts[p.ContactID], p)
	}
	return err
}

// link is somebody through whom a way may lead: he knows the person by a tie, or was at an employer with him.
type link struct {
	target, contact string
	employer        string
	span            Span // in which both were there
	colleague       bool // by an employer
	shown           bool // the asker may be told of it
	strength        int
}

func (k *asking) answer() ([]Way, error) {
	if len(k.targets) == 0 {
		return nil, nil
	}
	real := make([]string, 0, len(k.targets))
	for _, t := range k.targets {
		if t.ID != virtual {
			real = append(real, t.ID)
		}
	}
	ties, err := k.ties(real)
	if err != nil {
		return nil, err
	}
	links, err := k.links(ties)
	if err != nil {
		return nil, err
	}
	mids := map[string]bool{}
	for _, l := range links {
		mids[l.contact] = true
	}
	among, err := k.s.people(k.ctx, k.tx, k.a, mids)
	if err != nil {
		return nil, err
	}
	for i := range links {
		l := &links[i]
		l.shown = l.shown && among[l.contact].Seen
	}
	all := slices.Concat(real, sorted(mids))
	talks, seen, err := k.talks(all)
	if err != nil {
		return nil, err
	}
	further, err := k.ties(sorted(mids))
	if err != nil {
		return nil, err
	}
	ours, err := k.ourPast()
	if err != nil {
		return nil, err
	}
	before, err := k.s.Rows.Predecessors(k.ctx, k.tx, k.a.TenantID, k.deals, real)
	if err != nil {
		return nil, err
	}
	var out []Way
	told := &told{talks, seen, further, ours, among, links, before, ties}
	someone := false
	for _, t := range k.targets {
		list, hidden, err := k.to(t, told)
		if err != nil {
			return nil, err
		}
		out = append(out, list...)
		if hidden != nil && (t.Seen || !someone) {
			someone = someone || !t.Seen
			out = append(out, *hidden)
		}
	}
	slices.SortFunc(out, nearer)
	return out, nil
}

// told is all that was read of one question.
type told struct {
	talks   map[string][]Talk
	seen    map[string]bool
	further []Tie
	ours    []MemberPast
	among   map[string]Person
	links   []link
	before  map[string][]Before
	ties    []Tie
}

// to are the ways to one person, and a colleague who is not named where there is one.
func (k *asking) to(t Person, x *told) (list []Way, hidden *Way, err error) {
	p := &person{asking: k, Person: t, named: map[string]Way{}, beside: map[string]Way{}, hidden: map[string]Way{}, avoid: map[string]bool{}}
	p.byTies(x.ties)
	p.byTalks(x.talks[t.ID], x.seen)
	p.byPast(x.ours)
	for _, l := range x.links {
		if l.target == t.ID {
			p.through(l, x.among[l.contact], x.talks[l.contact], x.seen, x.further)
		}
	}
	list, hidden = p.list()
	for _, b := range x.before[t.ID] {
		if err := p.predecessor(b, &list); err != nil {
			return nil, nil, err
		}
	}
	return list, hidden, nil
}

// ties are those of some people by the person.
func (k *asking) ties(ids []string) ([]Tie, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	return k.s.Rows.Ties(k.ctx, k.tx, k.a.TenantID, Asked{Contacts: ids, Limit: 5 * mostTies})
}

// links are whom the people know by ties, and with whom they were at a former employer's.
func (k *asking) links(ties []Tie) (out []link, err error) {
	targets := map[string]Person{}
	for _, t := range k.targets {
		targets[t.ID] = t
	}
	for _, t := range ties {
		if t.FromContactID == "" || t.Kind == Rival || t.Avoid || k.gone(t.HolderID) && t.Visibility != Shown {
			continue
		}
		for _, pair := range [][2]string{{t.ContactID, t.FromContactID}, {t.FromContactID, t.ContactID}} {
			if target, is := targets[pair[0]]; is && pair[1] != pair[0] && t.readBy(k.me) {
				out = append(out, link{target: pair[0], contact: pair[1], shown: target.Seen, strength: t.Strength})
			}
		}
	}
	keys := map[string]bool{}
	for _, t := range k.targets {
		for _, p := range k.posts[t.ID] {
			if p.Kind == Employer && !p.Present {
				keys[p.Key] = true
			}
		}
	}
	if len(keys) == 0 {
		return out, nil
	}
	at, err := k.s.Rows.PostsAt(k.ctx, k.tx, k.a.TenantID, k.firms, sorted(keys))
	if err != nil {
		return nil, err
	}
	for _, t := range k.targets {
		for _, mine := range k.posts[t.ID] {
			if mine.Kind != Employer || mine.Present {
				continue
			}
			for _, his := range at {
				if his.Key == mine.Key && his.ContactID != t.ID && mine.meets(his.Span) {
					out = append(out, link{target: t.ID, contact: his.ContactID, employer: mine.Name, span: mine.with(his.Span), colleague: true,
						shown: (t.Seen || t.ID == virtual) && !mine.Hidden && !his.Hidden})
				}
			}
		}
	}
	return out, nil
}

func (k *asking) gone(member string) bool {
	_, known := k.a.Structure.Members[member]
	return !known || k.a.Structure.Gone(member, k.a.Today)
}

func (k *asking) talks(people []string) (by map[string][]Talk, seen map[string]bool, err error) {
	by = map[string][]Talk{}
	if len(people) == 0 {
		return by, nil, nil
	}
	list, err := k.s.Rows.Talks(k.ctx, k.tx, k.a.TenantID, people)
	ids := map[string]bool{}
	for _, t := range list {
		if !k.gone(t.MemberID) {
			by[t.ContactID] = append(by[t.ContactID], t)
			ids[t.ID] = true
		}
	}
	if err != nil || len(ids) == 0 {
		return by, nil, err
	}
	if k.deals.All {
		return by, ids, nil
	}
	seen, err = k.s.Rows.SeenTalks(k.ctx, k.tx, k.a.TenantID, k.deals, sorted(ids))
	return by, seen, err
}

func (k *asking) ourPast() ([]MemberPast, error) {
	keys := map[string]bool{}
	for _, t := range k.targets {
		for _, p := range k.posts[t.ID] {
			keys[p.Key] = true
		}
	}
	if len(keys) == 0 {
		return nil, nil
	}
	return k.s.Rows.OurPast(k.ctx, k.tx, k.a.TenantID, sorted(keys))
}

func sorted(set map[string]bool) []string { return slices.Sorted(maps.Keys(set)) }
