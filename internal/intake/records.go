package intake

import (
	"encoding/json"
	"sort"
	"strings"
	"time"

	"yunchou/internal/account"
	"yunchou/internal/calendar"
	"yunchou/internal/database"
	"yunchou/internal/fault"
	"yunchou/internal/field"
	"yunchou/internal/journal"
	"yunchou/internal/opportunity"
	"yunchou/internal/org"
	"yunchou/internal/pinyin"
	"yunchou/internal/pipeline"
)

func (r *run) product(x *row) error {
	name := x.text("name")
	if name == "" {
		x.issue("error", "name", "input.required", "a product line needs a name")
		return nil
	}
	price := x.amount("listPrice", r.a.Company.Currency)
	if x.failed {
		return nil
	}
	if _, ok := r.products[pinyin.Match(name)]; ok {
		r.sum.Unchanged["product"]++
		return nil
	}
	_, err := r.newProduct(account.ProductLine{Name: name, Series: x.text("series"), ListPriceMinor: price})
	return err
}

func (r *run) newProduct(p account.ProductLine) (string, error) {
	if r.opt.DryRun {
		p.ID = "new-" + p.Name
	} else {
		err := r.DB.Write(r.ctx, func(tx database.Tx) (err error) {
			p, err = r.Accounts.AddProductLineIn(r.ctx, tx, r.a, p)
			return err
		})
		if err != nil {
			return "", err
		}
	}
	r.products[pinyin.Match(p.Name)] = p.ID
	r.sum.Created["product"]++
	return p.ID, nil
}

func (r *run) account(x *row) error {
	name := x.text("name")
	if name == "" {
		x.issue("error", "name", "input.required", "an account needs a name")
		return nil
	}
	created, _ := x.date("createdOn")
	c := account.Account{Name: name, Industry: x.text("industry"), Region: x.text("region"), Class: x.text("class"), CreatedOn: created, Custom: field.Values{}}
	if owner := x.text("owner"); owner != "" {
		c.OwnerID = r.owner(x, owner)
	}
	x.custom("account", c.Custom)
	if ext := x.text("externalId"); ext != "" {
		c.External = []account.External{{Source: r.m.Source, ID: ext}}
	}
	if x.failed {
		return nil
	}
	if id, ok := r.accounts[pinyin.Match(name)]; ok {
		return r.updateAccount(x, id, c)
	}
	r.addAccount(c)
	return nil
}

// addAccount queues a new account for the next flush.
func (r *run) addAccount(c account.Account) string {
	c.ID = journal.NewID(r.a.Now)
	c.CreatedAt, c.CreatedBy, c.Version = r.a.Now, r.a.MemberID, 1
	if c.OwnerID != "" {
		c.TeamID, _ = r.a.Structure.TeamOf(c.OwnerID, r.a.Today)
	}
	r.newAccounts = append(r.newAccounts, c)
	r.accounts[pinyin.Match(c.Name)] = c.ID
	r.sum.Created["account"]++
	return c.ID
}

// updateAccount fills what the file says differently.
func (r *run) updateAccount(x *row, id string, c account.Account) error {
	if r.opt.DryRun || r.isNew(id) {
		r.sum.Unchanged["account"]++
		return nil
	}
	old, err := r.Accounts.Get(r.ctx, r.a, id)
	if err != nil {
		return err
	}
	next := old
	next.Custom = c.Custom
	pick := func(to *string, from string) {
		if from != "" {
			*to = from
		}
	}
	pick(&next.Industry, c.Industry)
	pick(&next.Region, c.Region)
	pick(&next.Class, c.Class)
	same := next.Industry == old.Industry && next.Region == old.Region && next.Class == old.Class
	for k, v := range c.Custom {
		f := r.fields["account"][k]
		parsed, err := f.Parse(v, r.a)
		if err != nil {
			return err
		}
		same = same && old.Custom[k] == f.Format(parsed, r.a.Company.Currency)
	}
	if same {
		r.sum.Unchanged["account"]++
		return nil
	}
	saved, err := r.Accounts.Update(r.ctx, r.a, next)
	if err != nil {
		return err
	}
	r.sum.Updated["account"]++
	before, _ := json.Marshal(map[string][2]string{"industry": {old.Industry, saved.Industry}, "region": {old.Region, saved.Region}, "class": {old.Class, saved.Class}})
	r.changes = append(r.changes, Change{Kind: "account", ID: id, Before: string(before), Version: saved.Version})
	return nil
}

