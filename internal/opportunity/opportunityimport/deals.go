package opportunityimport

import (
	"sort"
	"strings"

	"yunchou/internal/account"
	"yunchou/internal/account/accountimport"
	"yunchou/internal/database"
	"yunchou/internal/field"
	"yunchou/internal/intake"
	"yunchou/internal/money"
	"yunchou/internal/opportunity"
	"yunchou/internal/org/orgimport"
	"yunchou/internal/pipeline"
	"yunchou/internal/pipeline/pipelineimport"
	"yunchou/internal/record"
)

// Deals are the opportunities rows speak of, and those that wait to be written.
type Deals struct {
	run      *intake.Run
	service  *opportunity.Service
	accounts *account.Service
	waiting  []newDeal
}

// newDeal waits to be written.
type newDeal struct {
	opportunity.History
	x      *intake.Row
	custom field.Values
}

// Begin keeps nothing yet.
func (i Importer) Begin(r *intake.Run) (intake.Part, error) {
	return &Deals{run: r, service: i.Opportunities, accounts: i.Accounts}, nil
}

// read reads opportunities; lines of one record are brought together first where the mapping
// says that a repeated id means further lines.
func (d *Deals) read(t *intake.Table) error {
	v, err := intake.PartOf[*pipelineimport.Pipelines](d.run).Of(t)
	if err != nil {
		return err
	}
	each := func(x *intake.Row) error { return d.deal(x, v) }
	if t.Spec.Repeated == "lines" {
		return t.Grouped("externalId", each)
	}
	return t.Rows(each)
}

// deal reads one record: its fields, its stages, and either queues it as
// new or changes the one that carries its id.
func (d *Deals) deal(x *intake.Row, v pipeline.Version) error {
	h := opportunity.History{Values: map[string]field.Value{}}
	o := &h.Opportunity
	o.ID = d.run.NewID()
	o.PipelineID, o.VersionID, o.BatchID, o.TaxIncluded = v.PipelineID, v.ID, d.run.BatchID, true
	ext, err := x.Repeated(x.Text("externalId"))
	if err != nil {
		return err
	}
	if ext != "" {
		h.External = record.External{Source: d.run.Mapping.Source, ID: ext}
	}
	d.parties(x, o)
	d.amounts(x, &h)
	o.CreatedOn, _ = x.Past("createdOn")
	o.ExpectedOn, _ = x.Date("expectedOn")
	o.SignedOn, _ = x.Date("signedOn")
	h.LastContact, _ = x.Past("lastContactOn")
	o.ConfidenceBP, o.Source = x.Percent("confidence"), x.Text("source")
	d.visits(x, v, &h)
	d.closing(x, &h)
	custom := field.Values{}
	x.Custom(record.Opportunity, custom, intake.PartOf[*orgimport.Members](d.run).Named)
	for k, text := range custom {
		f := d.run.Fields(record.Opportunity)[k]
		val, err := f.Parse(text, d.run.Actor)
		if err != nil {
			return err
		}
		h.Values[f.ID] = val
	}
	if o.Name = x.Text("name"); o.Name == "" {
		o.Name = strings.Trim(x.Text("account")+" · "+x.Text("product"), " ·")
		if o.Name == "" {
			o.Name = ext
		}
	}
	if len(o.Name) > 300 {
		x.Issue("error", "name", "input.too_long", "at most 300 bytes")
	}
	if o.Name == "" {
		x.Issue("error", "name", "input.required", "neither name, account, product nor id")
	}
	if x.Failed() {
		return nil
	}
	return d.place(x, h, custom)
}

