package opportunity

import (
	"context"
	"errors"

	"yunchou/internal/account"
	"yunchou/internal/calendar"
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
	Totals(ctx context.Context, tx database.Tx, tenant string, s org.Scope, f Filter) ([]Total, error)
	Insert(ctx context.Context, tx database.Tx, tenant string, list []Opportunity) error
	Save(ctx context.Context, tx database.Tx, tenant string, o Opportunity) error
	OwnedBy(ctx context.Context, tx database.Tx, tenant, member string, limit int) ([]string, error)
	Names(ctx context.Context, tx database.Tx, tenant string, s org.Scope, ids []string) (map[string]string, error)
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

	Credit(ctx context.Context, tx database.Tx, a org.Actor, lines []CreditLine) error
	VoidCredit(ctx context.Context, tx database.Tx, a org.Actor, id string) error
	CreditOf(ctx context.Context, tx database.Tx, tenant, id string) ([]CreditLine, error)

	InsertHandover(ctx context.Context, tx database.Tx, a org.Actor, h Handover) error
	Handovers(ctx context.Context, tx database.Tx, tenant, to string) ([]Handover, error)
	ConfirmHandover(ctx context.Context, tx database.Tx, a org.Actor, id string) error
}

// Service holds the use cases. Every path — form, board, bulk, import, API, command
// line — comes through them.
type Service struct {
	DB        *database.DB
	Rows      Rows
	Records   record.Rows
	Accounts  *account.Service
	Pipelines *pipeline.Service
	Fields    *field.Service
	Keys      *idempotency.Keys
	Calendar  func(tenant string) calendar.Calendar
	Promises  Promises
	// Memory searches and adds up lists; nil leaves it to SQL.
	Memory Finder
}

// Promises are the open tasks of records: those of the old owner go along with a hand-over.
type Promises interface {
	HandOver(ctx context.Context, tx database.Tx, a org.Actor, on record.Ref, from, to string) error
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
	o := Opportunity{ID: in.ID, Custom: in.Custom, Name: text.Fold(in.Name), AccountID: in.AccountID, OwnerID: in.OwnerID, AmountMinor: in.AmountMinor, Currency: in.Currency,
		TaxIncluded: in.TaxIncluded == nil || *in.TaxIncluded, ExpectedOn: in.ExpectedOn, ConfidenceBP: in.ConfidenceBP, Source: text.Fold(in.Source),
		CreatedOn: a.Today, CreatedAt: a.Now, CreatedBy: a.Effective(), State: Open, EnteredOn: a.Today, ProgressOn: a.Today, Version: 1}
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
		stay := Stay{Ord: ordStep, ID: record.NewID(a.Now), PipelineID: v.PipelineID, VersionID: v.ID, StageID: o.StageID, State: Open, Move: pipeline.Create,
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
	if err := s.Records.FirstOwners(ctx, tx, a.TenantID, "opportunity", []record.Ownership{{RecordID: o.ID, MemberID: o.OwnerID, TeamID: o.TeamID, From: a.Today}}); err != nil {
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

// take reads a record that is about to change. Two changes of one record follow one
// another, so the second sees what the first did and is told.
func (s *Service) take(ctx context.Context, tx database.Tx, a org.Actor, scope org.Scope, id string) (Opportunity, error) {
	if err := tx.Alone(ctx, a.TenantID+" "+id); err != nil {
		return Opportunity{}, err
	}
	return s.Rows.Get(ctx, tx, a.TenantID, scope, id)
}

// alone is what comes before take where one transaction changes several records: two that
// list the same ones in other orders do not wait for each other.
func (s *Service) alone(ctx context.Context, tx database.Tx, a org.Actor, ids []string) error {
	keys := make([]string, len(ids))
	for i, id := range ids {
		keys[i] = a.TenantID + " " + id
	}
	return tx.AloneAll(ctx, keys)
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
