package opportunity

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"slices"

	"yunchou/internal/account"
	"yunchou/internal/calendar"
	"yunchou/internal/credit"
	"yunchou/internal/database"
	"yunchou/internal/fault"
	"yunchou/internal/field"
	"yunchou/internal/idempotency"
	"yunchou/internal/journal"
	"yunchou/internal/money"
	"yunchou/internal/org"
	"yunchou/internal/page"
	"yunchou/internal/pipeline"
	"yunchou/internal/record"
	"yunchou/internal/text"
)

// Rows is what the package needs of its tables; opportunitydb implements it.
type Rows interface {
	Get(ctx context.Context, tx database.Tx, tenant string, s org.Scope, id string) (Opportunity, error)
	List(ctx context.Context, tx database.Tx, tenant string, s org.Scope, f Filter, p page.Request) (page.Result[Opportunity], error)
	// Order are the ids of a whole list in its order; it is sorted once, as no page of it could be.
	Order(ctx context.Context, tx database.Tx, tenant string, s org.Scope, f Filter, p page.Request) ([]string, error)
	// QualifiedOf are open and qualified, or closed on a day or later, of owners; nil is everybody.
	QualifiedOf(ctx context.Context, tx database.Tx, tenant string, owners []string, since calendar.Date) ([]Qualified, error)
	StatesOf(ctx context.Context, tx database.Tx, tenant string, ids []string) ([]Became, error)
	// WonLike are the members who won most deals like one since a day, the most in front.
	WonLike(ctx context.Context, tx database.Tx, tenant, id string, since calendar.Date, limit int) ([]Winner, error)
	// EachNamed calls fn with every record that is there, in the order they were made: what it is
	// called, its account and the day it was created.
	EachNamed(ctx context.Context, tx database.Tx, tenant string, fn func(id, name, account string, created calendar.Date)) error
	// FirstRecorded is the day the company's first record was written down, "" where none is there.
	FirstRecorded(ctx context.Context, tx database.Tx, tenant string) (calendar.Date, error)
	Totals(ctx context.Context, tx database.Tx, tenant string, s org.Scope, f Filter) ([]Total, error)
	ByID(ctx context.Context, tx database.Tx, tenant string, ids []string) (map[string]Opportunity, error)
	// Cards is ByID for a board.
	Cards(ctx context.Context, tx database.Tx, tenant string, ids []string) (map[string]Card, error)
	Insert(ctx context.Context, tx database.Tx, tenant string, list []Opportunity) error
	// SaveChanged writes the columns that differ. Both are called by insert and saveChanged
	// alone (reporting.go).
	SaveChanged(ctx context.Context, tx database.Tx, tenant string, was, o Opportunity) error
	// Foreign are the amounts of records in some currencies, in the order of their ids.
	Foreign(ctx context.Context, tx database.Tx, tenant string, currencies []string, after string, limit int) ([]Foreign, error)
	SetReporting(ctx context.Context, tx database.Tx, tenant string, list []Foreign) error
	Held(ctx context.Context, tx database.Tx, tenant string, s org.Scope, member, after string, limit int) ([]string, error)
	CountHeld(ctx context.Context, tx database.Tx, tenant string, members []string) (map[string]int64, error)
	OpenByStage(ctx context.Context, tx database.Tx, tenant, pipeline string) (map[string]int64, error)
	// Clashes are open records of a record's account that somebody else owns, out of a scope.
	Clashes(ctx context.Context, tx database.Tx, tenant string, s org.Scope, with Opportunity) ([]Clash, error)
	// AtAccount are the ids of the records at an account, whatever their state.
	AtAccount(ctx context.Context, tx database.Tx, tenant, account string, limit int) ([]string, error)
	// WithContact are the records in which a person has a role, and whether another has one too.
	WithContact(ctx context.Context, tx database.Tx, tenant, contact, other string, limit int) ([]account.Cast, error)
	CountOpen(ctx context.Context, tx database.Tx, tenant, account, team string) (int64, error)
	Names(ctx context.Context, tx database.Tx, tenant string, s org.Scope, ids []string) (map[string]string, error)
	// SetOwningTeam notes the team a record is in today, as its ownership says.
	SetOwningTeam(ctx context.Context, tx database.Tx, tenant, id, team string) error
	InVersion(ctx context.Context, tx database.Tx, tenant, pipelineID, exceptVersion string, limit int) ([]string, error)

	Stays(ctx context.Context, tx database.Tx, tenant, id string) ([]Stay, error)
	// StaysWith are the stays of an account's, a person's or some deals in scope, deal by deal.
	StaysWith(ctx context.Context, tx database.Tx, tenant string, s org.Scope, kind string, ids []string) ([]DealStay, error)
	// Provisional finds among records the wins by exception that nobody has accepted.
	Provisional(ctx context.Context, tx database.Tx, tenant string, ids []string) (map[string]bool, error)
	InsertStays(ctx context.Context, tx database.Tx, tenant string, stays map[string][]Stay) error
	LeaveStay(ctx context.Context, tx database.Tx, tenant, id string, s Stay) error
	// VoidStay says that a stay never was; seq may stand for an entry of this transaction.
	VoidStay(tx database.Tx, a org.Actor, id string, v Void)
	// AcceptWin says that a superior accepts a win by exception.
	AcceptWin(tx database.Tx, tenant, id string, ord int64, seq database.Seq)
	SeeExceptions(ctx context.Context, tx database.Tx, a org.Actor, id string) error
	Exceptions(ctx context.Context, tx database.Tx, a org.Actor, s org.Scope, limit int) (list []ExceptionTaken, all int64, err error)
	// WithExceptions are the records Exceptions tells of, at most MostExceptions of each part.
	WithExceptions(ctx context.Context, tx database.Tx, a org.Actor, s org.Scope) ([]string, error)
	// Standings count what some filters hold by owner; the first is what all others are among.
	Standings(ctx context.Context, tx database.Tx, tenant string, s org.Scope, matters []Filter) (map[string]Standing, error)

	// Parts reads what hangs on some records.
	Parts(ctx context.Context, tx database.Tx, tenant string, ids []string) (map[string]Parts, error)
	Lines(ctx context.Context, tx database.Tx, tenant, id string) ([]Line, error)
	SetLines(ctx context.Context, tx database.Tx, tenant, id string, lines []Line) error
	InsertLines(ctx context.Context, tx database.Tx, tenant string, lines map[string][]Line) error
	Shares(ctx context.Context, tx database.Tx, tenant, id string) ([]Share, error)
	SetShares(ctx context.Context, tx database.Tx, tenant, id string, shares []Share) error
	InsertShares(ctx context.Context, tx database.Tx, tenant string, shares map[string][]Share) error
	Team(ctx context.Context, tx database.Tx, tenant, id string) ([]TeamMember, error)
	SetTeam(ctx context.Context, tx database.Tx, tenant, id string, team []TeamMember) error
	Contacts(ctx context.Context, tx database.Tx, tenant, id string) ([]DealContact, error)
	SetContacts(ctx context.Context, tx database.Tx, tenant, id string, contacts []DealContact) error
	// Roles are all that anybody had in a record, past ones too, in the order they began.
	Roles(ctx context.Context, tx database.Tx, tenant, id string) ([]DealRole, error)
	InsertRole(ctx context.Context, tx database.Tx, tenant, id string, r DealRole) error
	// EndRole ends one on a day; one that had not begun by then never was.
	EndRole(ctx context.Context, tx database.Tx, tenant, id string, r DealRole, on calendar.Date) error
	// ContactsOf and RolesOf are those of several records, by record.
	ContactsOf(ctx context.Context, tx database.Tx, tenant string, ids []string) (map[string][]DealContact, error)
	RolesOf(ctx context.Context, tx database.Tx, tenant string, ids []string) (map[string][]DealRole, error)
	// OpenOf are the open records of some owners, those worth most in the company's currency in front.
	OpenOf(ctx context.Context, tx database.Tx, tenant string, owners []string, limit int) ([]Opportunity, error)
	// HasWith tells whether one of some owners has an open record with a person among its people.
	HasWith(ctx context.Context, tx database.Tx, tenant string, owners []string, contact string) (bool, error)
	// Open are the open records of an account, or with a person in them.
	OpenWith(ctx context.Context, tx database.Tx, tenant, account, contact string, limit int) ([]Opportunity, error)
	// OpenPeople are the people of the open records in scope, record by record.
	OpenPeople(ctx context.Context, tx database.Tx, tenant string, s org.Scope) ([]OpenPerson, error)
	Competitors(ctx context.Context, tx database.Tx, tenant, id string) ([]account.Competitor, error)
	SetCompetitors(ctx context.Context, tx database.Tx, tenant, id string, competitors []string) error

	Evidence(ctx context.Context, tx database.Tx, tenant, id string) ([]Evidence, error)
	InsertEvidence(ctx context.Context, tx database.Tx, tenant, id string, e Evidence) error
	DecideEvidence(ctx context.Context, tx database.Tx, tenant string, e Evidence) error
	Waiting(ctx context.Context, tx database.Tx, tenant string, s org.Scope, limit int) ([]WaitingEvidence, error)
}

