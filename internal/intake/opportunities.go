package intake

import (
	"encoding/json"
	"sort"
	"strings"

	"yunchou/internal/account"
	"yunchou/internal/database"
	"yunchou/internal/field"
	"yunchou/internal/money"
	"yunchou/internal/opportunity"
	"yunchou/internal/pipeline"
	"yunchou/internal/record"
	"yunchou/internal/text"
)

// opportunities reads a table of opportunities; lines of one record are brought
// together first where the mapping says that a repeated id means further lines.
func (r *run) opportunities(t *table) error {
	v, err := r.version(t)
	if err != nil {
		return err
	}
	if t.spec.Repeated != "lines" {
		return r.batched(t, v)
	}
	return r.grouped(t, func(x *row) string { return x.text("externalId") }, func(x *row) error { return r.opportunity(x, v) })
}

// grouped brings rows of one key together and hands each group to fn as one row
// with more.
func (r *run) grouped(t *table, key func(*row) string, fn func(*row) error) error {
	g, err := newGrouper(r.opt.Scratch)
	if err != nil {
		return err
	}
	defer g.close()
	rows, refused := r.sum.Rows, r.sum.Refused
	progress := r.opt.Progress
	r.opt.Progress = nil
	err = r.rows(t, func(x *row) error {
		k := key(x)
		if k == "" {
			x.issue("error", "externalId", "input.required", "the row has no id to group by")
			refused++
			return nil
		}
		return g.add(k, x.line, x.cells)
	})
	r.opt.Progress, r.sum.Rows, r.sum.Refused = progress, rows, refused
	for n := range r.notes { // the first pass read each id once; count again below
		if n.File == t.name() && n.Code != "header_blank" {
			delete(r.notes, n)
		}
	}
	if err != nil {
		return err
	}
	err = g.each(func(_ string, group []groupedRow) error {
		head := &row{run: r, t: t, cells: group[0].cells, line: group[0].line}
		for _, o := range group[1:] {
			head.more = append(head.more, &row{run: r, t: t, cells: o.cells, line: o.line})
		}
		return r.one(head, fn)
	})
	if err != nil {
		return err
	}
	return r.flush()
}

func (r *run) batched(t *table, v pipeline.Version) error {
	return r.rows(t, func(x *row) error { return r.opportunity(x, v) })
}

// opportunity reads one record: its fields, its stages, and either queues it as
// new or changes the one that carries its id.
func (r *run) opportunity(x *row, v pipeline.Version) error {
	h := opportunity.History{Values: map[string]field.Value{}}
	o := &h.Opportunity
	o.ID = record.NewID(r.a.Now)
	o.PipelineID, o.VersionID, o.BatchID, o.TaxIncluded = v.PipelineID, v.ID, r.opt.BatchID, true
	o.Currency = strings.ToUpper(x.text("currency"))
	if o.Currency == "" {
		o.Currency = r.a.Company.Currency
	}
	ext := x.text("externalId")
	if err := r.repeated(x, &ext); err != nil {
		return err
	}
	if ext != "" {
		h.External = record.External{Source: r.m.Source, ID: ext}
	}
	r.parties(x, o)
	r.amounts(x, &h)
	o.CreatedOn, _ = x.past("createdOn")
	o.ExpectedOn, _ = x.date("expectedOn")
	o.SignedOn, _ = x.date("signedOn")
	h.LastContact, _ = x.past("lastContactOn")
	o.ConfidenceBP, o.Source = x.percent("confidence"), x.text("source")
	r.visits(x, v, &h)
	r.closing(x, &h)
	custom := field.Values{}
	x.custom("opportunity", custom)
	for k, text := range custom {
		f := r.fields["opportunity"][k]
		val, err := f.Parse(text, r.a)
		if err != nil {
			return err
		}
		h.Values[f.ID] = val
	}
	if o.Name = x.text("name"); o.Name == "" {
		o.Name = strings.Trim(x.text("account")+" · "+x.text("product"), " ·")
		if o.Name == "" {
			o.Name = ext
		}
	}
	if len(o.Name) > 300 {
		x.issue("error", "name", "input.too_long", "at most 300 bytes")
	}
	if o.Name == "" {
		x.issue("error", "name", "input.required", "neither name, account, product nor id")
	}
	if x.failed {
		return nil
	}
	return r.place(x, h, custom)
}

