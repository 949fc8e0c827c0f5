package engine

import (
	"context"
	"fmt"
	"math/rand/v2"
	"runtime"
	"testing"
	"time"

	"yunchou/internal/calendar"
	"yunchou/internal/database"
	"yunchou/internal/opportunity"
	"yunchou/internal/org"

	"github.com/google/uuid"
)

// TestADealTakesAtMost140Bytes: five stays, two amounts, two expected dates, one owner, one
// credit line, a name; with what is kept of a question. A further dated value takes 10.
func TestADealTakesAtMost140Bytes(t *testing.T) {
	if testing.Short() {
		t.Skip("builds many deals")
	}
	plain, more := bytesOfADeal(t, 0, false), bytesOfADeal(t, 8, false)
	t.Logf("%.0f bytes a deal, %.1f for a further dated value", plain, (more-plain)/8)
	if plain > 140 {
		t.Errorf("%.0f bytes a deal, 140 is the most", plain)
	}
	if further := (more - plain) / 8; further > 10.5 {
		t.Errorf("%.1f bytes for a further dated value, 10 is the most", further)
	}
	own := bytesOfADeal(t, 0, true)
	t.Logf("%.1f with a choice, a day of half of them, and a number of a fifth", own)
	if own > 140 {
		t.Errorf("%.1f bytes a deal with own fields, 140 is the most", own)
	}
}

// bytesOfADeal is the memory of a deal with so many further dated values, and with own fields.
func bytesOfADeal(t *testing.T, further int, own bool) float64 {
	const n = 16 * chunkSize
	rng := rand.New(rand.NewPCG(1, 1))
	s, q := synthetic(1)
	numbers := s.index.numbering
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	next := &snapshot{index: s.index, around: s.around}
	rows := make([]row, 0, chunkSize)
	for i := range n {
		d := madeUp(rng, i, further)
		if own {
			d.Own = ownOf(rng)
		}
		r, err := numbers.deal(d)
		if err != nil {
			t.Fatal(err)
		}
		r.account = int32(rng.IntN(n / 5))
		if rows = append(rows, r); len(rows) == chunkSize {
			next.chunks = append(next.chunks, newChunk(rows))
			rows = rows[:0]
		}
	}
	rows = nil
	(&tenant{}).publish(next)
	asked := &session{snapshot: next}
	if err := asked.prepare(context.Background(), database.Tx{}, nil, q); err != nil {
		t.Fatal(err)
	}
	population(asked)
	runtime.GC()
	runtime.ReadMemStats(&after)
	if asked.size() != n {
		t.Fatal(asked.size())
	}
	return float64(after.HeapAlloc-before.HeapAlloc) / n
}

// ownOf are values of three own fields.
func ownOf(rng *rand.Rand) []Own {
	list := []Own{{FieldID: "choice", Text: fmt.Sprint("of five ", rng.IntN(5))}}
	if rng.IntN(2) == 0 {
		list = append(list, Own{FieldID: "day", Text: string(calendar.Date("2026-01-01").Add(rng.IntN(120)))})
	}
	if rng.IntN(5) == 0 {
		n := int64(rng.IntN(1_000_000))
		list = append(list, Own{FieldID: "number", Number: &n})
	}
	return list
}

// TestAnAccountTakesAtMost60Bytes: an owner, an industry, a region, a class, a name.
func TestAnAccountTakesAtMost60Bytes(t *testing.T) {
	const n = 8 * chunkSize
	rows := accountsOf(t, newNumbering(), n)
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	chunks := appended(nil, rows, newAccountChunk)
	runtime.GC()
	runtime.ReadMemStats(&after)
	each := float64(after.HeapAlloc-before.HeapAlloc) / n
	runtime.KeepAlive(rows)
	t.Logf("%.0f bytes an account", each)
	if lengthOf(chunks) != len(rows) || each > 60 {
		t.Errorf("%d accounts of %.0f bytes", lengthOf(chunks), each)
	}
}