// parties finds owner and account.
func (d *Deals) parties(x *intake.Row, o *opportunity.Opportunity) {
	if owner := x.Text("owner"); owner != "" {
		o.OwnerID = intake.PartOf[*orgimport.Members](d.run).Owner(x, owner)
		o.TeamID, _ = d.run.Actor.Structure.TeamOf(o.OwnerID, d.run.Actor.Today)
		o.Region = d.run.Actor.Structure.Teams[o.TeamID].Region
	} else if x.Has("owner") {
		x.Note("owner", "no_owner", "", "")
	}
	accounts := intake.PartOf[*accountimport.Accounts](d.run)
	name := x.Text("account")
	if name == "" {
		if x.Has("account") {
			x.Note("account", "no_account", "", "")
		}
	} else if id, ok := accounts.Named(name); ok {
		o.AccountID = id
	} else if x.Refuses() {
		x.Issue("error", "account", "account.unknown", "no account of this name")
	} else if len(name) > 200 {
		x.Issue("error", "account", "input.too_long", "at most 200 bytes")
	} else {
		o.AccountID = accounts.Add(account.Account{Name: name, Industry: x.Text("account.industry"),
			Region: x.Text("account.region"), Class: x.Text("account.class")})
	}
	if region := x.Text("region"); region != "" {
		o.Region = region
	} else if region := x.Text("account.region"); region != "" {
		o.Region = region
	}
}

// amounts reads the amount, or adds up the lines.
func (d *Deals) amounts(x *intake.Row, h *opportunity.History) {
	o := &h.Opportunity
	known := true
	if o.Currency, known = x.Currency("currency"); !known { // an amount of nobody knows what is none
		return
	}
	products := intake.PartOf[*accountimport.Products](d.run)
	lines := append([]*intake.Row{x}, x.More...)
	if x.Table.Spec.Repeated != "lines" {
		o.AmountMinor, o.Currency = x.Money("amount", o.Currency)
		if !x.Has("amount") || o.AmountMinor == nil {
			x.Note("amount", "no_amount", "", "")
		}
		if product := x.Text("product"); product != "" {
			l := opportunity.Line{ProductLineID: products.Named(x, product)}
			if o.AmountMinor != nil {
				l.AmountMinor = *o.AmountMinor
			}
			h.Lines = []opportunity.Line{l}
		}
		return
	}
	var sum int64
	for _, line := range lines {
		v, in := line.Money("amount", o.Currency)
		if c, _ := line.Currency("currency"); line == x && v != nil {
			o.Currency = in
		} else if line.Text("currency") != "" && c != o.Currency || v != nil && in != o.Currency {
			line.Issue("error", "currency", "import.currencies_mixed", "the lines of one record have different currencies")
		}
		if line.Failed() {
			x.Fail()
		}
		if v == nil {
			line.Note("amount", "no_amount", "", "")
			continue
		}
		sum = min(sum+*v, money.MaxMinor+1)
		if product := line.Text("product"); product != "" {
			h.Lines = append(h.Lines, opportunity.Line{ProductLineID: products.Named(line, product), AmountMinor: *v})
			if line.Failed() {
				x.Fail()
			}
		} else {
			line.Note("product", "no_product", "", "")
		}
	}
	if sum > money.MaxMinor {
		x.Issue("error", "amount", "import.amount_too_large", "together the lines are more than an amount can be")
	}
	o.AmountMinor = &sum
}