// repeated settles a second row with the same external id in one run.
func (r *run) repeated(x *row, ext *string) error {
	if *ext == "" {
		return nil
	}
	key := x.t.spec.Kind + "\x00" + *ext
	r.seen[key]++
	if n := r.seen[key]; n > 1 && x.t.spec.Repeated == "keep" {
		x.note("externalId", "id_repeated_kept", "", "")
		*ext = *ext + "#" + itoa(n)
	} else if n > 1 {
		x.note("externalId", "id_repeated_updates", "", "")
		return r.flush() // the first must be there to be updated
	}
	return nil
}

func itoa(n int) string { b, _ := json.Marshal(n); return string(b) }

// parties finds owner and account.
func (r *run) parties(x *row, o *opportunity.Opportunity) {
	if owner := x.text("owner"); owner != "" {
		o.OwnerID = r.owner(x, owner)
		o.TeamID, _ = r.a.Structure.TeamOf(o.OwnerID, r.a.Today)
		o.Region = r.a.Structure.Teams[o.TeamID].Region
	} else if x.has("owner") {
		x.note("owner", "no_owner", "", "")
	}
	name := x.text("account")
	if name == "" {
		if x.has("account") {
			x.note("account", "no_account", "", "")
		}
	} else if id, ok := r.accounts[text.Match(name)]; ok {
		o.AccountID = id
	} else if x.t.spec.Unknown == "refuse" {
		x.issue("error", "account", "account.unknown", "no account of this name")
	} else if len(name) > 200 {
		x.issue("error", "account", "input.too_long", "at most 200 bytes")
	} else {
		o.AccountID = r.addAccount(nil, account.Account{Name: name, Industry: x.text("account.industry"), Region: x.text("account.region"), Class: x.text("account.class")})
	}
	if region := x.text("region"); region != "" {
		o.Region = region
	} else if region := x.text("account.region"); region != "" {
		o.Region = region
	}
}

// amounts reads the amount, or adds up the lines.
func (r *run) amounts(x *row, h *opportunity.History) {
	o := &h.Opportunity
	lines := append([]*row{x}, x.more...)
	if x.t.spec.Repeated != "lines" {
		o.AmountMinor = x.amount("amount", o.Currency)
		if !x.has("amount") || o.AmountMinor == nil {
			x.note("amount", "no_amount", "", "")
		}
		if product := x.text("product"); product != "" {
			l := opportunity.Line{ProductLineID: r.productID(x, product)}
			if o.AmountMinor != nil {
				l.AmountMinor = *o.AmountMinor
			}
			h.Lines = []opportunity.Line{l}
		}
		return
	}
	var sum int64
	for _, line := range lines {
		if c := strings.ToUpper(line.text("currency")); c != "" && c != o.Currency {
			line.issue("error", "currency", "import.currencies_mixed", "the lines of one record have different currencies")
		}
		v := line.amount("amount", o.Currency)
		x.failed = x.failed || line.failed
		if v == nil {
			line.note("amount", "no_amount", "", "")
			continue
		}
		sum = min(sum+*v, money.MaxMinor+1)
		if product := line.text("product"); product != "" {
			h.Lines = append(h.Lines, opportunity.Line{ProductLineID: r.productID(line, product), AmountMinor: *v})
		} else {
			line.note("product", "no_product", "", "")
		}
	}
	if sum > money.MaxMinor {
		x.issue("error", "amount", "import.amount_too_large", "together the lines are more than an amount can be")
	}
	o.AmountMinor = &sum
}

func (r *run) productID(x *row, name string) string {
	if id, ok := r.products[text.Match(name)]; ok {
		return id
	}
	if x.t.spec.Unknown == "refuse" {
		x.issue("error", "product", "product.unknown", "no product line of this name")
		return ""
	}
	x.note("product", "product_created", name, "")
	id, err := r.newProduct(account.ProductLine{Name: name})
	if err != nil {
		x.refuse("product", err, "the product line could not be added")
	}
	return id
}

