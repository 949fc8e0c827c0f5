// Package app wires the capabilities to a database: the one list of what the
// program is made of, shared by the commands, the server and the tests.
package app

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"maps"
	"path/filepath"
	"sync"
	"time"

	"yunchou/internal/account"
	"yunchou/internal/account/accountdb"
	"yunchou/internal/account/accountimport"
	"yunchou/internal/audit"
	"yunchou/internal/audit/auditdb"
	"yunchou/internal/calendar"
	"yunchou/internal/change"
	"yunchou/internal/change/changedb"
	"yunchou/internal/company"
	"yunchou/internal/company/companydb"
	"yunchou/internal/competitor"
	"yunchou/internal/confirm"
	"yunchou/internal/conversation"
	"yunchou/internal/credit/creditdb"
	"yunchou/internal/database"
	"yunchou/internal/desk"
	"yunchou/internal/field"
	"yunchou/internal/field/fielddb"
	"yunchou/internal/file"
	"yunchou/internal/file/filedb"
	"yunchou/internal/followup"
	"yunchou/internal/followup/followupdb"
	"yunchou/internal/funnel"
	"yunchou/internal/funnel/engine"
	"yunchou/internal/funnel/engine/enginedb"
	"yunchou/internal/funnel/funneldb"
	"yunchou/internal/guidance"
	"yunchou/internal/handover"
	"yunchou/internal/handover/handoverdb"
	"yunchou/internal/idempotency"
	"yunchou/internal/idempotency/idempotencydb"
	"yunchou/internal/identity"
	"yunchou/internal/identity/identitydb"
	"yunchou/internal/intake"
	"yunchou/internal/intake/intakedb"
	"yunchou/internal/mention"
	"yunchou/internal/mention/mentiondb"
	"yunchou/internal/merge/mergedb"
	"yunchou/internal/notice"
	"yunchou/internal/opportunity"
	"yunchou/internal/opportunity/opportunitydb"
	"yunchou/internal/opportunity/opportunityimport"
	"yunchou/internal/org"
	"yunchou/internal/org/orgdb"
	"yunchou/internal/org/orgimport"
	"yunchou/internal/outgoing"
	"yunchou/internal/pipeline"
	"yunchou/internal/pipeline/pipelinedb"
	"yunchou/internal/pipeline/pipelineimport"
	"yunchou/internal/reader"
	"yunchou/internal/reader/readerdb"
	"yunchou/internal/record"
	"yunchou/internal/record/kinds"
	"yunchou/internal/record/recorddb"
	"yunchou/internal/replay"
	"yunchou/internal/safekeep"
	"yunchou/internal/savedview"
	"yunchou/internal/savedview/savedviewdb"
	"yunchou/internal/task"
	"yunchou/internal/task/taskdb"
	"yunchou/internal/tie"
	"yunchou/internal/tie/tiedb"
	"yunchou/internal/timeline"
	"yunchou/internal/timeline/timelinedb"
	"yunchou/internal/timetable"
	"yunchou/internal/timetable/timetabledb"
	"yunchou/internal/upgrade"
	"yunchou/internal/upgrade/upgradedb"
	"yunchou/internal/worktime"
	"yunchou/internal/worktime/worktimedb"
)

// App is every capability on one database.
type App struct {
	DB            *database.DB
	Org           *org.Service
	Identity      *identity.Service
	Audit         *audit.Service
	Records       record.Rows
	Kinds         kinds.Registry
	Fields        *field.Service
	Accounts      *account.Service
	Pipelines     *pipeline.Service
	Opportunities *opportunity.Service
	Funnel        *funnel.Service
	Engine        *engine.Engine
	Intake        *intake.Service
	Files         *file.Store
	Mentions      *mention.Service
	Conversations *conversation.Service
	Guidance      *guidance.Service
	Changes       *change.Service
	Ties          *tie.Service
	Confirms      *confirm.Service
	Competitors   *competitor.Service
	Notices       *notice.Service
	Live          *notice.Hub
	Outgoing      *outgoing.Service
	Tasks         *task.Service
	Timeline      *timeline.Service
	Timetable     *timetable.Service
	Feed          *reader.Feed
	Readers       *reader.Runner
	FollowUps     *followup.Service
	Handovers     *handover.Service
	Views         *savedview.Service
	Times         *worktime.Service
	Desk          *desk.Service
	Companies     *company.Service
	Log           *slog.Logger
	Dir           string
	Now           func() time.Time
	// Lists are the files that say who was erased, outside the database.
	Lists []string
	// KeptDays is how many days copies live that a restore or a schema change kept; 0 is for ever.
	KeptDays int
	// Serving: people work with it, and wait where it is busy.
	Serving bool
	// Backups is the schedule of backups, nil where there is none.
	Backups *safekeep.Schedule
	Watch   Watch

	keys *idempotency.Keys
}

