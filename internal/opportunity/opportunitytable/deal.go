package opportunitytable

import (
	"strconv"

	"yunchou/internal/database"
	"yunchou/internal/money"
	"yunchou/internal/opportunity"
	"yunchou/internal/org"
	"yunchou/internal/pipeline"
	"yunchou/internal/sheet"
)

// Names are what the records are called that deals name by id.
type Names struct {
	pipeline.Names
	Products, Competitors map[string]string
	Org                   *org.Structure
}

// Deal is a deal as its row tells of it: with its parts, as it was after an entry of the journal.
type Deal struct {
	opportunity.Whole
	Names Names
	AsOf  database.Seq
}

// Row is the deal's row, before a company's own fields.
func (d Deal) Row(locale string) []any {
	row := make([]any, len(Columns))
	for i, c := range Columns {
		row[i] = d.Cell(c.Target, locale)
	}
	return row
}

// Cell is what stands in a column: a text, an amount, a rate or a count.
func (d Deal) Cell(target, locale string) any {
	o := d.Opportunity
	switch target {
	case "id":
		return o.ID
	case "name":
		return o.Name
	case "account":
		return o.AccountName
	case "pipeline":
		return d.Names.Pipelines[o.PipelineID]
	case "stage":
		return d.Names.Stages[o.StageID]
	case "outcome":
		return States[string(o.State)].In(locale)
	case "owner":
		return d.Names.Org.Members[o.OwnerID].Name
	case "team":
		return d.Names.Org.Teams[o.TeamID].Name
	case "region":
		return o.Region
	case "source":
		return o.Source
	case "asOf":
		return int64(d.AsOf)
	}
	if v, ok := d.worth(target); ok {
		return v
	}
	if v, ok := d.day(target); ok {
		return v
	}
	return d.closing(target, locale)
}

// worth are the cells about what the deal is worth.
func (d Deal) worth(target string) (any, bool) {
	o := d.Opportunity
	switch target {
	case "amount":
		return sheet.Amount{Minor: o.AmountMinor, Currency: o.Currency}, true
	case "contract":
		return sheet.Amount{Minor: o.ContractMinor, Currency: o.Currency}, true
	case "currency":
		return o.Currency, true
	case "confidence":
		return sheet.Percent{BP: o.ConfidenceBP}, true
	case "lines":
		return Priced.Write(d.LineItems()), true
	}
	return nil, false
}

func (d Deal) day(target string) (any, bool) {
	o := d.Opportunity
	switch target {
	case "expectedOn":
		return string(o.ExpectedOn), true
	case "createdOn":
		return string(o.CreatedOn), true
	case "closedOn":
		return string(o.ClosedOn), true
	case "signedOn":
		return string(o.SignedOn), true
	case "lastContactOn":
		return string(o.ContactOn), true
	}
	return nil, false
}

// closing are the cells about why it was lost, and the people around it.
func (d Deal) closing(target, locale string) string {
	o := d.Opportunity
	switch target {
	case "lossKind":
		return LossKinds[o.LossKind].In(locale)
	case "lossReason":
		return o.LossReason
	case "competitor":
		return d.Names.Competitors[o.CompetitorID]
	case "competitors":
		return Alone.Write(d.CompetitorItems())
	case "contacts":
		return Named.Write(d.ContactItems(locale))
	}
	panic("opportunitytable: no such column: " + target)
}

// LineItems are the product lines, each with its amount.
func (d Deal) LineItems() (items []Item) {
	for _, l := range d.Lines {
		items = append(items, Item{d.Names.Products[l.ProductLineID], money.Decimal(l.AmountMinor, money.Digits(d.Currency))})
	}
	return items
}

// CompetitorItems are the competitors.
func (d Deal) CompetitorItems() (items []Item) {
	for _, c := range d.Competitors {
		items = append(items, Item{Name: c.Name})
	}
	return items
}

// ContactItems are the customer's people, each with the role.
func (d Deal) ContactItems(locale string) (items []Item) {
	for _, c := range d.Contacts {
		items = append(items, Item{c.Name, Roles[c.Role].In(locale)})
	}
	return items
}

// Texts are what a cell may read as that says what the deal holds: in either language, as a number
// too.
func (d Deal) Texts(target string) (out []string) {
	for _, locale := range []string{"zh-CN", "en-US"} {
		switch v := d.Cell(target, locale).(type) {
		case string:
			out = append(out, v)
		case int64:
			out = append(out, strconv.FormatInt(v, 10))
		}
	}
	return out
}
