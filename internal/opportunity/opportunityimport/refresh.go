package opportunityimport

import (
	"encoding/json"
	"reflect"
	"slices"

	"yunchou/internal/account/accountimport"
	"yunchou/internal/database"
	"yunchou/internal/intake"
	"yunchou/internal/opportunity"
	"yunchou/internal/pipeline"
	"yunchou/internal/record"
)

// growing is a case about which a log says more.
type growing struct {
	*Deals
	x   *intake.Row
	id  string
	v   pipeline.Version // the log's
	log caseLog
}

// attempt is what one try of a write found out: a transaction may run again.
type attempt struct {
	same bool     // nothing is other than it was, though something was written down
	told []func() // what is told of the row
}

func (t *attempt) tell(fn func()) { t.told = append(t.told, fn) }

// refresh brings a case that is there together with what a log says of it.
func (d *Deals) refresh(x *intake.Row, id string, v pipeline.Version, log caseLog) error {
	r := d.run
	if r.Would(id) { // of this dry run
		changed, err := d.would.grows(d, v, x.Text("case"), log)
		if d.count(attempt{same: !changed}); err != nil {
			return err
		}
		return nil
	}
	if d.waits(id) || !r.DryRun && intake.PartOf[*accountimport.Accounts](r).Waiting() > 0 && log.namesAccount() { // it may be new
		if err := r.Flush(); err != nil {
			return err
		}
	}
	found, err := d.found(id)
	if err != nil {
		return err
	}
	if found.DeletedAt != nil {
		if x.Deleted(found.Name); !x.Restores() {
			return nil
		}
	}
	g := growing{Deals: d, x: x, id: id, v: v, log: log}
	t, err := d.try(log.invented(r), g.grow)
	if err == nil {
		d.count(t)
	}
	return err
}

// invented tells whether a log names what a dry run would have made.
func (l caseLog) invented(r *intake.Run) bool {
	return slices.ContainsFunc(l.Events, func(e happening) bool {
		_, fields := r.Definite(record.Opportunity, e.Custom)
		return fields || r.Invented(e.Owner) || r.Invented(e.Account)
	})
}

// namesAccount tells whether some event says whose a case is.
func (l caseLog) namesAccount() bool {
	return slices.ContainsFunc(l.Events, func(e happening) bool { return e.Account != "" })
}

// count counts what became of a record that is there, and tells what there is to tell.
func (d *Deals) count(t attempt) {
	for _, tell := range t.told {
		tell()
	}
	if t.same {
		d.run.Sum.Unchanged["opportunity"]++
	} else {
		d.run.Sum.Updated["opportunity"]++
	}
}

// try writes, or tries, a change. What hangs on records that are not there cannot be tried: it
// would be written.
func (d *Deals) try(invented bool, fn func(tx database.Tx) (attempt, error)) (attempt, error) {
	if d.run.DryRun && invented {
		return attempt{}, nil
	}
	return intake.Try(d.run, fn)
}

// grow tells a case anew with what a log says more.
func (g growing) grow(tx database.Tx) (t attempt, err error) {
	r := g.run
	was, before, err := g.take(tx, g.x, g.id)
	if err != nil || before.Deleted && was.DeletedAt != nil {
		return attempt{same: true}, err // deleted since the row was read
	}
	t.same = true
	teller := teller{g.service, g.pipelines, r.Actor}
	list, err := r.Standing(tx, opportunity.Ref(g.id))
	if err != nil {
		return t, err
	}
	c, err := teller.known(r.Ctx, tx, was, list, g.log)
	if err != nil {
		return t, err
	}
	if c.v.PipelineID != was.PipelineID {
		t.tell(func() { g.x.Issue("warning", "activity", "import.other_pipeline", was.Name) })
		return t, nil
	}
	own := caseLog{Source: g.log.Source, Version: c.v.ID, Events: g.log.in(c.v, c.versions).Events}
	for _, other := range list {
		if of := logsOf([]intake.Change{{After: other.After}}); other.BatchID == r.BatchID && len(of) > 0 { // of another file of this import
			own.Events = together(c.v, []caseLog{of[0].in(c.v, c.versions), own})
		}
	}
	events := together(c.v, append(slices.Clone(c.logs), own))
	if reflect.DeepEqual(together(c.v, c.logs), events) && before.Deleted == (was.DeletedAt != nil) {
		return t, nil
	}
	if c.hands.Moved(c.stays) {
		t.tell(func() {
			g.x.Issue("warning", "activity", "import.stay_kept", "a stage was entered here by hand: the path of the record stays as it is")
		})
		return t, nil
	}
	o, changed, err := teller.tell(r.Ctx, tx, was, c, telling{events: events, batch: r.BatchID})
	if err != nil {
		return t, err
	}
	after, err := g.service.StatedOf(r.Ctx, tx, r.Actor, o)
	if err != nil {
		return t, err
	}
	t.same = !changed && before.Deleted == after.Deleted
	g.toldKept(&t, c, events, was)
	return t, r.Changed(tx, opportunity.Ref(g.id), o.Version, left{before, c.base}, left{after, &own})
}