// New wires the capabilities. now is the clock.
func New(db *database.DB, dir string, log *slog.Logger, now func() time.Time) *App {
	a := &App{DB: db, Records: recorddb.Rows{}, Log: log, Dir: dir, Now: now}
	keys := &idempotency.Keys{DB: db, Rows: idempotencydb.Rows{}}
	a.Org = &org.Service{DB: db, Rows: orgdb.Rows{}, Values: recorddb.Values{}, Keys: keys, Now: now}
	a.Audit = &audit.Service{DB: db, Rows: auditdb.Rows{}, Org: a.Org, Log: log, Now: now}
	a.Identity = &identity.Service{DB: db, Rows: identitydb.Rows{}, Org: a.Org, Now: now}
	a.Identity.Key = identity.KeyIn(dir)
	a.Org.SignIns = a.Identity
	a.Fields = &field.Service{DB: db, Rows: fielddb.Rows{}, Keys: keys}
	a.Accounts = &account.Service{DB: db, Keys: keys, Rows: accountdb.Rows{}, Records: a.Records, Values: recorddb.Values{}, Fields: a.Fields,
		Merges: mergedb.Rows{}}
	a.Pipelines = &pipeline.Service{DB: db, Rows: pipelinedb.Rows{}, Keys: keys}
	a.Opportunities = &opportunity.Service{DB: db, Rows: opportunitydb.Rows{}, Records: a.Records, Values: recorddb.Values{}, Credit: creditdb.Rows{},
		Accounts: a.Accounts, Pipelines: a.Pipelines, Fields: a.Fields, Keys: keys,
		Still: a.Org.Still, Calendar: a.Org.Calendar, Rates: a.Org.RatesOn}
	a.Pipelines.Remapper, a.Org.Placings, a.Org.TeamRecords = a.Opportunities, a.Opportunities, a.Opportunities
	a.Accounts.Deals, a.Org.Lines = a.Opportunities, a.Accounts
	a.Kinds = kinds.Registry{"opportunity": opportunity.Kind{Service: a.Opportunities}, "account": account.Kind{Service: a.Accounts},
		"contact": account.ContactKind{Service: a.Accounts}}
	a.Audit.Kinds = a.Kinds
	a.Engine = engine.New(db, funneldb.Source{}, enginedb.Rows{}, columnsDir(dir))
	a.Engine.Concerns = concerns
	a.Opportunities.Memory, a.Accounts.Memory = a.Engine, a.Engine
	a.Funnel = &funnel.Service{DB: db, Source: a.Engine, Pipelines: a.Pipelines, Opportunities: a.Opportunities, Calendar: a.Org.Calendar,
		Choices: a.Org.ChoicesKnown, Now: now, Dir: columnsDir(dir), Wait: funnel.Soon}
	a.Timetable = &timetable.Service{DB: db, Rows: timetabledb.Rows{}, Now: now}
	a.Feed = &reader.Feed{DB: db, Rows: readerdb.Rows{}, Log: log}
	a.Funnel.Head = a.Feed.Head
	a.Feed.Follow(a.Engine.Moved)
	a.Readers = &reader.Runner{DB: db, Rows: readerdb.Rows{}, Feed: a.Feed, Log: log, Now: now}
	a.Org.Pricings = pricings{a.Timetable}
	a.Changes = &change.Service{DB: db, Keys: keys, Rows: changedb.Rows{}, Accounts: a.Accounts, Deals: a.Opportunities, Calendar: a.Org.Calendar, Job: a.Org.Job}
	a.Intake = &intake.Service{DB: db, Rows: intakedb.Rows{}, Records: a.Records, Org: a.Org, Fields: a.Fields, Keys: keys,
		Timetable: a.Timetable, Dir: dir, Log: log, Importers: []intake.Importer{
			opportunityimport.Importer{Opportunities: a.Opportunities, Accounts: a.Accounts, Pipelines: a.Pipelines},
			accountimport.Importer{Accounts: a.Accounts, Proposals: a.Changes}, orgimport.Importer{Org: a.Org},
			accountimport.ProductImporter{Accounts: a.Accounts}, pipelineimport.Importer{Pipelines: a.Pipelines}}}
	a.Audit.Called = map[string]audit.Called{"pipeline": a.Pipelines.Called, "field": a.Fields.Called, "import": a.Intake.Called}
	a.Tasks = &task.Service{DB: db, Keys: keys, Rows: taskdb.Rows{}, Records: a.Records, Kinds: a.Kinds, Timetable: a.Timetable, Job: a.Org.Job}
	a.FollowUps = &followup.Service{DB: db, Keys: keys, Rows: followupdb.Rows{}, Records: a.Records, Kinds: a.Kinds,
		Subjects: map[string]followup.Subject{"opportunity": opportunity.Kind{Service: a.Opportunities}, "account": account.Kind{Service: a.Accounts}}}
	a.Opportunities.Talks = a.FollowUps
	a.Handovers = &handover.Service{DB: db, Rows: handoverdb.Rows{}, Keys: keys, Still: a.Org.Still, Along: []handover.Along{a.Tasks}, Kinds: []handover.Kind{
		{Name: "opportunity", Takes: opportunity.Kind{Service: a.Opportunities}}, {Name: "account", Takes: account.Kind{Service: a.Accounts}},
		{Name: "task", Takes: a.Tasks}}}
	a.Org.Leavings = a.Handovers
	talked := a.talked()
	a.Files = &file.Store{DB: db, Rows: filedb.Rows{}, Records: a.Records, Kinds: talked, Talks: a.Conversations.Reading, Dir: dir,
		Needed: []file.Needs{a.Opportunities}}
	a.Opportunities.Files, a.Conversations.Files = a.Files, messageFiles{a.Files}
	a.Timeline = &timeline.Service{DB: db, Rows: timelinedb.Rows{Talks: a.Conversations.Reading}, Kinds: a.Kinds, Families: a.Accounts, Moves: a.Opportunities,
		Tellers: []timeline.Teller{a.FollowUps, a.Tasks, a.Opportunities, a.Files, a.Accounts, a.Handovers, a.Conversations}} // files after evidence, which may be one
	a.Mentions = &mention.Service{DB: db, Rows: mentiondb.Rows{}, Accounts: a.Accounts, Files: a.Files, Kinds: talked}
	a.Accounts.Mentions = a.Mentions
	a.Views = &savedview.Service{DB: db, Rows: savedviewdb.Rows{}}
	a.Times = &worktime.Service{DB: db, Rows: worktimedb.Rows{}, Keys: keys, Calendar: a.Org.Calendar}
	a.Changes.Tasks, a.Changes.Times, a.Changes.Talks, a.Handovers.Then = a.Tasks, a.Times, a.FollowUps, []handover.Follows{a.Changes}
	a.Timeline.Tellers = append(a.Timeline.Tellers, change.Told{Service: a.Changes})
	a.Ties = &tie.Service{DB: db, Keys: keys, Rows: tiedb.Rows{}, Accounts: a.Accounts, Timetable: a.Timetable, Times: a.Times, Calendar: a.Org.Calendar, Job: a.Org.Job}
	a.asks(keys)
	a.gives()
	a.noticed()
	a.Tasks.Times = a.Times
	a.desks(keys)
	a.Fields.Named = naming{a.Views, a.Intake}
	a.Companies = &company.Service{DB: db, Rows: companydb.Rows{}, Now: now, Tell: a.TellLists, Forget: a.forget}
	a.keys, a.Accounts.Forgets = keys, []account.Forgets{imports{a.Intake}, answers{keys}, talks{a.Conversations}, a.Changes, a.Ties, erasing{a}}
	return a
}

