package opportunityimport

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"yunchou/internal/calendar"
	"yunchou/internal/database"
	"yunchou/internal/fault"
	"yunchou/internal/field"
	"yunchou/internal/intake"
	"yunchou/internal/money"
	"yunchou/internal/opportunity"
	"yunchou/internal/opportunity/opportunitytable"
	"yunchou/internal/pipeline"
	"yunchou/internal/record"
)

// editing is a record of ours that a row names by its id, and what the row says differently of it.
type editing struct {
	*Deals
	x     *intake.Row
	id    string
	was   opportunitytable.Deal
	v     pipeline.Version
	since map[string]bool // fields that were written here since the table was
	notes []func()

	patch       opportunity.Patch
	competitors *[]string
	contacts    *[]opportunity.DealContact
	move        *opportunity.MoveRequest
	invented    bool // something only a dry run has: it cannot be tried and would be written
}

// ours changes the record whose id a row has, where its cells differ from what the record holds. A
// row whose id is none of a record in the actor's scope is refused, and does not tell why.
func (d *Deals) ours(x *intake.Row, id string) error {
	if d.edited[id] {
		x.Issue("error", intake.IDTarget, "import.id_twice", "another row has this id")
		return nil
	}
	d.edited[id] = true
	e := &editing{Deals: d, x: x, id: id}
	err := e.read()
	if fault.Is(err, fault.NotFound) {
		x.Issue("error", intake.IDTarget, "import.id_unknown", "none of your records has this id")
		return nil
	}
	if err != nil {
		return err
	}
	if e.was.DeletedAt != nil {
		if x.Deleted(e.was.Name); !x.Restores() {
			return nil
		}
	}
	if err := e.differences(); err != nil || x.Failed() {
		return err
	}
	t, err := intake.Try(d.run, e.write)
	if err != nil {
		return err
	}
	t.same = t.same && !e.invented
	t.told = append(t.told, e.notes...)
	d.count(t)
	return nil
}

// read reads the record, and what was changed here since the table was written.
func (e *editing) read() error {
	r := e.run
	names, err := e.tableNames()
	if err != nil {
		return err
	}
	return r.DB.Read(r.Ctx, func(tx database.Tx) (err error) {
		e.was.Names = names
		if e.was.Whole, err = e.service.WholeIn(r.Ctx, tx, r.Actor, e.id); err != nil {
			return err
		}
		if e.v, err = e.pipelines.Version(r.Ctx, tx, r.Actor.TenantID, e.was.VersionID); err != nil {
			return err
		}
		asOf, err := strconv.ParseInt(strings.ReplaceAll(e.x.Text("asOf"), ",", ""), 10, 64)
		if err != nil || asOf <= 0 {
			return nil
		}
		e.since, err = e.service.Since(r.Ctx, tx, r.Actor, e.id, database.Seq(asOf))
		return err
	})
}

// tableNames are what a table of deals calls what its records name, read once.
func (d *Deals) tableNames() (opportunitytable.Names, error) {
	if d.names.Products != nil {
		d.names.Org = d.run.Actor.Structure
		return d.names, nil
	}
	err := d.run.DB.Read(d.run.Ctx, func(tx database.Tx) (err error) {
		d.names, err = opportunitytable.NamesIn(d.run.Ctx, tx, d.service, d.run.Actor)
		return err
	})
	return d.names, err
}

// says is what a cell says of what the record holds, "" where it is that or blank.
func (e *editing) says(target string) string { return e.x.Says(target, e.was.Texts(target)...) }

// takes tells whether a value is taken that differs from what the record holds, and tells of it:
// what was written here since the table was stays, unless the file leads.
func (e *editing) takes(target, hand, said, held string) bool {
	if e.since[hand] && e.x.Table.Spec.Leads != "file" {
		e.notes = append(e.notes, func() { e.x.Note(target, "changed_since_export", said, held) })
		return false
	}
	e.notes = append(e.notes, func() { e.x.Note(target, "cell_changed", held, said) })
	return true
}