// toldKept tells of what was said by hand here and otherwise by the log.
func (g growing) toldKept(t *attempt, c known, events []happening, was opportunity.Opportunity) {
	var now said
	for _, e := range events {
		now = now.over(e.said)
	}
	for field, other := range map[string]bool{opportunity.HandName: now.Name != "" && now.Name != was.Name,
		opportunity.HandOwner: now.Owner != "" && now.Owner != was.OwnerID, opportunity.HandAccount: now.Account != "" && now.Account != was.AccountID,
		opportunity.HandTerms: now.Amount != nil && (was.AmountMinor == nil || *now.Amount != *was.AmountMinor)} {
		if other && c.hands.Fields[field] {
			t.tell(func() { g.x.Note(field, "kept_by_hand", "", "") })
		}
	}
}

// take takes a record that a row is about to change, and what it holds; a deleted one is restored
// first, where the file is to restore; else it is deleted still.
func (d *Deals) take(tx database.Tx, x *intake.Row, id string) (was opportunity.Opportunity, before opportunity.Stated, err error) {
	r := d.run
	if was, err = d.service.TakeIn(r.Ctx, tx, r.Actor, id); err != nil {
		return was, before, err
	}
	if before, err = d.service.StatedOf(r.Ctx, tx, r.Actor, was); err != nil || was.DeletedAt == nil {
		return was, before, err
	}
	if !x.Restores() {
		return was, before, nil
	}
	if err = d.service.DeleteIn(r.Ctx, tx, r.Actor, id, 0, false); err != nil {
		return was, before, err
	}
	was, err = d.service.TakeIn(r.Ctx, tx, r.Actor, id)
	return was, before, err
}

// left is what is kept of a case beside its record: what it held, and what a log said of it.
type left struct {
	opportunity.Stated
	Log *caseLog `json:",omitempty"`
}

// logsOf are the logs in changes of a record, oldest first; where the record was not made by a
// log, what was known of its path before is the first.
func logsOf(list []intake.Change) (out []caseLog) {
	for _, c := range list {
		for _, kept := range []string{c.Before, c.After} {
			var l left
			if kept != "" && json.Unmarshal([]byte(kept), &l) == nil && l.Log != nil {
				out = append(out, *l.Log)
			}
		}
	}
	return out
}

// memory is what a dry run read of the cases it would make, where it reads several logs.
type memory map[string][]happening

// keep keeps what was read of a case.
func (m memory) keep(r *intake.Run, ext string, events []happening) {
	if r.DryRun && r.Files("events") > 1 {
		m[ext] = events
	}
}

// grows tells whether a case a dry run would have made is another with a log.
func (m memory) grows(d *Deals, v pipeline.Version, ext string, log caseLog) (bool, error) {
	was := m[ext]
	now := together(v, []caseLog{{Version: v.ID, Events: was}, log})
	m[ext] = now
	before, _, err := d.ofLog(v, ext, was)
	if err != nil {
		return false, err
	}
	after, custom, err := d.ofLog(v, ext, now)
	before.ID, before.BatchID, after.ID, after.BatchID = "", "", "", ""
	return !reflect.DeepEqual(before, after) || !reflect.DeepEqual(lastCustom(was), lastCustom(now)) && len(custom) > 0, err
}
