package opportunityimport

import (
	"cmp"
	"encoding/json"
	"hash/fnv"
	"slices"
	"sort"
	"strings"

	"yunchou/internal/account"
	"yunchou/internal/account/accountimport"
	"yunchou/internal/calendar"
	"yunchou/internal/database"
	"yunchou/internal/fault"
	"yunchou/internal/field"
	"yunchou/internal/intake"
	"yunchou/internal/money"
	"yunchou/internal/opportunity"
	"yunchou/internal/opportunity/opportunitytable"
	"yunchou/internal/org/orgimport"
	"yunchou/internal/pipeline"
	"yunchou/internal/pipeline/pipelineimport"
	"yunchou/internal/record"
	"yunchou/internal/text"
)

// Deals are the opportunities rows speak of, and those that wait to be written.
type Deals struct {
	run       *intake.Run
	service   *opportunity.Service
	accounts  *account.Service
	pipelines *pipeline.Service
	waiting   []newDeal
	queued    map[string]bool // ids of those that wait
	would     memory
	nameless  nameless
	said      map[string]uint64 // of a dry run: what was said last of the records it would make
	edited    map[string]bool   // records of ours that rows named by their ids
	names     opportunitytable.Names
}

// newDeal waits to be written.
type newDeal struct {
	opportunity.History
	x       *intake.Row
	custom  field.Values
	version pipeline.Version
	log     *caseLog // nil where no log tells of it
}

// Begin keeps nothing yet.
func (i Importer) Begin(r *intake.Run) (intake.Part, error) {
	return &Deals{run: r, service: i.Opportunities, accounts: i.Accounts, pipelines: i.Pipelines, queued: map[string]bool{},
		would: memory{}, nameless: nameless{map[bool]*intake.Index{}, map[string]int{}}, said: map[string]uint64{}, edited: map[string]bool{}}, nil
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
	if id := x.Text(intake.IDTarget); id != "" {
		return d.ours(x, strings.ToLower(id))
	}
	if name := x.Text("pipeline"); name != "" {
		named, err := intake.PartOf[*pipelineimport.Pipelines](d.run).Named(name)
		if fault.Is(err, fault.NotFound) {
			x.Issue("error", "pipeline", "pipeline.unknown", "there is no pipeline of this name")
			return nil
		} else if err != nil {
			return err
		}
		v = named
	}
	var h opportunity.History
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
	known := ext != "" && d.run.External(record.Opportunity).Get(ext) != ""
	if !known { // of one that is there, update finds who is who
		d.parties(x, o)
	}
	d.amounts(x, &h)
	o.CreatedOn, _ = x.Past("createdOn")
	o.ExpectedOn, _ = x.Date("expectedOn")
	o.SignedOn, _ = x.Date("signedOn")
	h.LastContact, _ = x.Past("lastContactOn")
	o.ConfidenceBP, o.Source = x.Percent("confidence"), d.short(x, "source", mostSource)
	d.visits(x, v, &h)
	d.closing(x, &h)
	custom := field.Values{}
	x.Custom(record.Opportunity, custom, intake.PartOf[*orgimport.Members](d.run).Named)
	if h.Values, err = d.own(custom); err != nil {
		return err
	}
	if o.Name = d.name(x); o.Name == "" {
		o.Name = cmp.Or(strings.Trim(x.Text("account")+" · "+x.Text("product"), " ·"), ext)
	}
	if o.Name == "" {
		x.Issue("error", "name", "input.required", "neither name, account, product nor id")
	}
	if x.Failed() {
		return nil
	}
	return d.place(newDeal{History: h, x: x, custom: custom, version: v})
}

// own are own fields by key, as values by field.
func (d *Deals) own(custom field.Values) (map[string]field.Value, error) {
	out := map[string]field.Value{}
	for k, said := range custom {
		f := d.run.Fields(record.Opportunity)[k]
		val, err := f.Parse(said, d.run.Actor)
		if err != nil {
			return nil, err
		}
		out[f.ID] = val
	}
	return out, nil
}

// The most characters of texts.
const (
	mostName   = 300
	mostSource = 100
	mostReason = 1000
)

