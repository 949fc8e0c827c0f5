package engine

import (
	"fmt"
	"math"
	"slices"

	"yunchou/internal/calendar"

	"github.com/google/uuid"
)

// facts are what is kept of an opportunity to answer for any day and any knowledge,
// numbered. A row is made of those known at one entry (assemble.go).
type facts struct {
	stays    []stayFact
	owners   []ownerFact
	values   []valueFact
	credits  []creditFact
	accounts []accountFact
}

// known is when a fact was known: from the entry that wrote it to the one that ended it.
type known struct{ seq, ended int64 }

func (x known) at(k int64) bool { return x.seq <= k && (x.ended == 0 || x.ended > k) }

// allKnown is the knowledge of now.
const allKnown int64 = math.MaxInt64

type stayFact struct {
	stay
	known
	// what the closing was; told where it was written with the stay
	told                       bool
	amount, contract           int64
	currency, kind, competitor symbol
}

type ownerFact struct {
	from         day
	member, team symbol
	known
}

// kinds of valueFact beyond the fields of a chunk.
const (
	ofAmount = fields + iota
	ofLine
	ofAccount
)

// valueFact is a dated value. Key is the product of a line, and the place of the account
// of a class; of an account the text is its place plus one.
type valueFact struct {
	field  field
	day    day
	key    symbol
	number int64 // nothing where none is stated
	text   symbol
	known
}

type creditFact struct {
	credit
	seq int64
}

type accountFact struct{ industry, class symbol }

var fieldOf = map[string]field{"amount": ofAmount, "expected": ofExpected, "confidence": ofConfidence,
	"account": ofAccount, "region": ofRegion, "deleted": ofDeleted, "line": ofLine, "tax": ofTax}

// facts numbers an opportunity's facts.
func (n numbering) facts(d *Deal) (*facts, error) {
	of, f, place := n.texts.of, &facts{}, map[string]int{}
	zone, err := calendar.Zone(d.TimeZone)
	if err != nil {
		return nil, err
	}
	for i, s := range d.Stays {
		at, err := n.pair(s.VersionID, s.StageID)
		if err != nil {
			return nil, err
		}
		move, err := moveOf(s.Move)
		if err != nil {
			return nil, err
		}
		place[s.ID] = i
		was := newStay(at, dayOf(s.EnteredOn), dayOf(s.RecordedOn), stateOf(s.State), move)
		if !s.EnteredAt.IsZero() {
			if quarter, known := calendar.QuarterOf(s.EnteredAt.Time, s.EnteredOn, zone); known {
				was = was.timed(quarter)
			}
		}
		f.stays = append(f.stays, stayFact{
			stay:  was,
			known: s.known(), told: s.Currency != "", amount: minorOf(s.AmountMinor), contract: minorOf(s.ContractMinor),
			currency: of(s.Currency), kind: of(s.LossKind), competitor: of(s.CompetitorID),
		})
	}
	for _, o := range d.Owners {
		f.owners = append(f.owners, ownerFact{dayOf(o.From), of(o.MemberID), of(o.TeamID), o.known()})
	}
	accounts := map[string]int{}
	for i, a := range d.Accounts {
		accounts[a.ID] = i
		f.accounts = append(f.accounts, accountFact{of(a.Industry), of(a.Class)})
		for _, v := range a.Classes {
			f.values = append(f.values, valueFact{ofClass, dayOf(v.Day), symbol(i), nothing, of(v.Text), v.known()})
		}
	}
	for _, v := range d.Values {
		x := valueFact{fieldOf[v.Field], dayOf(v.Day), of(v.Key), minorOf(v.Number), 0, v.known()}
		switch x.field {
		case ofAccount:
			if i, there := accounts[v.Text]; there {
				x.text = symbol(i + 1)
			}
		case ofTax:
			x.number = int64(taxOf(v.Text != "without", v.Number))
		case ofExpected:
			x.text = symbol(dayOf(calendar.Date(v.Text)))
		default:
			x.text = of(v.Text)
		}
		f.values = append(f.values, x)
	}
	for _, c := range d.Credits {
		at, there := place[c.StayID]
		if !there {
			continue // written before closings were named
		}
		f.credits = append(f.credits, creditFact{credit{minorOf(c.AmountMinor), of(c.MemberID), of(c.TeamID),
			of(c.ProductLineID), int32(c.ShareBP), uint16(at), dayOf(c.On)}, c.Seq})
	}
	return f, nil
}

// row numbers what an opportunity is today.
func (n numbering) row(d *Deal) (r row, err error) {
	of := n.texts.of
	r = row{
		pipeline: of(d.PipelineID), stage: of(d.StageID), state: stateOf(d.State),
		tax: taxOf(d.TaxIncluded, d.TaxBP), deleted: d.Deleted, promised: d.Promised, provisional: d.Provisional,
		created: dayOf(d.CreatedOn), closed: dayOf(d.ClosedOn), expected: dayOf(d.ExpectedOn),
		entered: dayOf(d.EnteredOn), stayed: dayOf(d.StayOn), clock: dayOf(d.ClockOn), contact: dayOf(d.ContactOn), waiting: dayOf(d.WaitingOn),
		amount: minorOf(d.AmountMinor), contract: minorOf(d.ContractMinor), confidence: -1, currency: of(d.Currency),
		owner: of(d.OwnerID), team: of(d.TeamID), region: of(d.Region), source: of(d.Source),
		lossKind: of(d.LossKind), competitor: of(d.CompetitorID), account: noAccount, name: searched(d.Name),
		own: n.own(d.Own),
	}
	if r.id, err = uuid.Parse(d.ID); err != nil {
		return r, fmt.Errorf("engine: opportunity %q: %w", d.ID, err)
	}
	if d.ConfidenceBP != nil {
		r.confidence = int16(*d.ConfidenceBP)
	}
	for _, a := range d.Accounts {
		if a.ID == d.AccountID && a.ID != "" {
			r.industry, r.class = of(a.Industry), of(a.Class)
		}
	}
	for _, l := range d.Lines {
		r.lines = append(r.lines, line{l.Minor, of(l.ProductLineID)})
	}
	slices.SortFunc(r.lines, func(a, b line) int { return int(a.product - b.product) })
	for _, m := range d.Crew {
		r.crew = append(r.crew, of(m))
	}
	for _, c := range d.Rivals {
		r.rivals = append(r.rivals, of(c))
	}
	return r, nil
}

// deal numbers an opportunity as it is known now.
func (n numbering) deal(d *Deal) (row, error) {
	r, err := n.row(d)
	if err != nil {
		return r, err
	}
	f, err := n.facts(d)
	if err != nil {
		return r, err
	}
	r.assemble(f, allKnown)
	return r, nil
}