// visits turns stage dates and the present stage into the known path.
func (r *run) visits(x *row, v pipeline.Version, h *opportunity.History) {
	name := x.text("stage")
	closedOn, _ := x.past("closedOn")
	var path []opportunity.Visit
	for _, st := range v.Stages {
		target := "entered." + st.Name
		if !x.has(target) || st.Kind != pipeline.Open {
			continue
		}
		if d, _ := x.past(target); d != "" {
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
		x.issue("error", "stage", "input.required", "the row has no stage")
		return
	case !ok:
		x.issue("error", "stage", "pipeline.stage_unknown", "the pipeline has no stage of this name; translate it under values")
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
			x.note("stage", "path_unknown", st.Name, "")
		}
		if last.On == "" {
			x.note("stage", "stage_undated", st.Name, "")
		}
	default:
		last = opportunity.Visit{StageID: st.ID, State: opportunity.State(st.Kind), On: closedOn}
		if closedOn == "" {
			x.note("closedOn", "closed_undated", st.Name, "")
		}
		if st.Kind == pipeline.Lost && len(path) == 0 {
			x.note("stage", "lost_stage_unknown", "", "")
		}
	}
	if n := len(path); n > 0 && last.On != "" && last.On < path[n-1].On {
		x.issue("error", "closedOn", "import.closed_before_entered", "closed before the last stage was entered")
		return
	}
	if first := append(path, last)[0].On; h.CreatedOn != "" && first != "" && first < h.CreatedOn {
		x.note("createdOn", "stage_before_creation", "", "")
	}
	h.Visits = append(path, last)
}

// closing reads why a record was lost.
func (r *run) closing(x *row, h *opportunity.History) {
	if len(h.Visits) == 0 || h.Visits[len(h.Visits)-1].State != opportunity.Lost {
		return
	}
	h.LossKind, h.LossReason = opportunity.UnknownLoss, x.text("lossReason")
	switch kind := x.text("lossKind"); kind {
	case opportunity.LostToCompetitor, opportunity.NoDecision, opportunity.Cancelled, opportunity.TenderVoid, opportunity.WeWithdrew:
		h.LossKind = kind
	case "":
	default:
		x.note("lossKind", "loss_kind_unknown", kind, "")
	}
	if name := x.text("competitor"); name != "" && !r.opt.DryRun {
		id, err := database.Write(r.ctx, r.DB, func(tx database.Tx) (string, error) { return r.Accounts.CompetitorIn(r.ctx, tx, r.a, name) })
		if err != nil {
			x.refuse("competitor", err, "the competitor could not be added")
		}
		h.CompetitorID = id
	}
}

// place queues a new record, or changes the one that carries the id.
func (r *run) place(x *row, h opportunity.History, custom field.Values) error {
	known := r.external["opportunity"]
	id := ""
	if h.External.ID != "" {
		id = known[h.External.ID]
	}
	if id == "" {
		if err := r.ownerThen(h); err != nil {
			return err
		}
		r.sum.Created["opportunity"]++
		r.pending = append(r.pending, newDeal{h, x, custom})
		if h.External.ID != "" {
			known[h.External.ID] = h.ID
			r.makes(h.ID)
		}
		return nil
	}
	if r.made[id] { // of this dry run: there is nothing to look at
		r.sum.Updated["opportunity"]++
		return nil
	}
	return r.update(x, id, h, custom)
}

// ownerThen refuses an owner who had left by then: today, or the day the record was closed. What
// was closed before is history.
func (r *run) ownerThen(h opportunity.History) error {
	then := r.a
	if h.OwnerID == "" || r.made[h.OwnerID] {
		return nil
	}
	if last := h.Visits[len(h.Visits)-1]; last.State != opportunity.Open {
		if then.Today = last.On; last.On == "" {
			return nil
		}
	}
	return then.AtWork("/owner", h.OwnerID)
}

// makes remembers what a dry run would have made.
func (r *run) makes(id string) {
	if r.opt.DryRun {
		r.made[id] = true
	}
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
