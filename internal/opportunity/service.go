package opportunity

import (
	"context"
	"errors"

	"yunchou/internal/account"
	"yunchou/internal/calendar"
	"yunchou/internal/database"
	"yunchou/internal/fault"
	"yunchou/internal/field"
	"yunchou/internal/journal"
	"yunchou/internal/money"
	"yunchou/internal/org"
	"yunchou/internal/page"
	"yunchou/internal/pinyin"
	"yunchou/internal/pipeline"
)

// Rows is what the package needs of its tables; opportunitydb implements it.
type Rows interface {
	Get(ctx context.Context, tx database.Tx, tenant string, s org.Scope, id string) (Opportunity, error)
	List(ctx context.Context, tx database.Tx, tenant string, s org.Scope, f Filter, p page.Request) (page.Result[Opportunity], error)
	Totals(ctx context.Context, tx database.Tx, tenant string, s org.Scope, f Filter) ([]Total, error)
	Insert(ctx context.Context, tx database.Tx, tenant string, list []Opportunity) error
	Save(ctx context.Context, tx database.Tx, tenant string, o Opportunity) error
	OwnedBy(ctx context.Context, tx database.Tx, tenant, member string, limit int) ([]string, error)
	InVersion(ctx context.Context, tx database.Tx, tenant, pipelineID, exceptVersion string, limit int) ([]string, error)

	Stays(ctx context.Context, tx database.Tx, tenant, id string) ([]Stay, error)
	InsertStays(ctx context.Context, tx database.Tx, tenant string, stays map[string][]Stay) error
	LeaveStay(ctx context.Context, tx database.Tx, tenant, id string, s Stay) error
	VoidStay(ctx context.Context, tx database.Tx, a org.Actor, id string, ord int64) error
	SeeExceptions(ctx context.Context, tx database.Tx, a org.Actor, id string) error
	Exceptions(ctx context.Context, tx database.Tx, tenant string, s org.Scope, limit int) ([]ExceptionTaken, error)

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
	Competitors(ctx context.Context, tx database.Tx, tenant, id string) ([]account.Competitor, error)
	SetCompetitors(ctx context.Context, tx database.Tx, tenant, id string, competitors []string) error

	Evidence(ctx context.Context, tx database.Tx, tenant, id string) ([]Evidence, error)
	InsertEvidence(ctx context.Context, tx database.Tx, tenant, id string, e Evidence) error
	DecideEvidence(ctx context.Context, tx database.Tx, tenant string, e Evidence) error
	Waiting(ctx context.Context, tx database.Tx, tenant string, s org.Scope, limit int) ([]WaitingEvidence, error)

	FollowUps(ctx context.Context, tx database.Tx, tenant string, s org.Scope, about About, limit int) ([]FollowUp, error)
	InsertFollowUps(ctx context.Context, tx database.Tx, tenant string, list []FollowUp) error
	LastTwoWay(ctx context.Context, tx database.Tx, tenant, id string) (calendar.Date, error)
	NextSteps(ctx context.Context, tx database.Tx, tenant, id string) ([]NextStep, error)
	NextStep(ctx context.Context, tx database.Tx, tenant, step string) (NextStep, error)
	InsertNextStep(ctx context.Context, tx database.Tx, tenant string, n NextStep) error
	SaveNextStep(ctx context.Context, tx database.Tx, tenant string, n NextStep) error
	MoveNextSteps(ctx context.Context, tx database.Tx, tenant, id, from, to string) error
	DueSteps(ctx context.Context, tx database.Tx, tenant string, s org.Scope, member string, until calendar.Date, limit int) ([]DueStep, error)

	Credit(ctx context.Context, tx database.Tx, a org.Actor, lines []CreditLine) error
	VoidCredit(ctx context.Context, tx database.Tx, a org.Actor, id string) error
	CreditOf(ctx context.Context, tx database.Tx, tenant, id string) ([]CreditLine, error)

	InsertHandover(ctx context.Context, tx database.Tx, a org.Actor, h Handover) error
	Handovers(ctx context.Context, tx database.Tx, tenant, to string) ([]Handover, error)
	ConfirmHandover(ctx context.Context, tx database.Tx, a org.Actor, id string) error

	Remembered(ctx context.Context, tx database.Tx, a org.Actor, key string) (hash, response string, err error)
	Remember(ctx context.Context, tx database.Tx, a org.Actor, key, hash, response string) error
}