// differences finds what the row says differently.
func (e *editing) differences() error {
	e.patch = opportunity.Patch{Custom: field.Values{}, BatchID: e.run.BatchID}
	e.kept()
	e.texts()
	e.worth()
	if err := e.account(); err != nil {
		return err
	}
	if err := e.own(); err != nil {
		return err
	}
	if err := e.people(); err != nil {
		return err
	}
	e.goes()
	return nil
}

// kept tells of cells that differ and that no import changes.
func (e *editing) kept() {
	if owner := e.says("owner"); owner != "" {
		e.x.Issue("warning", "owner", "import.owner_kept", "records change hands by a hand-over")
	}
	for _, target := range []string{"team", "pipeline"} {
		if e.says(target) != "" {
			e.x.Issue("warning", target, "import.kept_here", "no import changes this")
		}
	}
	for target, held := range map[string]calendar.Date{"createdOn": e.was.CreatedOn, "lastContactOn": e.was.ContactOn} {
		if on := e.day(target, held); on != "" {
			e.x.Issue("warning", target, "import.kept_here", "no import changes this")
		}
	}
}

// day is the day a cell says, "" where it says no other than the record holds.
func (e *editing) day(target string, held calendar.Date) calendar.Date {
	if e.says(target) == "" {
		return ""
	}
	on, _ := e.x.Date(target)
	if on == held {
		return ""
	}
	return on
}

func (e *editing) texts() {
	was := e.was.Opportunity
	if e.says("name") != "" {
		if name := e.Deals.name(e.x); e.takes("name", opportunity.HandName, name, was.Name) {
			e.patch.Name = &name
		}
	}
	if e.says("source") != "" {
		if source := e.short(e.x, "source", mostSource); e.takes("source", opportunity.HandSource, source, was.Source) {
			e.patch.Source = &source
		}
	}
	if region := e.says("region"); region != "" && e.takes("region", opportunity.HandRegion, region, was.Region) {
		e.patch.Region = &region
	}
	if on := e.day("expectedOn", was.ExpectedOn); on != "" && e.takes("expectedOn", opportunity.HandExpected, string(on), string(was.ExpectedOn)) {
		e.patch.ExpectedOn = &on
	}
	if e.x.Says("confidence", percent(was.ConfidenceBP), hundredths(was.ConfidenceBP)) == "" {
		return
	}
	bp := e.x.Percent("confidence")
	if bp != nil && percent(bp) != percent(was.ConfidenceBP) && e.takes("confidence", opportunity.HandConfidence, percent(bp), percent(was.ConfidenceBP)) {
		e.patch.ConfidenceBP = &bp
	}
}

// hundredths is a rate as the table has it.
func hundredths(bp *int64) string {
	if bp == nil {
		return ""
	}
	return money.Decimal(*bp, 2) + "%"
}

// account finds the account the row names, and makes it where it is not there.
func (e *editing) account() error {
	said := e.says("account")
	if said == "" || e.isAccount(said) || !e.takes("account", opportunity.HandAccount, said, e.was.AccountName) {
		return nil
	}
	id := e.accountOf(e.x)
	if e.run.Invented(id) {
		e.invented = true
		return nil
	}
	if id == "" {
		return nil
	}
	e.patch.AccountID = &id
	if e.run.DryRun {
		return nil
	}
	return e.run.Flush() // it may be new
}

// own finds the own fields that differ.
func (e *editing) own() error {
	members := e.members()
	for key, f := range e.run.Fields(record.Opportunity) {
		target := "custom." + key
		held := e.was.Custom[key]
		shown := held
		if f.Type == field.Person {
			shown = e.was.Names.Org.Members[held].Name
		}
		if !e.x.Has(target) || e.x.Says(target, shown) == "" {
			continue
		}
		said := e.x.OwnValue(target, f, members.Named)
		if said == "" {
			continue
		}
		v, err := f.Parse(said, e.run.Actor)
		if err != nil {
			return err
		}
		if f.Format(v, e.run.Actor.Company.Currency) == held || !e.takes(target, target, e.x.WordsInLine(target), shown) {
			continue
		}
		if e.run.Invented(f.ID) {
			e.invented = true
			continue
		}
		e.patch.Custom[key] = said
	}
	return nil
}