// name is what a row calls its record, "" where it says nothing.
func (d *Deals) name(x *intake.Row) string { return d.short(x, "name", mostName) }

// short is a text cut to what there is room for, which is noted.
func (d *Deals) short(x *intake.Row, target string, most int) string {
	return room(x, target, x.Text(target), most)
}

func room(x *intake.Row, target, whole string, most int) string {
	cut := text.First(whole, most)
	if cut == whole {
		return whole
	}
	x.Issue("warning", target, "import.text_cut", "only so much of it is kept: "+cut)
	return cut
}

// parties finds owner and account.
func (d *Deals) parties(x *intake.Row, o *opportunity.Opportunity) {
	o.OwnerID, o.AccountID = d.ownerOf(x), d.accountOf(x)
	if o.OwnerID == "" && x.Has("owner") && !x.Failed() {
		x.Note("owner", "no_owner", "", "")
	}
	if o.AccountID == "" && x.Has("account") && !x.Failed() {
		x.Note("account", "no_account", "", "")
	}
	o.TeamID, _ = d.run.Actor.Structure.TeamOf(o.OwnerID, d.run.Actor.Today)
	o.Region = d.regionOf(x, o.OwnerID)
}

// ownerOf finds the owner a row names, "" where it names none.
func (d *Deals) ownerOf(x *intake.Row) string {
	owner := x.Text("owner")
	if owner == "" {
		return ""
	}
	return intake.PartOf[*orgimport.Members](d.run).Owner(x, owner)
}

// accountOf finds the account a row names, or makes it.
func (d *Deals) accountOf(x *intake.Row) string {
	return intake.PartOf[*accountimport.Accounts](d.run).Found(x, account.Account{Name: x.Text("account"), Industry: x.Text("account.industry"),
		Region: x.Text("account.region"), Class: x.Text("account.class")})
}

// regionOf is the region a row says, or that of its owner's team.
func (d *Deals) regionOf(x *intake.Row, owner string) string {
	st, today := d.run.Actor.Structure, d.run.Actor.Today
	team, _ := st.TeamOf(owner, today)
	return cmp.Or(x.Text("region"), x.Text("account.region"), st.Teams[team].Region)
}

// amounts reads the amount, or adds up the lines.
func (d *Deals) amounts(x *intake.Row, h *opportunity.History) {
	o := &h.Opportunity
	known := true
	o.Currency, known = x.Currency("currency")
	if x.Table.Spec.Repeated != "lines" {
		if known { // an amount of nobody knows what is none
			o.AmountMinor, o.Currency = x.Money("amount", o.Currency)
		}
		if !x.Has("amount") || o.AmountMinor == nil {
			x.Note("amount", "no_amount", "", "")
		}
		if said := x.Text("lines"); said != "" {
			d.firstLines(x, said, h)
			return
		}
		product := x.Text("product")
		if product == "" {
			return
		}
		products := intake.PartOf[*accountimport.Products](d.run)
		if l := (opportunity.Line{ProductLineID: products.Named(x, product)}); l.ProductLineID != "" {
			if o.AmountMinor != nil {
				l.AmountMinor = *o.AmountMinor
			}
			h.Lines = []opportunity.Line{l}
		}
		return
	}
	d.sum(append([]*intake.Row{x}, x.More...), h)
}