// Service holds the use cases. Every path — form, board, bulk, import, API, command
// line — comes through them.
type Service struct {
	DB        *database.DB
	Rows      Rows
	Records   record.Rows
	Values    record.Values
	Credit    credit.Rows
	Accounts  *account.Service
	Pipelines *pipeline.Service
	Fields    *field.Service
	Keys      *idempotency.Keys
	Calendar  func(tenant string) calendar.Calendar
	// Still is an actor with the organisation as a transaction finds it, and as it stays until
	// that ends.
	Still func(ctx context.Context, tx database.Tx, a org.Actor) (org.Actor, error)
	// Rates are the exchange rates in force on a day, by currency.
	Rates func(ctx context.Context, tx database.Tx, tenant string, on calendar.Date) (map[string]int64, error)
	Talks Talks
	Files Attachments
	// Memory searches and adds up lists; nil leaves it to SQL.
	Memory Finder
}

// New is what a new opportunity needs: a name, and in most companies an account
// and an amount. The rest can come later.
type New struct {
	ID, Name, AccountID, PipelineID string
	OwnerID                         string
	AmountMinor                     *int64
	Currency                        string
	TaxIncluded                     *bool
	TaxBP                           *int64
	ExpectedOn                      calendar.Date
	ConfidenceBP                    *int64
	Source                          string
	Lines                           []Line
	// AccountName is the customer where no id says so: found by name, or new. ClashReason is why
	// there is one more where a colleague works on the customer.
	AccountName, ClashReason string
	Custom                   field.Values
}