// Prepare does for every company what an upgrade or a kill may have left: the years and the
// pipelines that come with the program, and records a new version of their pipeline has not taken
// over.
func (a *App) Prepare(ctx context.Context) error {
	all, err := a.Org.Companies(ctx)
	if err != nil {
		return err
	}
	for _, c := range all {
		if c.Closing {
			continue
		}
		actor, err := a.Org.System(ctx, c.ID, "", "job")
		if err != nil {
			return err
		}
		if err := errors.Join(a.Org.Adopt(ctx, actor), a.Pipelines.Ship(ctx, actor), a.Pipelines.TakeOver(ctx, actor)); err != nil {
			return err
		}
	}
	return nil
}

// columnsDir is where the funnel's columns are kept between starts.
func columnsDir(dir string) string {
	if dir == "" {
		return ""
	}
	return filepath.Join(dir, "columns")
}

// NewCompany makes a company with its first administrator and the pipelines that
// ship ready, and returns an actor for it. Cut short after the first of its steps, the company is
// there and Prepare does the rest at the next start.
func (a *App) NewCompany(ctx context.Context, in org.Setup) (org.Actor, error) {
	c, admin, err := a.Org.CreateCompany(ctx, in)
	if err != nil {
		return org.Actor{}, err
	}
	actor, err := a.Org.System(ctx, c.ID, admin, cmp.Or(in.Path, "form"))
	if err != nil {
		return actor, err
	}
	actor.Address = in.Address
	if err := a.Org.Adopt(ctx, actor); err != nil {
		return actor, err
	}
	return actor, a.Pipelines.Ship(ctx, actor)
}