// write writes what differs, with what it found and left. Nothing is written of a row that says
// nothing new; of a record somebody changed since it was read a moment ago the row is refused.
func (e *editing) write(tx database.Tx) (t attempt, err error) {
	r, s := e.run, e.service
	t.same = true
	if !e.some() && e.was.DeletedAt == nil {
		return t, nil
	}
	was, before, err := e.take(tx, e.x, e.id)
	if err != nil || before.Deleted && was.DeletedAt != nil {
		return t, err
	}
	if !before.Deleted && was.Version != e.was.Version {
		return t, record.ErrStale
	}
	before.Hold(e.was.Parts)
	o, err := s.EditIn(r.Ctx, tx, r.Actor, e.id, 0, e.patch)
	if err == nil && e.competitors != nil {
		o, err = s.SetCompetitorsIn(r.Ctx, tx, r.Actor, e.id, *e.competitors)
	}
	if err == nil && e.contacts != nil {
		o, err = s.SetContactsIn(r.Ctx, tx, r.Actor, e.id, *e.contacts)
	}
	if err == nil && e.move != nil {
		o, err = s.MoveIn(r.Ctx, tx, r.Actor, e.id, *e.move)
	}
	if err != nil || o.Version == was.Version && !before.Deleted {
		return t, err
	}
	now, err := s.WholeIn(r.Ctx, tx, r.Actor, e.id)
	if err != nil {
		return t, err
	}
	after, err := s.StatedOf(r.Ctx, tx, r.Actor, now.Opportunity)
	if err != nil {
		return t, err
	}
	after.Hold(now.Parts)
	t.same = false
	return t, r.Changed(tx, opportunity.Ref(e.id), now.Version, before, after)
}

// some tells whether the row says something new.
func (e *editing) some() bool {
	p := e.patch
	return p.Name != nil || p.AccountID != nil || p.Source != nil || p.Currency != nil || p.Region != nil || p.AmountMinor != nil ||
		p.ExpectedOn != nil || p.ConfidenceBP != nil || p.Lines != nil || len(p.Custom) > 0 ||
		e.competitors != nil || e.contacts != nil || e.move != nil
}

// goes finds whether stage and state say another than where the record stands, and how it goes there.
func (e *editing) goes() {
	was := e.was.Opportunity
	stage, state := e.says("stage"), e.says("outcome")
	if stage == "" && state == "" {
		e.facts()
		return
	}
	to, ok := e.goal(stage, state)
	if !ok || to.StageID == was.StageID && to.State == was.State {
		return
	}
	if was.State != opportunity.Open {
		e.x.Issue("error", "stage", "opportunity.closed", "reopen it first")
		return
	}
	if !e.takes("stage", opportunity.SinceStage, cmp.Or(state, stage), cmp.Or(e.was.Names.Stages[was.StageID], string(was.State))) {
		return
	}
	m := opportunity.MoveRequest{To: to.StageID}
	if to.State != opportunity.Open {
		e.closes(&m, to.State)
	}
	e.move = &m
}