// Create adds an opportunity in the first stage. The same id and content again is
// answered with the first record. Faults: record.id_taken, account.unknown,
// opportunity.clash, pipeline.unknown, opportunity.confidence_above_cap.
func (s *Service) Create(ctx context.Context, a org.Actor, in New) (Opportunity, error) {
	o, err := s.newOf(a, in)
	if err != nil {
		return o, err
	}
	return idempotency.Made(ctx, s.Keys, a.By(), in.ID, in, func(tx database.Tx) (Opportunity, error) {
		a, err := s.still(ctx, tx, a)
		if err != nil {
			return o, err
		}
		if in.ID != "" { // one that was drawn is nobody's yet
			if old, err := s.Rows.Get(ctx, tx, a.TenantID, a.Scope(record.Opportunity, org.Write), o.ID); err == nil {
				return s.again(ctx, tx, a, old, o, in)
			} else if !fault.Is(err, fault.NotFound) {
				return o, err
			}
		}
		return s.create(ctx, tx, a, o, in)
	})
}

// newOf is a new record before it is placed.
func (s *Service) newOf(a org.Actor, in New) (Opportunity, error) {
	o := Opportunity{ID: in.ID, Custom: in.Custom, Name: text.Fold(in.Name), AccountID: in.AccountID, OwnerID: in.OwnerID,
		AmountMinor: in.AmountMinor, Currency: in.Currency, TaxIncluded: in.TaxIncluded == nil || *in.TaxIncluded, TaxBP: in.TaxBP,
		ExpectedOn: in.ExpectedOn, ConfidenceBP: in.ConfidenceBP, Source: text.Fold(in.Source), PipelineID: in.PipelineID,
		CreatedOn: a.Today, CreatedAt: a.Now, CreatedBy: a.Effective(), State: Open, EnteredOn: a.Today, ProgressOn: a.Today, ClockOn: a.Today,
		RecordedOn: a.Today, StayOn: a.Today, Version: 1}
	if err := a.Need(org.OppWrite); err != nil {
		return o, err
	}
	if err := record.UseID(&o.ID, a.Now); err != nil {
		return o, err
	}
	if o.OwnerID == "" {
		o.OwnerID = a.Effective()
	}
	if o.Currency == "" {
		o.Currency = a.Company.Currency
	}
	return o, o.check(a)
}