// sum adds up the lines of a record that say what they are worth; where none does, nobody knows. The
// first that does tells the currency, where no column does.
func (d *Deals) sum(lines []*intake.Row, h *opportunity.History) {
	o, x := &h.Opportunity, lines[0]
	var sum int64
	some := false
	for _, line := range lines {
		c, known := line.Currency("currency")
		var v *int64
		in := o.Currency
		if known {
			v, in = line.Money("amount", o.Currency)
		}
		if v != nil && !some {
			some, o.Currency = true, in
		}
		if v != nil && in != o.Currency || known && line.Text("currency") != "" && c != o.Currency {
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
		d.line(x, line, *v, h)
	}
	if sum > money.MaxMinor {
		x.Issue("error", "amount", "import.amount_too_large", "together the lines are more than an amount can be")
	}
	if some {
		o.AmountMinor = &sum
	}
}

// line adds a further line of a record. Lines make up the amount: one without a product is none.
func (d *Deals) line(x, line *intake.Row, worth int64, h *opportunity.History) {
	product := line.Text("product")
	if product == "" {
		line.Note("product", "no_product", "", "")
		return
	}
	id := intake.PartOf[*accountimport.Products](d.run).Named(line, product)
	if line.Failed() {
		x.Fail()
	}
	if id != "" {
		h.Lines = append(h.Lines, opportunity.Line{ProductLineID: id, AmountMinor: worth})
	}
}

// visits turns stage dates and the present stage into the known path.
func (d *Deals) visits(x *intake.Row, v pipeline.Version, h *opportunity.History) {
	name := x.Text("stage")
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
	word, kind, _ := strings.Cut(name, ":")
	if !ok && strings.EqualFold(word, "lost") && kind != "" {
		st, ok, h.LossKind = v.OfKind(pipeline.Lost), true, kind
	}
	if end := d.outcome(x); end != "" && (name == "" || ok && st.Kind == pipeline.Open) {
		h.Visits = d.ended(x, v, st, end, h, path)
		d.contradicts(x, h)
		return
	} else if end != "" && ok && end != string(st.Kind) {
		x.Issue("warning", "outcome", "import.outcome_contradicts", "the stage says another end, which is taken")
	}
	state := opportunity.State("")
	if ok {
		state = opportunity.State(st.Kind)
	}
	closedOn := d.closedOn(x, h, state)
	switch {
	case !ok && strings.EqualFold(word, "withdrawn"):
		last = opportunity.Visit{State: opportunity.Withdrawn, On: closedOn}
		h.LossKind = kind
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
	h.Visits = append(d.until(x, path, last.On), last)
	d.contradicts(x, h)
}

// contradicts tells of days that cannot all be.
func (d *Deals) contradicts(x *intake.Row, h *opportunity.History) {
	first, last := h.Visits[0], h.Visits[len(h.Visits)-1]
	if h.CreatedOn != "" && last.State != opportunity.Open && last.On != "" && last.On < h.CreatedOn {
		x.Note("createdOn", "closed_before_creation", "", "")
	}
	if h.CreatedOn != "" && first.On != "" && first.On < h.CreatedOn {
		x.Note("createdOn", "stage_before_creation", "", "")
	}
}

// closedOn is the day a record was closed; of one that was won and only says when it was signed, that day.
// Of one that is open it is when that is expected, where the row does not say that otherwise.
func (d *Deals) closedOn(x *intake.Row, h *opportunity.History, state opportunity.State) calendar.Date {
	if state != opportunity.Open {
		on, _ := x.Past("closedOn")
		if on == "" && state == opportunity.Won && h.SignedOn != "" && h.SignedOn <= d.run.Actor.Today {
			x.Note("closedOn", "closed_as_signed", "", "")
			return h.SignedOn
		}
		return on
	}
	if on, _ := x.Date("closedOn"); on != "" {
		x.Note("closedOn", "closing_day_expected", "", "")
		h.ExpectedOn = cmp.Or(h.ExpectedOn, on)
	}
	return ""
}

// until leaves out the stages entered after a record was closed: they are told of.
func (d *Deals) until(x *intake.Row, path []opportunity.Visit, closed calendar.Date) []opportunity.Visit {
	n := len(path)
	for n > 0 && closed != "" && path[n-1].On > closed {
		n--
	}
	if n < len(path) {
		x.Issue("warning", "closedOn", "import.closed_before_entered", "closed before a stage was entered: the days after it are left out")
	}
	return path[:n]
}

// closing reads why a record was lost or withdrawn.
func (d *Deals) closing(x *intake.Row, h *opportunity.History) {
	if len(h.Visits) == 0 {
		return
	}
	switch h.State() {
	case opportunity.Lost, opportunity.Withdrawn:
		unknown := opportunity.UnknownLoss
		if h.State() == opportunity.Withdrawn {
			unknown = opportunity.Invalid
		}
		h.LossKind, h.LossReason, h.CompetitorID = d.lossOf(x, h.LossKind, h.State())
		h.LossKind = cmp.Or(h.LossKind, unknown)
	case opportunity.Won:
		if x.Text("lossKind")+x.Words("lossReason") == "" {
			return
		}
		x.Issue("warning", "lossReason", "import.won_with_loss_reason", "it is won: why it would have been lost is left out")
	}
}

// lossKindsOf are the kinds of a closing that is no win.
var lossKindsOf = map[opportunity.State][]string{
	opportunity.Lost: {opportunity.LostToCompetitor, opportunity.NoDecision, opportunity.Cancelled, opportunity.TenderVoid,
		opportunity.WeWithdrew, opportunity.UnknownLoss},
	opportunity.Withdrawn: {opportunity.Invalid, opportunity.Duplicate},
}

// lossOf reads the kind of a loss or withdrawal, why, and to whom; stated is the kind the stage's
// text says. A kind nobody knows is kept as the reason, where there is none.
func (d *Deals) lossOf(x *intake.Row, stated string, state opportunity.State) (kind, reason, competitor string) {
	reason = room(x, "lossReason", x.Words("lossReason"), mostReason)
	kind = cmp.Or(stated, x.Text("lossKind"))
	kind = cmp.Or(opportunitytable.LossKinds.Code(kind), kind)
	if kind != "" && !slices.Contains(lossKindsOf[state], kind) {
		x.Note("lossKind", "loss_kind_unknown", kind, "")
		kind, reason = "", cmp.Or(reason, text.First(kind, mostReason))
	}
	name := x.Text("competitor")
	if name == "" || d.run.DryRun || state != opportunity.Lost {
		return kind, reason, ""
	}
	r := d.run
	id, err := database.Write(r.Ctx, r.DB, func(tx database.Tx) (string, error) {
		return d.accounts.CompetitorIn(r.Ctx, tx, r.Actor, name)
	})
	if err != nil {
		x.Refuse("competitor", err, "the competitor could not be added")
	}
	return kind, reason, id
}

// place queues a new record, or changes the one that carries the id.
func (d *Deals) place(n newDeal) error {
	known := d.run.External(record.Opportunity)
	id := ""
	if n.External.ID != "" {
		id = known.Get(n.External.ID)
	} else if found, err := d.find(n); err != nil {
		return err
	} else {
		id = found
	}
	if id == "" {
		d.ownerThere(n.x, &n.History)
		d.again(n)
		return d.queue(n)
	}
	if d.run.Would(id) { // of this dry run: there is nothing to look at
		d.count(attempt{same: d.again(n)})
		return nil
	}
	if d.waits(id) {
		if err := d.run.Flush(); err != nil {
			return err
		}
	}
	return d.update(id, n)
}

// again tells whether a row says what the last one of its id in this dry run said, of a record that
// is not there to be looked at.
func (d *Deals) again(n newDeal) bool {
	if !d.run.DryRun || n.External.ID == "" {
		return false
	}
	h := n.History
	h.ID = ""
	raw, err := json.Marshal([]any{h, n.custom})
	if err != nil {
		panic(err) // plain data
	}
	sum := fnv.New64a()
	sum.Write(raw)
	was, there := d.said[n.External.ID]
	d.said[n.External.ID] = sum.Sum64()
	return there && was == sum.Sum64()
}

// queue lets a new record wait to be written.
func (d *Deals) queue(n newDeal) error {
	d.waiting = append(d.waiting, n)
	if !d.run.DryRun {
		d.queued[n.ID] = true
	}
	if n.External.ID != "" {
		d.run.External(record.Opportunity).Set(n.External.ID, n.ID)
	}
	return nil
}

// waits tells whether a record waits to be written.
func (d *Deals) waits(id string) bool { return d.queued[id] }

// ownerThere leaves a record without an owner where the one the file names had left by then:
// today, or the day the record was closed. What was closed before is history.
func (d *Deals) ownerThere(x *intake.Row, h *opportunity.History) {
	then := d.run.Actor
	if h.OwnerID == "" || d.run.Invented(h.OwnerID) {
		return
	}
	if last := h.Visits[len(h.Visits)-1]; last.State != opportunity.Open {
		if then.Today = last.On; last.On == "" {
			return
		}
	}
	if then.AtWork("/owner", h.OwnerID) != nil {
		x.Warn("owner", then.AtWork("/owner", h.OwnerID), "the record has no owner")
		leave(h)
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