// Service holds the use cases. Every path — form, board, bulk, import, API, command
// line — comes through them.
type Service struct {
	DB        *database.DB
	Rows      Rows
	Accounts  *account.Service
	Pipelines *pipeline.Service
	Fields    *field.Service
	Calendar  func(tenant string) calendar.Calendar
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
	ExpectedOn                      calendar.Date
	ConfidenceBP                    *int64
	Source                          string
	Lines                           []Line
	Custom                          field.Values
}

// Create adds an opportunity in the first stage. The same id and content again is
// answered with the first record. Faults: record.id_taken, account.unknown,
// pipeline.unknown, opportunity.confidence_above_cap.
func (s *Service) Create(ctx context.Context, a org.Actor, in New) (Opportunity, error) {
	o := Opportunity{ID: in.ID, Custom: in.Custom, Name: pinyin.Fold(in.Name), AccountID: in.AccountID, OwnerID: in.OwnerID, AmountMinor: in.AmountMinor, Currency: in.Currency,
		TaxIncluded: in.TaxIncluded == nil || *in.TaxIncluded, ExpectedOn: in.ExpectedOn, ConfidenceBP: in.ConfidenceBP, Source: pinyin.Fold(in.Source),
		CreatedOn: a.Today, CreatedAt: a.Now, CreatedBy: a.Effective(), State: Open, EnteredOn: a.Today, ProgressOn: a.Today, Version: 1}
	if err := a.Need(org.OppWrite); err != nil {
		return o, err
	}
	if err := journal.UseID(&o.ID, a.Now); err != nil {
		return o, err
	}
	if o.OwnerID == "" {
		o.OwnerID = a.Effective()
	}
	if o.Currency == "" {
		o.Currency = a.Company.Currency
	}
	if err := o.check(a); err != nil {
		return o, err
	}
	err := s.DB.Write(ctx, func(tx database.Tx) error {
		if old, err := s.Rows.Get(ctx, tx, a.TenantID, a.Write, o.ID); err == nil {
			if old.Name == o.Name && old.CreatedBy == o.CreatedBy && old.AccountID == o.AccountID {
				again := []Opportunity{old}
				err := s.custom(ctx, tx, a, again)
				o = again[0]
				return err
			}
			return errIDTaken
		}
		v, err := s.pipelineFor(ctx, tx, a, in.PipelineID)
		if err != nil {
			return err
		}
		o.PipelineID, o.VersionID, o.StageID = v.PipelineID, v.ID, v.First().ID
		if err := s.place(ctx, tx, a, &o, v); err != nil {
			return err
		}
		if err := s.Rows.Insert(ctx, tx, a.TenantID, []Opportunity{o}); errors.Is(err, database.ErrUnique) {
			return errIDTaken
		} else if err != nil {
			return err
		}
		stay := Stay{Ord: ordStep, ID: journal.NewID(a.Now), PipelineID: v.PipelineID, VersionID: v.ID, StageID: o.StageID, State: Open, Move: pipeline.Create,
			EnteredOn: a.Today, EnteredAt: &a.Now, RecordedAt: a.Now, RecordedOn: a.Today, MemberID: a.Effective()}
		if err := s.writeNew(ctx, tx, a, o, stay, in); err != nil {
			return err
		}
		journal.Append(tx, a.By(), journal.Event{Subject: Ref(o.ID), Kind: "opportunity.created", On: a.Today, Payload: createdPayload(o)})
		return nil
	})
	return o, err
}

// createdPayload is what the in-memory funnel needs of a new record.
func createdPayload(o Opportunity) map[string]any {
	return map[string]any{"pipelineId": o.PipelineID, "versionId": o.VersionID, "stageId": o.StageID, "state": o.State, "ownerId": o.OwnerID,
		"accountId": o.AccountID, "amountMinor": o.AmountMinor, "currency": o.Currency, "expectedOn": o.ExpectedOn}
}