// visits turns stage dates and the present stage into the known path.
func (d *Deals) visits(x *intake.Row, v pipeline.Version, h *opportunity.History) {
	name := x.Text("stage")
	closedOn, _ := x.Past("closedOn")
	var path []opportunity.Visit
	for _, st := range v.Stages {
		target := "entered." + st.Name
		if !x.Has(target) || st.Kind != pipeline.Open {
			continue
		}
		if d, _ := x.Past(target); d != "" {
			path = append(path, opportunity.Visit{StageID: st.ID, State: opportunity.Open, On: d})
		}
	}
	sort.SliceStable(path, func(i, j int) bool { return path[i].On < path[j].On })
	last := opportunity.Visit{State: opportunity.Open}
	st, ok := v.StageNamed(name)
	switch {
	case strings.EqualFold(name, "withdrawn"):
		last = opportunity.Visit{State: opportunity.Withdrawn, On: closedOn}
		h.LossKind = opportunity.Invalid
	case name == "":
		x.Issue("error", "stage", "input.required", "the row has no stage")
		return
	case !ok:
		x.Issue("error", "stage", "pipeline.stage_unknown", "the pipeline has no stage of this name; translate it under values")
		return
	case st.Kind == pipeline.Open:
		for _, p := range path {
			if p.StageID == st.ID {
				h.Visits = path
				return
			}
		}
		last.StageID = st.ID
		if len(path) == 0 {
			x.Note("stage", "path_unknown", st.Name, "")
		}
		if last.On == "" {
			x.Note("stage", "stage_undated", st.Name, "")
		}
	default:
		last = opportunity.Visit{StageID: st.ID, State: opportunity.State(st.Kind), On: closedOn}
		if closedOn == "" {
			x.Note("closedOn", "closed_undated", st.Name, "")
		}
		if st.Kind == pipeline.Lost && len(path) == 0 {
			x.Note("stage", "lost_stage_unknown", "", "")
		}
	}
	if n := len(path); n > 0 && last.On != "" && last.On < path[n-1].On {
		x.Issue("error", "closedOn", "import.closed_before_entered", "closed before the last stage was entered")
		return
	}
	if first := append(path, last)[0].On; h.CreatedOn != "" && first != "" && first < h.CreatedOn {
		x.Note("createdOn", "stage_before_creation", "", "")
	}
	h.Visits = append(path, last)
}

// closing reads why a record was lost.
func (d *Deals) closing(x *intake.Row, h *opportunity.History) {
	if len(h.Visits) == 0 || h.Visits[len(h.Visits)-1].State != opportunity.Lost {
		return
	}
	h.LossKind, h.LossReason = opportunity.UnknownLoss, x.Text("lossReason")
	switch kind := x.Text("lossKind"); kind {
	case opportunity.LostToCompetitor, opportunity.NoDecision, opportunity.Cancelled, opportunity.TenderVoid,
		opportunity.WeWithdrew:
		h.LossKind = kind
	case "":
	default:
		x.Note("lossKind", "loss_kind_unknown", kind, "")
	}
	if name := x.Text("competitor"); name != "" && !d.run.DryRun {
		r := d.run
		id, err := database.Write(r.Ctx, r.DB, func(tx database.Tx) (string, error) {
			return d.accounts.CompetitorIn(r.Ctx, tx, r.Actor, name)
		})
		if err != nil {
			x.Refuse("competitor", err, "the competitor could not be added")
		}
		h.CompetitorID = id
	}
}

// place queues a new record, or changes the one that carries the id.
func (d *Deals) place(x *intake.Row, h opportunity.History, custom field.Values) error {
	known := d.run.External(record.Opportunity)
	id := ""
	if h.External.ID != "" {
		id = known.Get(h.External.ID)
	}
	if id == "" {
		if err := d.ownerThen(h); err != nil {
			return err
		}
		d.waiting = append(d.waiting, newDeal{h, x, custom})
		if h.External.ID != "" {
			known.Set(h.External.ID, h.ID)
		}
		return nil
	}
	if d.run.Would(id) { // of this dry run: there is nothing to look at
		d.run.Sum.Updated["opportunity"]++
		return nil
	}
	return d.update(x, id, h, custom)
}

// ownerThen refuses an owner who had left by then: today, or the day the record was closed. What
// was closed before is history.
func (d *Deals) ownerThen(h opportunity.History) error {
	then := d.run.Actor
	if h.OwnerID == "" || d.run.Would(h.OwnerID) {
		return nil
	}
	if last := h.Visits[len(h.Visits)-1]; last.State != opportunity.Open {
		if then.Today = last.On; last.On == "" {
			return nil
		}
	}
	return then.AtWork("/owner", h.OwnerID)
}

func sameLines(a, b []opportunity.Line) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i].ProductLineID != b[i].ProductLineID || a[i].AmountMinor != b[i].AmountMinor {
			return false
		}
	}
	return true
}