func (r *run) isNew(id string) bool {
	for _, c := range r.newAccounts {
		if c.ID == id {
			return true
		}
	}
	return false
}

// parents links subsidiaries once all accounts of the file are there.
func (r *run) parents(t *table) error {
	if _, ok := t.spec.Columns["parent"]; !ok || r.opt.DryRun {
		return nil
	}
	if err := r.flush(); err != nil {
		return err
	}
	rows, refused := r.sum.Rows, r.sum.Refused
	err := r.rows(t, func(x *row) error {
		parent := x.text("parent")
		if parent == "" {
			return nil
		}
		id, ok := r.accounts[pinyin.Match(parent)]
		child := r.accounts[pinyin.Match(x.text("name"))]
		if !ok || child == "" {
			x.issue("warning", "parent", "account.unknown", "no account of this name")
			return nil
		}
		c, err := r.Accounts.Get(r.ctx, r.a, child)
		if err != nil || c.ParentID == id {
			return err
		}
		c.ParentID, c.Custom = id, nil
		saved, err := r.Accounts.Update(r.ctx, r.a, c)
		if err == nil {
			err = r.DB.Write(r.ctx, func(tx database.Tx) error {
				return r.Rows.BumpChange(r.ctx, tx, r.a.TenantID, r.opt.BatchID, "account", child, saved.Version)
			})
		}
		return err
	})
	r.sum.Rows, r.sum.Refused = rows, refused
	return err
}

// custom parses company-field columns into values by key.
func (x *row) custom(record string, into field.Values) {
	for target := range x.t.spec.Columns {
		key, ok := strings.CutPrefix(target, "custom.")
		if !ok {
			continue
		}
		f, known := x.run.fields[record][key]
		if !known {
			x.issue("error", target, "field.unknown", "the company has no such field; list it under fields")
			continue
		}
		text := x.text(target)
		if text == "" {
			continue
		}
		switch f.Type {
		case field.Date:
			d, _ := x.date(target)
			text = string(d)
		case field.Person:
			text = x.run.members[pinyin.Match(text)]
		}
		if text == "" {
			continue
		}
		if _, err := f.Parse(text, x.run.a); err != nil {
			x.issue("error", target, fault.CodeOf(err), "not a "+string(f.Type))
			continue
		}
		into[key] = text
	}
}

// membersOf reads people, their managers and regions, and makes the team tree:
// root, region, the manager's team.
func (r *run) membersOf(t *table) error {
	teams := map[string]string{}
	for id, tm := range r.a.Structure.Teams {
		teams[pinyin.Match(tm.Name)] = id
	}
	team := func(name, parent, region string) (string, error) {
		if id, ok := teams[pinyin.Match(name)]; ok {
			return id, nil
		}
		r.sum.Created["team"]++
		if r.opt.DryRun {
			teams[pinyin.Match(name)] = "new-" + name
			return "new-" + name, nil
		}
		tm, err := r.Org.AddTeam(r.ctx, r.a, "", name, parent, region, org.Start)
		if err != nil {
			return "", err
		}
		teams[pinyin.Match(name)] = tm.ID
		return tm.ID, r.reload()
	}
	return r.rows(t, func(x *row) error {
		name, manager, region := x.text("name"), x.text("manager"), x.text("region")
		joined, _ := x.date("joinedOn")
		if name == "" {
			x.issue("error", "name", "input.required", "a person needs a name")
		}
		if x.failed {
			return nil
		}
		parent := r.root()
		var err error
		if region != "" {
			if parent, err = team(region, parent, region); err != nil {
				return err
			}
		}
		own := parent
		teamName := x.text("team")
		if teamName == "" {
			teamName = manager
		}
		if teamName != "" {
			if own, err = team(teamName, parent, region); err != nil {
				return err
			}
		}
		if manager != "" {
			if err := r.person(manager, own, true, org.Manager, ""); err != nil {
				return err
			}
		}
		if _, known := r.members[pinyin.Match(name)]; known {
			r.sum.Unchanged["member"]++
			return nil
		}
		return r.person(name, own, false, org.Rep, joined)
	})
}

