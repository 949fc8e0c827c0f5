package opportunityimport

import (
	"slices"

	"yunchou/internal/account"
	"yunchou/internal/account/accountimport"
	"yunchou/internal/database"
	"yunchou/internal/intake"
	"yunchou/internal/intake/form"
	"yunchou/internal/money"
	"yunchou/internal/opportunity"
	"yunchou/internal/opportunity/opportunitytable"
	"yunchou/internal/org/orgimport"
	"yunchou/internal/text"
)

func (e *editing) members() *orgimport.Members { return intake.PartOf[*orgimport.Members](e.run) }

// isAccount tells whether a name means the record's account.
func (e *editing) isAccount(name string) bool {
	return intake.PartOf[*accountimport.Accounts](e.run).Is(e.was.AccountID, name)
}

// worth finds amount, currency and lines that differ. Lines add up to the amount: where only they
// differ, it becomes their sum.
func (e *editing) worth() {
	was := e.was.Opportunity
	currency := was.Currency
	if e.says("currency") != "" {
		if c, known := e.x.Currency("currency"); known {
			currency = c
		}
	}
	v := e.amount("amount", was.AmountMinor, currency)
	if v == nil && currency != was.Currency {
		v, currency = e.x.Money("amount", currency)
	}
	lines, ok := e.lines(currency)
	if !ok || v == nil && lines == nil && currency == was.Currency {
		return
	}
	if v == nil && lines != nil {
		v = new(int64)
		for _, l := range lines {
			*v += l.AmountMinor
		}
	}
	if v == nil {
		v = was.AmountMinor
	}
	said, held := written(v, currency), written(was.AmountMinor, was.Currency)
	target := "amount"
	if said == held {
		if target = "lines"; lines == nil {
			return
		}
		said, held = e.x.Text("lines"), opportunitytable.Priced.Write(e.was.LineItems())
	}
	if was.State != opportunity.Open {
		e.notes = append(e.notes, func() { e.x.Note(target, "closing_kept", said, held) })
		return
	}
	if !e.takes(target, opportunity.HandTerms, said, held) {
		return
	}
	e.patch.AmountMinor, e.patch.Currency = &v, &currency
	if lines != nil {
		e.patch.Lines = &lines
	}
}

// lines are the product lines the row says, nil where they are those the record has; false is a
// cell that cannot be read, which is told.
func (e *editing) lines(currency string) (lines []opportunity.Line, ok bool) {
	said := e.says("lines")
	if said == "" {
		return nil, true
	}
	lines, ok = e.readLines(e.x, said, currency, e.was)
	if !ok || sameLines(lines, e.was.Lines) {
		return nil, ok
	}
	return lines, true
}

// readLines reads a cell of product lines; those the deal has keep what was noted of them.
func (d *Deals) readLines(x *intake.Row, said, currency string, was opportunitytable.Deal) (lines []opportunity.Line, ok bool) {
	products := intake.PartOf[*accountimport.Products](d.run)
	for _, i := range opportunitytable.Priced.Read(said) {
		n, err := form.Numbers{Decimal: "."}.Read(i.Says)
		if err != nil {
			x.Issue("warning", "lines", "import.bad_lines", "each product line with its amount, as 主轴: 1200.00")
			return nil, false
		}
		v, err := money.Minor(n.Value, currency)
		if err != nil || v < 0 || v > money.MaxMinor {
			x.Issue("warning", "lines", "import.bad_lines", "not an amount")
			return nil, false
		}
		l := opportunity.Line{AmountMinor: v}
		for _, had := range was.Lines {
			if was.Names.Products[had.ProductLineID] == i.Name {
				l.ProductLineID, l.Note = had.ProductLineID, had.Note
			}
		}
		if l.ProductLineID == "" {
			l.ProductLineID = products.Named(x, i.Name)
		}
		if l.ProductLineID == "" || d.run.Invented(l.ProductLineID) {
			return nil, false
		}
		lines = append(lines, l)
	}
	return lines, true
}

// firstLines reads the product lines of a new deal; without an amount of its own it is worth their sum.
func (d *Deals) firstLines(x *intake.Row, said string, h *opportunity.History) {
	lines, ok := d.readLines(x, said, h.Currency, opportunitytable.Deal{})
	if !ok {
		return
	}
	var sum int64
	for _, l := range lines {
		sum = min(sum+l.AmountMinor, money.MaxMinor+1)
	}
	switch {
	case sum > money.MaxMinor, h.AmountMinor != nil && *h.AmountMinor != sum:
		x.Issue("warning", "lines", "import.lines_not_whole", "they do not add up to the amount: left out")
	default:
		h.AmountMinor, h.Lines = &sum, lines
	}
}