// Work works the timetable off until the context ends and what was begun has stopped: the
// one list of what falls due.
func (a *App) Work(ctx context.Context) {
	kinds := a.Intake.Jobs()
	kinds["pipeline.take_over"] = timetable.Handler{Every: time.Hour, Do: a.takingOver} // what was cut short while nobody followed the journal
	kinds[carryOver] = timetable.Handler{Do: a.takingOver}
	kinds["opportunity.follow"] = timetable.Handler{Every: time.Minute, Do: a.following()}
	kinds["opportunity.price"] = timetable.Handler{Every: time.Minute, Do: a.pricing}
	a.purging(kinds)
	maps.Copy(kinds, a.Guidance.Fires())
	maps.Copy(kinds, a.Ties.Fires())
	kinds["tie.leavers"] = timetable.Handler{Every: time.Hour, Do: func(ctx context.Context, j *timetable.Job) error { return a.Ties.Leavers(ctx, j.TenantID) }}
	kinds[task.Comes] = timetable.Handler{Fire: a.Tasks.ComeAgain}
	kinds[rateStated] = timetable.Handler{Do: a.pricing}
	r := &timetable.Runner{Service: a.Timetable, Log: a.Log}
	var sending sync.WaitGroup
	sending.Go(func() { // beside the others: a server that does not answer holds no import up
		(&timetable.Runner{Service: a.Timetable, Log: a.Log}).Run(ctx, a.Outgoing.Handlers())
	})
	r.Run(ctx, kinds)
	sending.Wait()
}

// following notes, once a day, the teams of records whose owner's announced transfer has
// come; a process that has just started looks further back.
func (a *App) following() func(ctx context.Context, j *timetable.Job) error {
	var mu sync.Mutex
	done := map[string]calendar.Date{} // by company: the last day
	return func(ctx context.Context, j *timetable.Job) error {
		actor, err := a.Org.System(ctx, j.TenantID, "", "job")
		if err != nil {
			return err
		}
		mu.Lock()
		last, known := done[j.TenantID]
		mu.Unlock()
		if !known {
			last = actor.Today.Add(-366)
		}
		if last == actor.Today {
			return nil
		}
		if err := a.Opportunities.Follow(ctx, actor, last); err != nil {
			return err
		}
		mu.Lock()
		defer mu.Unlock()
		done[j.TenantID] = actor.Today
		return nil
	}
}

// followedAll notes the teams of today of all records of a company that was played, whose
// entries go on from there.
func (a *App) followedAll(ctx context.Context, tenant string) error {
	if err := a.Org.GoOn(ctx, tenant); err != nil {
		return err
	}
	actor, err := a.Org.System(ctx, tenant, "", "job")
	if err != nil {
		return err
	}
	return a.Opportunities.Follow(ctx, actor, record.Start)
}

// Replay plays a company's journal into this database, whose other tables are empty.
func (a *App) Replay() *replay.Service {
	return &replay.Service{DB: a.DB, Actor: a.Org.As, Then: a.followedAll, Kinds: replay.All(
		a.Org.Replays(), a.Identity.Replays(), a.Audit.Replays(), a.Pipelines.Replays(), a.Fields.Replays(), a.Accounts.Replays(), a.Opportunities.Replays(), a.FollowUps.Replays(),
		a.Tasks.Replays(), a.Handovers.Replays(), a.Files.Replays(), a.Conversations.Replays(), a.Guidance.Replays(), a.Changes.Replays(), a.Ties.Replays(), a.Confirms.Replays(), a.Competitors.Replays(), a.Views.Replays(), a.Times.Replays(), a.Desk.Replays(), a.Outgoing.Replays(), a.Intake.Replays(), a.Funnel.Replays(),
		upgrade.Replays(upgradedb.Rows{}))}
}

// rateStated is the work that a rate which was stated makes at once; "opportunity.price" is
// the same on the day of one that was announced, and again for what was written meanwhile.
const rateStated = "opportunity.rate_stated"

type pricings struct{ *timetable.Service }

// RateStated implements org.Pricings. There may be more records than one transaction
// writes, so it is a job of its own, which begins once the rate is committed.
func (p pricings) RateStated(ctx context.Context, tx database.Tx, a org.Actor) error {
	_, err := p.Add(ctx, tx, timetable.Row{TenantID: a.TenantID, Kind: rateStated, Key: record.NewID(a.Now), CreatedBy: a.Effective()})
	return err
}

// pricing states amounts in the company's currency at today's rates, from where its job
// is.
func (a *App) pricing(ctx context.Context, j *timetable.Job) error {
	actor, err := a.Org.System(ctx, j.TenantID, "", "job")
	if err != nil {
		return err
	}
	var at opportunity.Priced
	if err := json.Unmarshal(j.Progress, &at); err != nil {
		return err
	}
	_, err = a.Opportunities.Price(ctx, actor, at, func(tx database.Tx, next opportunity.Priced) error { return j.Save(ctx, tx, next) })
	return err
}
