package tie

import (
	"cmp"
	"context"
	"encoding/base64"
	"encoding/json"
	"maps"
	"slices"
	"strconv"

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
	Title   string
}

// Span is a time: half-open, "" is not known, or still.
type Span struct{ From, To calendar.Date }

// meets tells whether two times may have a day in common.
func (s Span) meets(o Span) bool {
	return (s.To == "" || o.From == "" || o.From < s.To) && (o.To == "" || s.From == "" || s.From < o.To)
}

// with is what two times have in common.
func (s Span) with(o Span) Span {
	out := Span{max(s.From, o.From), s.To}
	if out.To == "" || o.To != "" && o.To < out.To {
		out.To = o.To
	}
	return out
}

func (s Span) has(d calendar.Date) bool {
	return (s.From == "" || s.From <= d) && (s.To == "" || d < s.To)
}

// stated tells whether anything is known of it.
func (s Span) stated() bool { return s.From != "" || s.To != "" }

// Years is the time of years, both whole; 0 is not known, or still.
func Years(from, to int) (s Span) {
	if from != 0 {
		s.From = calendar.Date(strconv.Itoa(from) + "-01-01")
	}
	if to != 0 {
		s.To = calendar.Date(strconv.Itoa(to+1) + "-01-01")
	}
	return s
}