// accountsOf are so many made up accounts.
func accountsOf(t *testing.T, numbers numbering, n int) []accountRow {
	list := make([]AccountRow, n)
	for i := range list {
		list[i] = AccountRow{ID: uuid.Must(uuid.NewV7()).String(), Name: fmt.Sprint("客户", i), OwnerID: fmt.Sprint("m", i%60),
			Industry: fmt.Sprint("i", i%12), Region: fmt.Sprint("r", i%7), Class: fmt.Sprint("cl", i%3), CreatedAt: time.UnixMilli(int64(i) * 999_999), Owned: true}
	}
	rows, err := numbers.accounts(list)
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

// madeUp is a lost deal of five stays.
func madeUp(rng *rand.Rand, i, further int) *Deal {
	one := func(kind string, of int) string { return fmt.Sprint(kind, rng.IntN(of)) }
	began := calendar.Date("2021-01-01").Add(rng.IntN(1700))
	amount, earlier, confidence := int64(rng.IntN(90_000_000)), int64(rng.IntN(90_000_000)), int64(100*rng.IntN(100))
	d := &Deal{ID: uuid.Must(uuid.NewV7()).String(), Name: fmt.Sprint("商机", i), PipelineID: "p", State: "lost",
		CreatedOn: began, ExpectedOn: began.Add(rng.IntN(300)), AmountMinor: &amount, ConfidenceBP: &confidence,
		Currency: "CNY", OwnerID: one("m", 60), TeamID: one("t", 8), Region: one("r", 7), Source: one("s", 6),
		LossKind: one("k", 7), CompetitorID: one("c", 30), AccountID: "a",
		Accounts: []Account{{ID: "a", Industry: one("i", 12), Class: one("cl", 3)}}}
	on := began
	for k := range 5 {
		s := Stay{ID: fmt.Sprint(k), VersionID: "v", StageID: fmt.Sprint("s", k), State: "open", EnteredOn: on,
			RecordedOn: on, Move: "advance"}
		if k == 4 {
			s.StageID, s.State, s.Move, s.AmountMinor, s.Currency = "s7", "lost", "lose", &amount, "CNY"
			s.LossKind, s.CompetitorID, d.ClosedOn = d.LossKind, d.CompetitorID, on
			d.Credits = []Credit{{StayID: s.ID, MemberID: d.OwnerID, TeamID: d.TeamID, On: on, ShareBP: 10000,
				AmountMinor: &amount}}
		}
		d.StageID = s.StageID
		d.Stays = append(d.Stays, s)
		on = on.Add(1 + rng.IntN(20))
	}
	d.Owners = []Ownership{{MemberID: d.OwnerID, TeamID: d.TeamID, From: began}}
	dated := func(field string, day calendar.Date, n *int64, text string) {
		d.Values = append(d.Values, Value{Field: field, Day: day, Number: n, Text: text})
	}
	dated("amount", began, &earlier, "CNY")
	for k := range further {
		some := int64(rng.IntN(90_000_000))
		dated("amount", began.Add(1+k), &some, "CNY")
	}
	dated("amount", began.Add(8), &amount, "CNY")
	dated("expected", began, nil, string(began.Add(rng.IntN(100))))
	dated("expected", began.Add(9), nil, string(d.ExpectedOn))
	dated("confidence", began, &confidence, "")
	dated("account", began, nil, d.AccountID)
	dated("region", began, nil, d.Region)
	d.Accounts[0].Classes = []Value{{Field: "class", Day: began, Text: d.Accounts[0].Class}}
	return d
}

// BenchmarkThen makes the columns of twelve months' ends as they were known then, over
// 100,000 opportunities of five years.
func BenchmarkThen(b *testing.B) {
	const n = 100_000
	rng := rand.New(rand.NewPCG(1, 1))
	s, q := synthetic(1)
	x := s.index
	now, t := &snapshot{index: x, around: s.around}, &tenant{}
	p, rows, deals := &past{}, []row(nil), []Deal(nil)
	for i := range n {
		d := madeUp(rng, i, 0)
		written(d)
		r, err := x.deal(d)
		if err != nil {
			b.Fatal(err)
		}
		if rows, deals = append(rows, r), append(deals, *d); len(rows) == chunkSize || i == n-1 {
			now.chunks = append(now.chunks, newChunk(rows))
			x.sorted += len(rows)
			p.chunks = append(p.chunks, nil)
			if err := p.take(t, now, deals); err != nil {
				b.Fatal(err)
			}
			rows, deals = rows[:0], deals[:0]
		}
	}
	t.publish(now)
	size := 0
	for _, c := range p.chunks {
		size += len(c.facts) + 4*len(c.ends) + 8*len(c.last)
	}
	for b.Loop() {
		for month := range 12 {
			v := (&view{known: int64(45600 - 30*month)}).of(b.Context(), now, p.chunks)
			asked := &session{snapshot: now.with(v.chunks)}
			if err := asked.prepare(context.Background(), database.Tx{}, nil, q); err != nil {
				b.Fatal(err)
			}
			population(asked)
		}
	}
	b.ReportMetric(float64(size)/n, "bytes/deal")
}

// written numbers the entries of a deal by their days.
func written(d *Deal) {
	for i := range d.Stays {
		d.Stays[i].Seq = int64(dayOf(d.Stays[i].EnteredOn))
	}
	for i := range d.Owners {
		d.Owners[i].Seq = int64(dayOf(d.Owners[i].From))
	}
	for i := range d.Values {
		d.Values[i].Seq = int64(dayOf(d.Values[i].Day))
	}
	for i := range d.Credits {
		d.Credits[i].Seq = int64(dayOf(d.Credits[i].On))
	}
}

// TestWhatIsKeptForDesksTakesAtMost100Bytes: for each open deal, with what it asks for, its facts and what it is worth.
func TestWhatIsKeptForDesksTakesAtMost100Bytes(t *testing.T) {
	s, _ := synthetic(2 * chunkSize)
	w := opportunity.Wanted{Scope: org.Scope{All: true}, Currency: "CNY", Today: "2026-03-01"}
	p := s.snapshot.pressing(&tenant{}, opportunity.Pressed{Wanted: w})
	x, keep, owners := s.snapshot.standing(&tenant{}, w, opportunity.Matters())
	open, bytes := 0, int64(0)
	for _, c := range s.chunks {
		p.part(c, new(room))
		x.count(c, keep, make([]*ownerSum, len(owners)), new(room))
		open, bytes = open+len(c.alive()), bytes+c.besides()
	}
	t.Logf("%d bytes for %d open deals, %d for each", bytes, open, bytes/int64(open))
	if open == 0 || bytes > 100*int64(open) {
		t.Errorf("%d bytes for %d open deals, 100 for each are the most", bytes, open)
	}
}