func (s *Service) create(ctx context.Context, tx database.Tx, a org.Actor, o Opportunity, in New) (Opportunity, error) {
	if err := a.AtWork("/ownerId", o.OwnerID); err != nil {
		return o, err
	}
	v, err := s.pipelineFor(ctx, tx, a, in.PipelineID)
	if err != nil {
		return o, err
	}
	o.PipelineID, o.VersionID, o.StageID = v.PipelineID, v.ID, v.First().ID
	clashed, err := s.placeNew(ctx, tx, a, &o, v, in)
	if err != nil {
		return o, err
	}
	in.Lines = worded(in.Lines)
	if err := checkLines(o, in.Lines); err != nil {
		return o, err
	}
	_, own, err := s.setOwn(ctx, tx, a, o.ID, in.Custom)
	if err != nil {
		return o, err
	}
	stay := Stay{ID: record.NewID(a.Now)}
	if clashed {
		stay.Reason = text.Words(in.ClashReason)
	}
	return o, s.begin(ctx, tx, a, o, in.Lines, own, stay)
}

// placeNew finds the customer of a new record and places it; it tells whether a colleague works there.
func (s *Service) placeNew(ctx context.Context, tx database.Tx, a org.Actor, o *Opportunity, v pipeline.Version, in New) (clashed bool, err error) {
	if text.Longer(in.ClashReason, 1000) {
		return false, fault.Input("/clashReason", "input.too_long", "at most 1000 characters").With("max", 1000)
	}
	if name := text.Fold(in.AccountName); name != "" && o.AccountID == "" {
		if o.AccountID, clashed, err = s.customer(ctx, tx, a, name, o.OwnerID, in.ClashReason); err != nil {
			return false, err
		}
	}
	if err := cmp.Or(s.place(ctx, tx, a, o), checkConfidence(*o, v)); err != nil {
		return false, err
	}
	met, err := s.clash(ctx, tx, a, *o, in.ClashReason)
	return clashed || met, err
}

// begin writes a new record and its first stay; own was written before.
// st is the stay's id and, of a clash, why.
func (s *Service) begin(ctx context.Context, tx database.Tx, a org.Actor, o Opportunity, lines []Line, own []own, st Stay) error {
	if err := database.Taken(s.insert(ctx, tx, a, []Opportunity{o}), record.ErrIDTaken); err != nil {
		return err
	}
	stay := Stay{Ord: ordStep, ID: st.ID, Reason: st.Reason, PipelineID: o.PipelineID, VersionID: o.VersionID, StageID: o.StageID, State: Open, Move: pipeline.Create,
		EnteredOn: a.Today, EnteredAt: &a.Now, RecordedAt: a.Now, RecordedOn: a.Today, MemberID: a.Effective()}
	shares := []Share{{MemberID: o.OwnerID, Kind: credit.Direct, BP: 10000}}
	payload := createdOf(o, lines, shares)
	payload.StayID, payload.Own, payload.Clash = stay.ID, own, st.Reason != ""
	stay.Seq = journal.Append(tx, a.By(), event(o.ID, "created", a.Today, payload))
	return s.writeNew(ctx, tx, a, o, stay, shares, lines)
}

// again answers a record that is sent a second time: the same content is the first answer,
// other content a conflict. What was sent first is in the journal, whatever changed since.
func (s *Service) again(ctx context.Context, tx database.Tx, a org.Actor, old, o Opportunity, in New) (Opportunity, error) {
	e, err := journal.First(ctx, tx, a.TenantID, Ref(o.ID))
	if err != nil {
		return o, err
	}
	var first created
	if err := json.Unmarshal(e.Payload, &first); err != nil {
		return o, err
	}
	sent := createdOf(o, in.Lines, nil)
	customer, err := s.sameCustomer(ctx, tx, a, first.AccountID, in)
	if err != nil {
		return o, err
	}
	same := customer && e.Kind == "opportunity.created" && old.CreatedBy == o.CreatedBy && (old.Name == o.Name || old.Version > 1) &&
		first.OwnerID == sent.OwnerID && first.Currency == sent.Currency &&
		pairOfNumbers(first.AmountMinor, sent.AmountMinor) == nil && first.ExpectedOn == sent.ExpectedOn &&
		(e.Version < 2 || first.sameTerms(sent)) && (in.PipelineID == "" || first.PipelineID == in.PipelineID)
	if !same {
		return o, record.ErrIDTaken
	}
	answer := []Opportunity{old}
	err = s.complete(ctx, tx, a, answer)
	return answer[0], err
}

func (s *Service) pipelineFor(ctx context.Context, tx database.Tx, a org.Actor, id string) (pipeline.Version, error) {
	if id != "" {
		v, err := s.Pipelines.Current(ctx, tx, a.TenantID, id)
		if fault.Is(err, fault.NotFound) {
			return v, fault.Input("/pipelineId", "pipeline.unknown", "no such pipeline")
		}
		return v, err
	}
	return s.Pipelines.Default(ctx, tx, a.TenantID)
}