// people finds competitors and the customer's people that differ.
func (e *editing) people() error {
	if said := e.says("competitors"); said != "" {
		names := namesOf(opportunitytable.Alone.Read(said))
		held := namesOf(e.was.CompetitorItems())
		if !sameNames(names, held) && e.open("competitors") &&
			e.takes("competitors", opportunity.SinceCompetitors, said, opportunitytable.Alone.Write(e.was.CompetitorItems())) {
			e.competitors = &names
		}
	}
	said := e.says("contacts")
	if said == "" {
		return nil
	}
	list, ok, err := e.contactsOf(opportunitytable.Named.Read(said))
	if err != nil || !ok || sameContacts(list, e.was.Contacts) || !e.open("contacts") || !e.takes("contacts", opportunity.SinceContacts, "", "") {
		return err
	}
	e.contacts = &list
	return nil
}

// open tells whether the record is open; what a closed one had around it stays, and is told.
func (e *editing) open(target string) bool {
	if e.was.State == opportunity.Open {
		return true
	}
	e.notes = append(e.notes, func() { e.x.Note(target, "closing_kept", "", "") })
	return false
}

func namesOf(items []opportunitytable.Item) (names []string) {
	for _, i := range items {
		names = append(names, i.Name)
	}
	return names
}

func sameNames(a, b []string) bool {
	keys := func(list []string) (out []string) {
		for _, n := range list {
			out = append(out, text.Match(n))
		}
		slices.Sort(out)
		return slices.Compact(out)
	}
	return slices.Equal(keys(a), keys(b))
}

// contactsOf are the people a cell names: those of the deal first, else the only one of the name at
// its account. False is a cell that cannot be read, which is told.
func (e *editing) contactsOf(items []opportunitytable.Item) (list []opportunity.DealContact, ok bool, err error) {
	left := slices.Clone(e.was.Contacts)
	for _, i := range items {
		role := opportunitytable.Roles.Code(i.Says)
		if i.Says != "" && role == "" {
			e.x.Issue("warning", "contacts", "import.role_unknown", "a person has one of the roles of the program")
			return nil, false, nil
		}
		at := slices.IndexFunc(left, func(c opportunity.DealContact) bool {
			return text.Match(c.Name) == text.Match(i.Name) && c.Role == role
		})
		if at < 0 {
			at = slices.IndexFunc(left, func(c opportunity.DealContact) bool { return text.Match(c.Name) == text.Match(i.Name) })
		}
		if at >= 0 {
			c := opportunity.DealContact{ContactID: left[at].ContactID, Role: left[at].Role}
			if role != "" {
				c.Role = role
			}
			list, left = append(list, c), slices.Delete(left, at, at+1)
			continue
		}
		c, err := e.contactNamed(i.Name)
		if err != nil {
			return nil, false, err
		}
		if c == "" {
			e.x.Issue("warning", "contacts", "import.contact_unknown", "not one person of this name at the account")
			return nil, false, nil
		}
		if role == "" {
			role = "unknown"
		}
		list = append(list, opportunity.DealContact{ContactID: c, Role: role})
	}
	for _, c := range left { // who was erased has no name to be written
		if c.Name == "" {
			list = append(list, opportunity.DealContact{ContactID: c.ContactID, Role: c.Role})
		}
	}
	return list, true, nil
}

func (e *editing) contactNamed(name string) (id string, err error) {
	var found []account.Contact
	err = e.run.DB.Read(e.run.Ctx, func(tx database.Tx) error {
		found, err = e.accounts.ContactsNamed(e.run.Ctx, tx, e.run.Actor, e.was.AccountID, name)
		return err
	})
	if len(found) == 1 {
		id = found[0].ID
	}
	return id, err
}

func sameContacts(a, b []opportunity.DealContact) bool {
	keys := func(list []opportunity.DealContact) (out []string) {
		for _, c := range list {
			out = append(out, c.ContactID+c.Role)
		}
		slices.Sort(out)
		return out
	}
	return slices.Equal(keys(a), keys(b))
}