// goal is where stage and state say the record stands: a state says how it ended, a stage where it
// is.
func (e *editing) goal(stage, state string) (to opportunity.Visit, ok bool) {
	code := opportunity.State(opportunitytable.States.Code(state))
	if end, known := endOf(state); state != "" && code == "" && known {
		code = opportunity.State(cmp.Or(end, string(opportunity.Open)))
	}
	if state != "" && code == "" {
		e.x.Issue("error", "outcome", "import.state_unknown", "open, won, lost or withdrawn")
		return to, false
	}
	var st pipeline.Stage
	if stage != "" {
		if st, ok = e.v.StageNamed(stage); !ok {
			e.x.Issue("error", "stage", "pipeline.stage_unknown", "the pipeline has no stage of this name")
			return to, false
		}
	}
	switch {
	case code == "" || code == opportunity.State(st.Kind):
		return opportunity.Visit{StageID: st.ID, State: opportunity.State(st.Kind)}, true
	case code == opportunity.Withdrawn:
		return opportunity.Visit{State: code}, true
	case code == opportunity.Open && stage == "":
		return opportunity.Visit{StageID: e.was.StageID, State: code}, true
	case stage != "" && st.Kind != pipeline.Open: // 赢单 beside a stage of losses
		e.x.Issue("error", "outcome", "import.state_disagrees", "stage and state say different ends")
		return to, false
	}
	return opportunity.Visit{StageID: e.v.OfKind(pipeline.Kind(code)).ID, State: code}, true
}

// closes reads the facts of a closing. What it is worth holds from its day.
func (e *editing) closes(m *opportunity.MoveRequest, state opportunity.State) {
	m.On, _ = e.x.Past("closedOn")
	if e.patch.AmountMinor != nil && *e.patch.AmountMinor != nil {
		m.Terms = &opportunity.Terms{AmountMinor: **e.patch.AmountMinor, Currency: e.was.Currency}
		if e.patch.Currency != nil {
			m.Terms.Currency = *e.patch.Currency
		}
		if e.patch.Lines != nil {
			m.Terms.Lines = *e.patch.Lines
		}
		e.patch.AmountMinor, e.patch.Currency, e.patch.Lines = nil, nil, nil
	}
	switch state {
	case opportunity.Won:
		m.SignedOn, _ = e.x.Date("signedOn")
		currency := e.was.Currency
		if m.Terms != nil {
			currency = m.Terms.Currency
			m.ContractMinor = &m.Terms.AmountMinor
		}
		if v, in := e.x.Money("contract", currency); v != nil && in == currency {
			m.ContractMinor = v
		}
	case opportunity.Withdrawn:
		m.To = "withdrawn"
		m.LossKind, m.Reason, _ = e.lossOf(e.x, "", state)
		m.LossKind = cmp.Or(m.LossKind, opportunity.Invalid)
	default:
		m.LossKind, m.Reason, m.CompetitorID = e.lossOf(e.x, "", state)
	}
}

// facts tells of what a row says otherwise of how a record was closed, that it leaves as it is.
func (e *editing) facts() {
	closed := e.was.State != opportunity.Open
	tell := func(target, said string) {
		if closed {
			held := e.was.Texts(target)
			e.notes = append(e.notes, func() { e.x.Note(target, "closing_kept", said, strings.Join(slices.Compact(held), "")) })
			return
		}
		e.x.Issue("warning", target, "import.kept_here", "it is open: this is said when it is closed")
	}
	for _, target := range []string{"lossKind", "lossReason", "competitor"} {
		if said := e.says(target); said != "" {
			tell(target, said)
		}
	}
	for target, held := range map[string]calendar.Date{"closedOn": e.was.ClosedOn, "signedOn": e.was.SignedOn} {
		if on := e.day(target, held); on != "" {
			tell(target, string(on))
		}
	}
	if v := e.amount("contract", e.was.ContractMinor, e.was.Currency); v != nil {
		tell("contract", written(v, e.was.Currency))
	}
}

// amount is what a cell says, nil where it says no other amount than the record holds.
func (e *editing) amount(target string, held *int64, currency string) *int64 {
	text := ""
	if held != nil {
		text = money.Decimal(*held, money.Digits(currency))
	}
	if e.x.Says(target, text) == "" {
		return nil
	}
	v, in := e.x.Money(target, currency)
	if v == nil || in == currency && held != nil && *v == *held {
		return nil
	}
	return v
}