// place fills in what follows from account and owner.
func (s *Service) place(ctx context.Context, tx database.Tx, a org.Actor, o *Opportunity) error {
	o.TeamID, _ = a.Structure.TeamOf(o.OwnerID, a.Today)
	o.Region = a.Structure.Teams[o.TeamID].Region
	if o.AccountID != "" {
		c, err := s.Accounts.Customer(ctx, tx, a, o.AccountID)
		if err != nil {
			if fault.Is(err, fault.NotFound) {
				return fault.Input("/accountId", "account.unknown", "no such account")
			}
			return err
		}
		o.AccountName = c.Name
		if c.Region != "" {
			o.Region = c.Region
		}
	}
	return nil
}

func checkConfidence(o Opportunity, v pipeline.Version) error {
	st, _ := v.Stage(o.StageID)
	if o.ConfidenceBP != nil && o.State == Open && *o.ConfidenceBP > int64(st.ConfidenceCapBP) {
		return fault.Input("/confidenceBp", "opportunity.confidence_above_cap", "in this stage at most %d%%", st.ConfidenceCapBP/100).
			With("capBp", st.ConfidenceCapBP).With("stage", st.Name)
	}
	return nil
}

// taxRates are the rates of value added tax in use, in basis points.
var taxRates = map[int64]bool{1300: true, 900: true, 600: true, 300: true, 100: true, 0: true}

func (o Opportunity) check(a org.Actor) error {
	switch {
	case o.Name == "":
		return fault.Missing("/name")
	case text.Longer(o.Name, 300):
		return fault.Input("/name", "input.too_long", "at most 300 characters").With("max", 300)
	case text.Longer(o.Source, 100):
		return fault.Input("/source", "input.too_long", "at most 100 characters").With("max", 100)
	case !money.ValidCurrency(o.Currency):
		return fault.Input("/currency", "money.currency_unknown", "use a three-letter ISO 4217 code")
	case !money.Fits(o.AmountMinor):
		return money.OutOfRange("/amountMinor")
	case o.TaxBP != nil && !taxRates[*o.TaxBP]:
		return fault.Input("/taxBp", "opportunity.tax_rate_unknown", "1300, 900, 600, 300, 100 or 0 basis points")
	case o.ConfidenceBP != nil && (*o.ConfidenceBP < 0 || *o.ConfidenceBP > 10000):
		return fault.Input("/confidenceBp", "input.out_of_range", "0 to 10000 basis points").With("min", 0).With("max", 10000)
	}
	if o.ExpectedOn != "" {
		if _, err := calendar.Parse(string(o.ExpectedOn)); err != nil {
			return calendar.BadDate("/expectedOn")
		}
	}
	if _, ok := a.Structure.Members[o.OwnerID]; !ok && o.OwnerID != "" {
		return fault.Input("/ownerId", "org.member_unknown", "no such member")
	}
	return nil
}

// writeNew writes what hangs on a new record; the stay's Seq stands for the entry of it.
func (s *Service) writeNew(ctx context.Context, tx database.Tx, a org.Actor, o Opportunity, stay Stay, shares []Share, lines []Line) error {
	if err := s.Rows.InsertStays(ctx, tx, a.TenantID, map[string][]Stay{o.ID: {stay}}); err != nil {
		return err
	}
	owner := record.Ownership{RecordID: o.ID, MemberID: o.OwnerID, TeamID: o.TeamID, From: a.Today, Seq: stay.Seq}
	if err := s.Records.FirstOwners(ctx, tx, a.TenantID, "opportunity", []record.Ownership{owner}); err != nil {
		return err
	}
	if err := s.announce(ctx, tx, a, o, stay.Seq); err != nil {
		return err
	}
	if len(lines) > 0 {
		if err := s.Rows.InsertLines(ctx, tx, a.TenantID, map[string][]Line{o.ID: lines}); err != nil {
			return unknownReference(err, "/lines", "product.unknown")
		}
	}
	if err := s.Rows.InsertShares(ctx, tx, a.TenantID, map[string][]Share{o.ID: shares}); err != nil {
		return err
	}
	return s.Values.Insert(ctx, tx, a.TenantID, newValues(o, lines, shares, a.Today, stay.Seq))
}