// years are the first and last year of a time.
func (s Span) years() (from, to int) {
	if s.From != "" {
		from, _ = strconv.Atoi(string(s.From[:4]))
	}
	if s.To != "" {
		to, _ = strconv.Atoi(string(s.To.Add(-1)[:4]))
	}
	return from, to
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
	Posts(ctx context.Context, tx database.Tx, tenant string, people []string) ([]Post, error)
	// PostsAt are the posts and pasts at employers of some keys.
	PostsAt(ctx context.Context, tx database.Tx, tenant string, keys []string) ([]Post, error)
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

// Kinds of way.
const (
	ByTie        = "tie"
	Met          = "met"
	ColleagueMet = "colleagues_met"
	BySchool     = "school"
	ByEmployer   = "employer"
	Through      = "through"
	Predecessor  = "predecessor"
	Someone      = "someone" // a colleague, and nothing else
)

// Way is one way to somebody. MemberID is "" of a Someone, and of a Predecessor, who is no colleague.
type Way struct {
	Way                           string
	ContactID                     string // the person it leads to, "" where the asker does not see him
	MemberID, MemberName          string
	Own, Boss                     bool
	Kind, Direction               string
	Strength                      int
	School, Employer              string
	FromYear, ToYear              int
	MetOn                         calendar.Date
	Met                           int
	ThroughContactID, ThroughName string
	Token                         string
	group                         int
	to                            string // the person, seen or not
	hidden                        string // whom a Someone is
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
	s             *Service
	ctx           context.Context
	tx            database.Tx
	a             org.Actor
	me            string
	boss          map[string]bool
	deals, people org.Scope
	targets       []Person
	posts         map[string][]Post // of the targets
}

func (s *Service) ways(ctx context.Context, tx database.Tx, a org.Actor, q Question) (out Known, err error) {
	k := &asking{s: s, ctx: ctx, tx: tx, a: a, me: me(a), boss: map[string]bool{}, deals: a.Scope(record.Opportunity, org.Read),
		people: a.Scope(record.Contact, org.Read), posts: map[string][]Post{}}
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
				if p.Former == "" && !post.Present {
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
		if len(there) == 0 {
			same = []Person{{ID: virtual}}
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
	list, err := k.s.Rows.Posts(k.ctx, k.tx, k.a.TenantID, ids)
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
	at, err := k.s.Rows.PostsAt(k.ctx, k.tx, k.a.TenantID, sorted(keys))
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
						shown: t.Seen || t.ID == virtual})
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

// person is one who is asked for, with who knows him: by name, at one remove, and those who are not named.
type person struct {
	*asking
	Person
	named, beside, hidden map[string]Way
	avoid                 map[string]bool
}

func (p *person) way(kind, member string) Way {
	w := Way{Way: kind, MemberID: member, Own: member == p.me, Boss: p.boss[member], to: p.ID}
	if p.Seen {
		w.ContactID = p.ID
	}
	return w
}

// add keeps the nearest way of a colleague.
func add(to map[string]Way, w Way) {
	if was, there := to[w.MemberID]; !there || near(w, was) < 0 {
		to[w.MemberID] = w
	}
}

func (p *person) byTies(ties []Tie) {
	for _, t := range ties {
		if t.ContactID == p.ID && t.FromContactID == "" && t.Avoid {
			p.avoid[t.HolderID] = true
		}
	}
	for _, t := range ties {
		if t.ContactID != p.ID || t.FromContactID != "" || p.gone(t.HolderID) || p.avoid[t.HolderID] {
			continue
		}
		if t.Kind == Rival || t.Visibility == Private && t.HolderID != p.me {
			continue
		}
		w := p.way(ByTie, t.HolderID)
		w.Kind, w.Direction, w.Strength = t.Kind, t.Direction, t.Strength
		w.FromYear, w.ToYear = Span{t.From, t.To}.years()
		if t.readBy(p.me) {
			add(p.named, w)
		} else {
			add(p.hidden, w)
		}
	}
}

func (p *person) byTalks(talks []Talk, seen map[string]bool) {
	named, hidden := map[string]Way{}, map[string]Way{}
	for _, t := range talks {
		into := hidden
		if seen[t.ID] {
			into = named
		}
		w, there := into[t.MemberID]
		if !there {
			w = p.way(Met, t.MemberID)
		}
		w.MetOn, w.Met = max(w.MetOn, t.On), w.Met+1
		into[t.MemberID] = w
	}
	for m, w := range named {
		if tie, there := p.named[m]; there { // what both see stands beside the tie
			tie.MetOn, tie.Met = w.MetOn, w.Met
			p.named[m] = tie
			continue
		}
		p.named[m] = w
	}
	for _, w := range hidden {
		add(p.hidden, w)
	}
}

func (p *person) byPast(ours []MemberPast) {
	for _, o := range ours {
		if p.gone(o.MemberID) || p.avoid[o.MemberID] || p.ID == virtual {
			continue
		}
		for _, his := range p.posts[p.ID] {
			if his.Kind != o.Kind || his.Key != o.Key || !his.stated() || !o.stated() || !his.meets(o.Span) {
				continue
			}
			kind := BySchool
			if o.Kind == Employer {
				kind = ByEmployer
			}
			w := p.way(kind, o.MemberID)
			if w.School = his.Name; kind == ByEmployer {
				w.School, w.Employer = "", his.Name
			}
			w.FromYear, w.ToYear = his.with(o.Span).years()
			w.MetOn = ""
			switch {
			case p.Seen && (o.Shown || o.MemberID == p.me):
				if was, there := p.named[o.MemberID]; there && was.Way == Met {
					w.MetOn, w.Met = was.MetOn, was.Met
				}
				add(p.named, w)
			case o.MemberID != p.me:
				add(p.hidden, w)
			}
		}
	}
}

// through looks at who knows one through whom a way may lead.
func (p *person) through(l link, mid Person, talks []Talk, seen map[string]bool, ties []Tie) {
	if mid.ID == "" {
		return
	}
	kind := func(on calendar.Date) string {
		if l.colleague && on != "" && l.span.has(on) {
			return ColleagueMet
		}
		return Through
	}
	say := func(w Way) {
		w.ThroughContactID, w.ThroughName, w.Employer = mid.ID, mid.Name, l.employer
		add(p.beside, w)
	}
	met := map[string]Way{}
	for _, t := range talks {
		if l.shown && seen[t.ID] {
			w, there := met[t.MemberID]
			if !there {
				w = p.way(Through, t.MemberID)
			}
			w.Met, w.MetOn = w.Met+1, max(w.MetOn, t.On)
			if kind(t.On) == ColleagueMet {
				w.Way = ColleagueMet
			}
			met[t.MemberID] = w
		} else if kind(t.On) == ColleagueMet {
			w := p.way(ColleagueMet, t.MemberID)
			w.MetOn = t.On
			add(p.hidden, w)
		}
	}
	for _, w := range met {
		say(w)
	}
	if !l.shown {
		return
	}
	for _, t := range ties {
		if t.FromContactID == "" && t.ContactID == mid.ID && !t.Avoid && t.Kind != Rival && t.readBy(p.me) && !p.gone(t.HolderID) {
			w := p.way(Through, t.HolderID)
			w.Kind, w.Direction, w.Strength = t.Kind, t.Direction, t.Strength
			say(w)
		}
	}
}

// list is who is named, and one who is not, where there is any beside them.
func (p *person) list() (out []Way, hidden *Way) {
	for m, w := range p.named {
		if !p.avoid[m] || w.Way == Met {
			w.group = direct(w)
			out = append(out, w)
		}
	}
	for m, w := range p.beside {
		if _, there := p.named[m]; !there && !p.avoid[m] {
			w.group = beside
			out = append(out, w)
		}
	}
	for _, m := range slices.Sorted(maps.Keys(p.hidden)) {
		_, named := p.named[m]
		_, beside := p.beside[m]
		w := p.hidden[m]
		if m == p.me || named || p.avoid[m] || beside && w.Way == ColleagueMet {
			continue
		}
		if hidden == nil || near(w, *hidden) < 0 {
			hidden = &w
		}
	}
	if hidden != nil {
		one := p.way(Someone, "")
		one.Own, one.Boss, one.group, one.hidden = false, false, someoneNext, hidden.MemberID
		hidden = &one
	}
	return out, hidden
}

// Groups, the nearest first. Where a colleague who is not named stands says nothing of how near he is.
const (
	own1 = iota
	boss1
	others
	someoneNext
	beside
	predecessors
)

func direct(w Way) int {
	switch {
	case w.Own:
		return own1
	case w.Boss:
		return boss1
	}
	return others
}

func (p *person) predecessor(b Before, out *[]Way) error {
	if !p.Seen || b.Attitude < 1 {
		return nil
	}
	there, err := p.s.people(p.ctx, p.tx, p.a, map[string]bool{b.ContactID: true})
	if err != nil || !there[b.ContactID].Seen {
		return err
	}
	w := p.way(Predecessor, "")
	w.Own, w.Boss, w.group, w.ThroughContactID, w.ThroughName, w.Strength = false, false, predecessors, b.ContactID, there[b.ContactID].Name, b.Attitude
	*out = append(*out, w)
	return nil
}

var byWay = map[string]int{ByTie: 0, BySchool: 1, ByEmployer: 2, Met: 3, ColleagueMet: 4, Through: 5, Someone: 6, Predecessor: 7}

// near orders ways of one group: the stronger tie, a tie or a shared past before talks, the more recent, the more often.
func near(x, y Way) int {
	return cmp.Or(cmp.Compare(y.Strength, x.Strength), cmp.Compare(byWay[x.Way], byWay[y.Way]), cmp.Compare(y.MetOn, x.MetOn), cmp.Compare(y.Met, x.Met),
		cmp.Compare(x.School+x.Employer, y.School+y.Employer), cmp.Compare(x.FromYear, y.FromYear), cmp.Compare(x.ToYear, y.ToYear), cmp.Compare(x.Kind, y.Kind),
		cmp.Compare(x.ThroughContactID, y.ThroughContactID), cmp.Compare(x.MemberID, y.MemberID))
}

func nearer(x, y Way) int {
	rank := func(w Way) int {
		if w.group == beside {
			return direct(w)
		}
		return 0
	}
	return cmp.Or(cmp.Compare(x.group, y.group), cmp.Compare(rank(x), rank(y)), near(x, y), cmp.Compare(x.to, y.to))
}

// said is what a token holds: the question again, and whom it names. It is no secret: who asks with it is answered
// anew, and gets what the answer has.
type said struct {
	Contact string `json:"c,omitempty"`
	Name    string `json:"n,omitempty"`
	Former  string `json:"f,omitempty"`
	To      string `json:"t,omitempty"` // the person, where the asker sees him
	Member  string `json:"m,omitempty"`
}

func token(q Question, w Way) string {
	raw, err := json.Marshal(said{q.ContactID, q.Name, q.Former, w.ContactID, w.MemberID})
	if err != nil {
		panic(err) // our own struct
	}
	return base64.RawURLEncoding.EncodeToString(raw)
}

func sorted(set map[string]bool) []string { return slices.Sorted(maps.Keys(set)) }