func (s *Service) pipelineFor(ctx context.Context, tx database.Tx, a org.Actor, id string) (pipeline.Version, error) {
	if id != "" {
		v, err := s.Pipelines.Current(ctx, tx, a.TenantID, id)
		if fault.Is(err, fault.NotFound) {
			return v, fault.Input("/pipelineId", "pipeline.unknown", "no such pipeline")
		}
		return v, err
	}
	all, err := s.Pipelines.Rows.List(ctx, tx, a.TenantID)
	if err != nil {
		return pipeline.Version{}, err
	}
	for _, p := range all {
		if !p.Archived {
			return s.Pipelines.Version(ctx, tx, a.TenantID, p.VersionID)
		}
	}
	return pipeline.Version{}, fault.New(fault.Rule, "pipeline.none", "the company has no pipeline yet")
}

// place fills in what follows from account and owner, and checks the confidence
// against the stage's cap.
func (s *Service) place(ctx context.Context, tx database.Tx, a org.Actor, o *Opportunity, v pipeline.Version) error {
	o.TeamID, _ = a.Structure.TeamOf(o.OwnerID, a.Today)
	o.Region = a.Structure.Teams[o.TeamID].Region
	if o.AccountID != "" {
		c, err := s.Accounts.Rows.Get(ctx, tx, a.TenantID, a.Read, o.AccountID)
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
	return checkConfidence(*o, v)
}

func checkConfidence(o Opportunity, v pipeline.Version) error {
	st, _ := v.Stage(o.StageID)
	if o.ConfidenceBP != nil && o.State == Open && *o.ConfidenceBP > int64(st.ConfidenceCapBP) {
		return fault.Input("/confidenceBp", "opportunity.confidence_above_cap", "in this stage at most %d%%", st.ConfidenceCapBP/100).
			With("capBp", st.ConfidenceCapBP).With("stage", st.Name)
	}
	return nil
}

func (o Opportunity) check(a org.Actor) error {
	switch {
	case o.Name == "":
		return fault.Missing("/name")
	case len(o.Name) > 300:
		return fault.Input("/name", "input.too_long", "at most 300 bytes").With("max", 300)
	case len(o.Source) > 100:
		return fault.Input("/source", "input.too_long", "at most 100 bytes").With("max", 100)
	case !money.ValidCurrency(o.Currency):
		return fault.Input("/currency", "money.currency_unknown", "use a three-letter ISO 4217 code")
	case o.AmountMinor != nil && (*o.AmountMinor < 0 || *o.AmountMinor > 1<<53):
		return fault.Input("/amountMinor", "input.out_of_range", "zero or more").With("min", 0)
	case o.ConfidenceBP != nil && (*o.ConfidenceBP < 0 || *o.ConfidenceBP > 10000):
		return fault.Input("/confidenceBp", "input.out_of_range", "0 to 10000 basis points").With("min", 0).With("max", 10000)
	}
	if o.ExpectedOn != "" {
		if _, err := calendar.Parse(string(o.ExpectedOn)); err != nil {
			return fault.Input("/expectedOn", "calendar.bad_date", "dates are written 2026-02-28")
		}
	}
	if _, ok := a.Structure.Members[o.OwnerID]; !ok && o.OwnerID != "" {
		return fault.Input("/ownerId", "org.member_unknown", "no such member")
	}
	return nil
}

func (s *Service) writeNew(ctx context.Context, tx database.Tx, a org.Actor, o Opportunity, stay Stay, in New) error {
	if err := s.Rows.InsertStays(ctx, tx, a.TenantID, map[string][]Stay{o.ID: {stay}}); err != nil {
		return err
	}
	if err := s.Accounts.Rows.FirstOwners(ctx, tx, a.TenantID, "opportunity", []account.Ownership{{RecordID: o.ID, MemberID: o.OwnerID, TeamID: o.TeamID, From: a.Today}}); err != nil {
		return err
	}
	if err := s.Rows.InsertShares(ctx, tx, a.TenantID, map[string][]Share{o.ID: {{MemberID: o.OwnerID, Kind: "direct", BP: 10000}}}); err != nil {
		return err
	}
	if len(in.Lines) > 0 {
		if err := checkLines(o, in.Lines); err != nil {
			return err
		}
		if err := s.Rows.InsertLines(ctx, tx, a.TenantID, map[string][]Line{o.ID: in.Lines}); err != nil {
			return unknownReference(err, "/lines", "product.unknown")
		}
	}
	_, err := s.Fields.Set(ctx, tx, a, "opportunity", o.ID, in.Custom)
	return err
}

// unknownReference names the field whose value points nowhere.
func unknownReference(err error, pointer, code string) error {
	if errors.Is(err, database.ErrReference) {
		return fault.Input(pointer, code, "no such record")
	}
	return err
}

// checkLines: lines add up to the amount.
func checkLines(o Opportunity, lines []Line) error {
	var sum int64
	for _, l := range lines {
		sum += l.AmountMinor
	}
	if len(lines) > 0 && (o.AmountMinor == nil || sum != *o.AmountMinor) {
		return fault.Input("/lines", "opportunity.lines_not_whole", "lines must add up to the amount").With("sumMinor", sum)
	}
	return nil
}

// Patch changes fields; nil leaves a field as it is. Lines nil leaves the lines.
type Patch struct {
	Name, AccountID, Source, Currency *string
	AmountMinor                       **int64
	TaxIncluded                       *bool
	ExpectedOn                        *calendar.Date
	ConfidenceBP                      **int64
	Lines                             *[]Line
	Custom                            field.Values
	Reason                            string
}

// Edit changes an opportunity's own fields (re-price, re-date, confidence, …). It
// resets no clock: touching is not progressing. version is the one it was read
// at, 0 for bulk edits. Fault: record.stale.
func (s *Service) Edit(ctx context.Context, a org.Actor, id string, version int, p Patch) (o Opportunity, err error) {
	if err := a.Need(org.OppWrite); err != nil {
		return o, err
	}
	err = s.DB.Write(ctx, func(tx database.Tx) error {
		o, err = s.EditIn(ctx, tx, a, id, version, p)
		return err
	})
	return o, err
}

// EditIn is Edit inside a transaction; an import updates with it.
func (s *Service) EditIn(ctx context.Context, tx database.Tx, a org.Actor, id string, version int, p Patch) (Opportunity, error) {
	old, err := s.take(ctx, tx, a, a.Write, id)
	if err != nil {
		return old, err
	}
	if version != 0 && version != old.Version {
		return old, errStale
	}
	o := old
	set(&o.Name, p.Name)
	set(&o.AccountID, p.AccountID)
	set(&o.Source, p.Source)
	set(&o.Currency, p.Currency)
	set(&o.AmountMinor, p.AmountMinor)
	set(&o.TaxIncluded, p.TaxIncluded)
	set(&o.ExpectedOn, p.ExpectedOn)
	set(&o.ConfidenceBP, p.ConfidenceBP)
	o.Name, o.Source = pinyin.Fold(o.Name), pinyin.Fold(o.Source)
	if o.State != Open && (p.AmountMinor != nil || p.Currency != nil || p.Lines != nil) {
		return old, fault.New(fault.Rule, "opportunity.closed", "reopen it before changing the amount")
	}
	if err := o.check(a); err != nil {
		return old, err
	}
	v, err := s.Pipelines.Version(ctx, tx, a.TenantID, o.VersionID)
	if err != nil {
		return old, err
	}
	if p.AccountID != nil && o.AccountID != old.AccountID {
		if err := s.place(ctx, tx, a, &o, v); err != nil {
			return old, err
		}
	} else if p.ConfidenceBP != nil {
		if err := checkConfidence(o, v); err != nil {
			return old, err
		}
	}
	if old.ExpectedOn != "" && o.ExpectedOn > old.ExpectedOn {
		o.Pushes++
	}
	if err := s.editLines(ctx, tx, a, old, o, p); err != nil {
		return old, err
	}
	custom, err := s.Fields.Set(ctx, tx, a, "opportunity", id, p.Custom)
	if err != nil {
		return old, err
	}
	changed := changes(old, o)
	for k := range custom {
		changed["custom."+k] = true
	}
	if p.Lines != nil {
		changed["lines"] = *p.Lines
	}
	if len(changed) == 0 {
		return old, nil
	}
	o.Version++
	if err := s.Rows.Save(ctx, tx, a.TenantID, o); err != nil {
		return old, err
	}
	journal.Append(tx, a.By(), journal.Event{Subject: Ref(id), Kind: "opportunity.changed", On: a.Today, Payload: changed})
	return o, nil
}

func set[T any](to *T, from *T) {
	if from != nil {
		*to = *from
	}
}

// editLines keeps lines and amount together: a new amount without new lines is
// shared over the old lines in their proportion.
func (s *Service) editLines(ctx context.Context, tx database.Tx, a org.Actor, old, o Opportunity, p Patch) error {
	lines := []Line{}
	switch {
	case p.Lines != nil:
		lines = *p.Lines
	case p.AmountMinor != nil && (old.AmountMinor == nil || o.AmountMinor == nil || *old.AmountMinor != *o.AmountMinor):
		var err error
		if lines, err = s.Rows.Lines(ctx, tx, a.TenantID, o.ID); err != nil || len(lines) == 0 || o.AmountMinor == nil {
			return err
		}
		weights, any := make([]int64, len(lines)), false
		for i, l := range lines {
			weights[i] = max(0, l.AmountMinor)
			any = any || weights[i] > 0
		}
		if !any {
			weights[0] = 1
		}
		for i, part := range money.Split(*o.AmountMinor, weights) {
			lines[i].AmountMinor = part
		}
	default:
		return nil
	}
	if err := checkLines(o, lines); err != nil {
		return err
	}
	return unknownReference(s.Rows.SetLines(ctx, tx, a.TenantID, o.ID, lines), "/lines", "product.unknown")
}

// changes lists old and new of what figures depend on; names and texts only as
// "changed", because journal payloads hold no free text.
func changes(old, o Opportunity) map[string]any {
	out := map[string]any{}
	pair := func(key string, a, b any, same bool) {
		if !same {
			out[key] = []any{a, b}
		}
	}
	num := func(p *int64) any {
		if p == nil {
			return nil
		}
		return *p
	}
	pair("amountMinor", old.AmountMinor, o.AmountMinor, num(old.AmountMinor) == num(o.AmountMinor))
	pair("currency", old.Currency, o.Currency, old.Currency == o.Currency)
	pair("taxIncluded", old.TaxIncluded, o.TaxIncluded, old.TaxIncluded == o.TaxIncluded)
	pair("expectedOn", old.ExpectedOn, o.ExpectedOn, old.ExpectedOn == o.ExpectedOn)
	pair("confidenceBp", old.ConfidenceBP, o.ConfidenceBP, num(old.ConfidenceBP) == num(o.ConfidenceBP))
	pair("accountId", old.AccountID, o.AccountID, old.AccountID == o.AccountID)
	pair("region", old.Region, o.Region, old.Region == o.Region)
	if old.Name != o.Name {
		out["name"] = true
	}
	if old.Source != o.Source {
		out["source"] = true
	}
	return out
}

// Delete hides a record from lists and figures; Restore brings it back.
func (s *Service) Delete(ctx context.Context, a org.Actor, id string, deleted bool) error {
	if err := a.Need(org.OppWrite); err != nil {
		return err
	}
	return s.DB.Write(ctx, func(tx database.Tx) error {
		o, err := s.take(ctx, tx, a, a.Write, id)
		if err != nil || (o.DeletedAt != nil) == deleted {
			return err
		}
		kind := "opportunity.restored"
		o.DeletedAt = nil
		if deleted {
			kind, o.DeletedAt = "opportunity.deleted", &a.Now
		}
		o.Version++
		journal.Append(tx, a.By(), journal.Event{Subject: Ref(id), Kind: kind, On: a.Today, Payload: map[string]any{}})
		return s.Rows.Save(ctx, tx, a.TenantID, o)
	})
}

// SetShares says who is credited with a win; a win freezes them.
func (s *Service) SetShares(ctx context.Context, a org.Actor, id string, shares []Share) error {
	if err := a.Need(org.OppWrite); err != nil {
		return err
	}
	if err := checkShares(shares); err != nil {
		return err
	}
	return s.onOpen(ctx, a, id, "opportunity.shares_set", map[string]any{"shares": shares}, func(tx database.Tx, o *Opportunity) error {
		for _, sh := range shares {
			if _, ok := a.Structure.Members[sh.MemberID]; !ok {
				return fault.Input("/shares", "org.member_unknown", "no such member")
			}
		}
		return s.Rows.SetShares(ctx, tx, a.TenantID, id, shares)
	})
}

// SetTeam replaces the deal team.
func (s *Service) SetTeam(ctx context.Context, a org.Actor, id string, team []TeamMember) error {
	if err := a.Need(org.OppWrite); err != nil {
		return err
	}
	return s.onOpen(ctx, a, id, "opportunity.team_set", map[string]any{"size": len(team)}, func(tx database.Tx, o *Opportunity) error {
		for _, m := range team {
			if _, ok := a.Structure.Members[m.MemberID]; !ok {
				return fault.Input("/team", "org.member_unknown", "no such member")
			}
		}
		return s.Rows.SetTeam(ctx, tx, a.TenantID, id, team)
	})
}

// SetContacts replaces the customer's people in the deal and their roles; the
// contact clock is computed anew.
func (s *Service) SetContacts(ctx context.Context, a org.Actor, id string, contacts []DealContact) error {
	if err := a.Need(org.OppWrite); err != nil {
		return err
	}
	return s.onOpen(ctx, a, id, "opportunity.contacts_set", map[string]any{"size": len(contacts)}, func(tx database.Tx, o *Opportunity) error {
		for _, c := range contacts {
			if _, err := s.Accounts.Rows.Contact(ctx, tx, a.TenantID, a.Read, c.ContactID); err != nil {
				return fault.Input("/contacts", "contact.unknown", "no such contact")
			}
		}
		if err := s.Rows.SetContacts(ctx, tx, a.TenantID, id, contacts); err != nil {
			return err
		}
		var err error
		o.ContactOn, err = s.Rows.LastTwoWay(ctx, tx, a.TenantID, id)
		return err
	})
}

// SetCompetitors replaces the competitors by name; new names are added to the company's list.
func (s *Service) SetCompetitors(ctx context.Context, a org.Actor, id string, names []string) error {
	if err := a.Need(org.OppWrite); err != nil {
		return err
	}
	return s.onOpen(ctx, a, id, "opportunity.competitors_set", map[string]any{"size": len(names)}, func(tx database.Tx, o *Opportunity) error {
		var ids []string
		for _, n := range names {
			c, err := s.Accounts.CompetitorIn(ctx, tx, a, n)
			if err != nil {
				return err
			}
			if c != "" {
				ids = append(ids, c)
			}
		}
		return s.Rows.SetCompetitors(ctx, tx, a.TenantID, id, ids)
	})
}

// take reads a record that is about to change. Two changes of one record follow one
// another, so the second sees what the first did and is told.
func (s *Service) take(ctx context.Context, tx database.Tx, a org.Actor, scope org.Scope, id string) (Opportunity, error) {
	if err := tx.Alone(ctx, a.TenantID+" "+id); err != nil {
		return Opportunity{}, err
	}
	return s.Rows.Get(ctx, tx, a.TenantID, scope, id)
}

// onOpen runs a change on an open record in the actor's write scope and saves it.
func (s *Service) onOpen(ctx context.Context, a org.Actor, id, kind string, payload map[string]any, fn func(database.Tx, *Opportunity) error) error {
	return s.DB.Write(ctx, func(tx database.Tx) error {
		o, err := s.take(ctx, tx, a, a.Write, id)
		if err != nil {
			return err
		}
		if o.State != Open {
			return fault.New(fault.Rule, "opportunity.closed", "the opportunity is closed")
		}
		if err := fn(tx, &o); err != nil {
			return err
		}
		o.Version++
		journal.Append(tx, a.By(), journal.Event{Subject: Ref(id), Kind: kind, On: a.Today, Payload: payload})
		return s.Rows.Save(ctx, tx, a.TenantID, o)
	})
}