// person adds a member who cannot sign in yet, unless one of the name is there.
func (r *run) person(name, team string, leads bool, role org.RoleKey, joined calendar.Date) error {
	key := pinyin.Match(name)
	if _, ok := r.members[key]; ok {
		return nil
	}
	kind := "member"
	if leads {
		kind = "manager"
	}
	r.sum.Created[kind]++
	if r.opt.DryRun {
		r.members[key] = "new-" + name
		return nil
	}
	if joined == "" {
		joined = org.Start
	}
	m, err := r.Org.AddMember(r.ctx, r.a, org.NewMember{Name: name, TeamID: team, Leads: leads, Role: role, From: joined})
	if err != nil {
		return err
	}
	r.members[key] = m.ID
	return r.reload()
}

// reload takes the organisation as it is now into the actor.
func (r *run) reload() error {
	return r.DB.Read(r.ctx, func(tx database.Tx) error {
		_, st, err := r.Org.Load(r.ctx, tx, r.a.TenantID)
		r.a.Structure = st
		return err
	})
}

func (r *run) root() string {
	for id := range r.a.Structure.Teams {
		if r.a.Structure.ParentOf(id, r.a.Today) == "" {
			return id
		}
	}
	return ""
}

// owner finds a member by name; an unknown one is made or refused, as the mapping says.
func (r *run) owner(x *row, name string) string {
	if id, ok := r.members[pinyin.Match(name)]; ok {
		return id
	}
	if x.t.spec.Unknown == "refuse" {
		x.issue("error", "owner", "org.member_unknown", "no member of this name")
		return ""
	}
	x.note("owner", "member_created", name, "")
	if err := r.person(name, r.root(), false, org.Rep, ""); err != nil {
		x.issue("error", "owner", fault.CodeOf(err), "the member could not be added")
		return ""
	}
	return r.members[pinyin.Match(name)]
}

func (r *run) contact(x *row) error {
	c := account.Contact{Name: x.text("name"), Title: x.text("title"), Mobile: x.text("mobile"), Phone: x.text("phone"), Email: x.text("email"), WeChat: x.text("wechat")}
	acc := x.text("account")
	if c.Name == "" {
		x.issue("error", "name", "input.required", "a contact needs a name")
		return nil
	}
	if acc != "" {
		id, ok := r.accounts[pinyin.Match(acc)]
		if !ok {
			x.issue("error", "account", "account.unknown", "no account of this name")
			return nil
		}
		c.AccountID = id
	}
	r.sum.Created["contact"]++
	if r.opt.DryRun {
		return nil
	}
	if err := r.flush(); err != nil {
		return err
	}
	_, err := r.Accounts.CreateContact(r.ctx, r.a, c)
	return err
}

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
	o.ID = journal.NewID(r.a.Now)
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
		h.External = account.External{Source: r.m.Source, ID: ext}
	}
	r.parties(x, o)
	r.amounts(x, &h)
	o.CreatedOn, _ = x.date("createdOn")
	o.ExpectedOn, _ = x.date("expectedOn")
	o.SignedOn, _ = x.date("signedOn")
	h.LastContact, _ = x.date("lastContactOn")
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
	return r.place(x, h, custom, v)
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
	} else if id, ok := r.accounts[pinyin.Match(name)]; ok {
		o.AccountID = id
	} else if x.t.spec.Unknown == "refuse" {
		x.issue("error", "account", "account.unknown", "no account of this name")
	} else if len(name) > 200 {
		x.issue("error", "account", "input.too_long", "at most 200 bytes")
	} else {
		o.AccountID = r.addAccount(account.Account{Name: name, Industry: x.text("account.industry"), Region: x.text("account.region"), Class: x.text("account.class")})
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
		sum += *v
		if product := line.text("product"); product != "" {
			h.Lines = append(h.Lines, opportunity.Line{ProductLineID: r.productID(line, product), AmountMinor: *v})
		} else {
			line.note("product", "no_product", "", "")
		}
	}
	o.AmountMinor = &sum
}