// newValues are the dated values of a new record.
func newValues(o Opportunity, lines []Line, shares []Share, day calendar.Date, seq database.Seq) []record.Value {
	out := changed(Opportunity{ID: o.ID, TaxIncluded: true}, o, day, seq)
	out = append(out, keyed(o.ID, fieldLine, nil, linesByProduct(lines), day, seq)...)
	return append(out, keyed(o.ID, fieldShare, nil, sharesByKey(shares), day, seq)...)
}

// unknownReference names the field whose value points nowhere.
func unknownReference(err error, pointer, code string) error {
	if errors.Is(err, database.ErrReference) {
		return fault.Input(pointer, code, "no such record")
	}
	return err
}

// worded are lines with the notes that stand beside them each in a line.
func worded(lines []Line) []Line {
	lines = slices.Clone(lines)
	for i := range lines {
		lines[i].Note = text.Line(lines[i].Note)
	}
	return lines
}

// checkLines: lines add up to the amount; where nobody knows that, they say what it is about and are worth
// nothing.
func checkLines(o Opportunity, lines []Line) error {
	const most = 200
	if len(lines) > most {
		return fault.Input("/lines", "input.out_of_range", "at most %d lines", most).With("min", 0).With("max", most)
	}
	var sum int64
	for _, l := range lines {
		if !money.Fits(&l.AmountMinor) {
			return money.OutOfRange("/lines")
		}
		sum += l.AmountMinor
	}
	worth := int64(0)
	if o.AmountMinor != nil {
		worth = *o.AmountMinor
	}
	if len(lines) > 0 && sum != worth {
		return fault.Input("/lines", "opportunity.lines_not_whole", "lines must add up to the amount").With("sumMinor", sum)
	}
	return nil
}

// take reads a record that is about to change. Two changes of one record follow one
// another, so the second sees what the first did and is told.
func (s *Service) take(ctx context.Context, tx database.Tx, a org.Actor, scope org.Scope, id string) (Opportunity, error) {
	if err := record.Take(ctx, tx, a.TenantID, id); err != nil {
		return Opportunity{}, err
	}
	return s.Rows.Get(ctx, tx, a.TenantID, scope, id)
}

// takeThere takes a record in the actor's write scope that is not deleted. Fault:
// opportunity.deleted.
func (s *Service) takeThere(ctx context.Context, tx database.Tx, a org.Actor, id string) (Opportunity, error) {
	o, err := s.take(ctx, tx, a, a.Scope(record.Opportunity, org.Write), id)
	if err == nil && o.DeletedAt != nil {
		err = errDeleted
	}
	return o, err
}

// save writes a changed record, the event that says so and the values that differ, from
// the event's day on.
func (s *Service) save(ctx context.Context, tx database.Tx, a org.Actor, was Opportunity, o *Opportunity, e journal.Event) (database.Seq, error) {
	o.Version = was.Version + 1
	seq := journal.Append(tx, a.By(), e)
	if err := s.Values.Insert(ctx, tx, a.TenantID, changed(was, *o, e.On, seq)); err != nil {
		return seq, err
	}
	return seq, s.saveChanged(ctx, tx, a, was, o)
}

// onOpen runs a change on an open record in the actor's write scope and saves it with the
// event the change returns. version is the one the record was read at; 0 does not check.
func (s *Service) onOpen(ctx context.Context, a org.Actor, id string, version int, fn func(database.Tx, *Opportunity) (journal.Event, error)) error {
	return s.DB.Write(ctx, func(tx database.Tx) error {
		_, err := s.onOpenIn(ctx, tx, a, id, version, fn)
		return err
	})
}

// onOpenIn is onOpen inside a transaction.
func (s *Service) onOpenIn(ctx context.Context, tx database.Tx, a org.Actor, id string, version int,
	fn func(database.Tx, *Opportunity) (journal.Event, error)) (Opportunity, error) {
	o, err := s.takeOpen(ctx, tx, a, id, version)
	if err != nil {
		return o, err
	}
	was := o
	e, err := fn(tx, &o)
	if err != nil {
		return o, err
	}
	_, err = s.save(ctx, tx, a, was, &o, e)
	return o, err
}

// takeOpen takes an open record that is about to change.
func (s *Service) takeOpen(ctx context.Context, tx database.Tx, a org.Actor, id string, version int) (Opportunity, error) {
	o, err := s.takeThere(ctx, tx, a, id)
	switch {
	case err != nil:
		return o, err
	case version != 0 && version != o.Version:
		return o, record.ErrStale
	case o.State != Open:
		return o, fault.New(fault.Rule, "opportunity.closed", "the opportunity is closed")
	}
	return o, nil
}