func (r *run) productID(x *row, name string) string {
	if id, ok := r.products[pinyin.Match(name)]; ok {
		return id
	}
	if x.t.spec.Unknown == "refuse" {
		x.issue("error", "product", "product.unknown", "no product line of this name")
		return ""
	}
	x.note("product", "product_created", name, "")
	id, err := r.newProduct(account.ProductLine{Name: name})
	if err != nil {
		x.issue("error", "product", fault.CodeOf(err), "the product line could not be added")
	}
	return id
}

// visits turns stage dates and the present stage into the known path.
func (r *run) visits(x *row, v pipeline.Version, h *opportunity.History) {
	name := x.text("stage")
	closedOn, _ := x.date("closedOn")
	var path []opportunity.Visit
	for _, st := range v.Stages {
		target := "entered." + st.Name
		if !x.has(target) || st.Kind != pipeline.Open {
			continue
		}
		if d, _ := x.date(target); d != "" {
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
		err := r.DB.Write(r.ctx, func(tx database.Tx) (err error) {
			h.CompetitorID, err = r.Accounts.CompetitorIn(r.ctx, tx, r.a, name)
			return err
		})
		if err != nil {
			x.issue("error", "competitor", fault.CodeOf(err), "the competitor could not be added")
		}
	}
}

// place queues a new record, or changes the one that carries the id.
func (r *run) place(x *row, h opportunity.History, custom field.Values, v pipeline.Version) error {
	id := ""
	if h.External.ID != "" {
		id = r.external[h.External.ID]
	}
	if id == "" {
		r.sum.Created["opportunity"]++
		r.pending = append(r.pending, h)
		if h.External.ID != "" {
			r.external[h.External.ID] = h.ID
		}
		return nil
	}
	if r.opt.DryRun {
		r.sum.Updated["opportunity"]++
		return nil
	}
	return r.update(x, id, h, custom, v)
}

// update edits an existing record and moves it through the same gate as a person
// would; a refused move is an error of the row, its fields are not changed then.
func (r *run) update(x *row, id string, h opportunity.History, custom field.Values, v pipeline.Version) error {
	var before, after opportunity.Opportunity
	err := r.DB.Write(r.ctx, func(tx database.Tx) error {
		var err error
		if before, err = r.Opportunities.Rows.Get(r.ctx, tx, r.a.TenantID, r.a.Write, id); err != nil {
			return err
		}
		p := opportunity.Patch{Custom: custom}
		if before.State == opportunity.Open {
			if h.AmountMinor != nil {
				p.AmountMinor = &h.AmountMinor
			}
			lines, err := r.Opportunities.Rows.Lines(r.ctx, tx, r.a.TenantID, id)
			if err != nil {
				return err
			}
			if len(h.Lines) > 0 && !sameLines(lines, h.Lines) && h.AmountMinor != nil {
				p.Lines = &h.Lines
			}
		}
		if x.has("name") {
			p.Name = &h.Name
		}
		if h.ExpectedOn != "" {
			p.ExpectedOn = &h.ExpectedOn
		}
		if h.ConfidenceBP != nil {
			p.ConfidenceBP = &h.ConfidenceBP
		}
		if h.Source != "" {
			p.Source = &h.Source
		}
		if after, err = r.Opportunities.EditIn(r.ctx, tx, r.a, id, 0, p); err != nil {
			return err
		}
		last := h.Visits[len(h.Visits)-1]
		if last.StageID == before.StageID && last.State == before.State {
			return nil
		}
		to := last.StageID
		if last.State == opportunity.Withdrawn {
			to = "withdrawn"
		}
		m := opportunity.MoveRequest{To: to, On: last.On, Reason: h.LossReason, LossKind: h.LossKind, SignedOn: h.SignedOn, ContractMinor: h.AmountMinor}
		if m.LossKind == opportunity.UnknownLoss {
			m.LossKind = opportunity.NoDecision
		}
		if m.Reason == "" && last.State != opportunity.Open {
			m.Reason = "import"
		}
		after, err = r.Opportunities.MoveIn(r.ctx, tx, r.a, id, m)
		return err
	})
	if err != nil {
		return err
	}
	if after.Version == before.Version {
		r.sum.Unchanged["opportunity"]++
		return nil
	}
	r.sum.Updated["opportunity"]++
	body, err := json.Marshal(map[string]any{"before": snapshot(before), "after": snapshot(after)})
	if err != nil {
		return err
	}
	r.changes = append(r.changes, Change{Kind: "opportunity", ID: id, Before: string(body), Version: after.Version})
	return nil
}

// snapshot is the fields an undo can give back.
func snapshot(o opportunity.Opportunity) fieldsBefore {
	return fieldsBefore{Name: o.Name, Source: o.Source, AmountMinor: o.AmountMinor, ExpectedOn: o.ExpectedOn, ConfidenceBP: o.ConfidenceBP, StageID: o.StageID}
}

type fieldsBefore struct {
	Name, Source string
	AmountMinor  *int64
	ExpectedOn   calendar.Date
	ConfidenceBP *int64
	StageID      string
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

// events reads a log of case, activity and time: each activity is the entry into
// the stage of its name.
func (r *run) events(t *table) error {
	v, err := r.version(t)
	if err != nil {
		return err
	}
	return r.grouped(t, func(x *row) string { return x.text("case") }, func(x *row) error { return r.eventCase(x, v) })
}

type happening struct {
	stage pipeline.Stage
	state opportunity.State
	on    calendar.Date
	at    time.Time
	line  int
}

func (r *run) eventCase(x *row, v pipeline.Version) error {
	var log []happening
	for _, e := range append([]*row{x}, x.more...) {
		on, at := e.date("time")
		name := e.text("activity")
		st, ok := v.StageNamed(name)
		switch {
		case on == "" && !e.failed:
			e.issue("error", "time", "input.required", "an event needs a time")
		case !ok && strings.EqualFold(name, "withdrawn"):
			log = append(log, happening{state: opportunity.Withdrawn, on: on, at: instant(at, on), line: e.line})
		case strings.EqualFold(name, "ignore"):
			e.note("activity", "event_ignored", name, "")
		case !ok:
			e.issue("error", "activity", "pipeline.stage_unknown", "the pipeline has no stage of this name; translate it under values")
		default:
			log = append(log, happening{stage: st, state: opportunity.State(st.Kind), on: on, at: instant(at, on), line: e.line})
		}
		x.failed = x.failed || e.failed
	}
	if x.failed || len(log) == 0 {
		return nil
	}
	sort.SliceStable(log, func(i, j int) bool { return log[i].at.Before(log[j].at) })
	h := opportunity.History{External: account.External{Source: r.m.Source, ID: x.text("case")}, Values: map[string]field.Value{}}
	h.ID = journal.NewID(r.a.Now)
	h.Name, h.PipelineID, h.VersionID, h.BatchID, h.Currency, h.TaxIncluded = x.text("name"), v.PipelineID, v.ID, r.opt.BatchID, r.a.Company.Currency, true
	if h.Name == "" {
		h.Name = x.text("case")
	}
	h.CreatedOn = log[0].on
	r.parties(x, &h.Opportunity)
	h.AmountMinor = x.amount("amount", h.Currency)
	for _, e := range log {
		if n := len(h.Visits); n > 0 && h.Visits[n-1].StageID == e.stage.ID && h.Visits[n-1].State == e.state {
			x.run.note(Note{File: x.t.name(), Field: "activity", Code: "stage_repeated", Value: e.stage.Name, Line: e.line})
			continue
		}
		at := e.at
		h.Visits = append(h.Visits, opportunity.Visit{StageID: e.stage.ID, State: e.state, On: e.on, At: &at})
	}
	if h.Visits[len(h.Visits)-1].State == opportunity.Withdrawn {
		h.LossKind = opportunity.Invalid
	}
	if x.failed {
		return nil
	}
	return r.place(x, h, field.Values{}, v)
}

func instant(at *time.Time, on calendar.Date) time.Time {
	if at != nil {
		return *at
	}
	return on.Time()
}
