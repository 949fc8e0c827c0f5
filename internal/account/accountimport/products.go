package accountimport

import (
	"yunchou/internal/account"
	"yunchou/internal/account/accounttable"
	"yunchou/internal/database"
	"yunchou/internal/intake"
	"yunchou/internal/text"
)

// ProductImporter implements intake.Importer for product lines.
type ProductImporter struct{ Accounts *account.Service }

// Kinds are files of product lines. An undo leaves them: others may have chosen one by then.
func (ProductImporter) Kinds() []intake.Kind {
	return []intake.Kind{{
		Name: "product",
		Own:  []string{"产品", "product"},
		Read: func(t *intake.Table) error { return t.Rows(intake.PartOf[*Products](t.Run).product) },
		Targets: intake.Titled([]intake.Target{
			{Name: "name", Required: true, Holds: intake.OneEach, Columns: []string{"product name", "product", "product line", "产品名称", "产品", "产品线", "name", "名称", "品名", "商品名称"}},
			{Name: "series", Holds: intake.Words, Columns: []string{"series", "family", "product family", "category", "系列", "类别", "产品系列", "产品类别", "分类", "品类", "product category"}},
			{Name: "listPrice", Amount: true, Columns: []string{"list price", "sales price", "price", "unit price", "单价", "目录价", "标价", "标准单价", "销售单价", "产品单价", "价格", "标准价", "零售价", "指导价", "报价"}},
		}, accounttable.Products),
	}}
}

// Products are the product lines rows name.
type Products struct {
	run     *intake.Run
	service *account.Service
	byName  map[string]string // match key → id
}

// Begin reads the names of product lines.
func (i ProductImporter) Begin(r *intake.Run) (intake.Part, error) {
	p := &Products{r, i.Accounts, map[string]string{}}
	return p, r.DB.Read(r.Ctx, func(tx database.Tx) error {
		lines, err := p.service.ProductLinesIn(r.Ctx, tx, r.Actor)
		for _, line := range lines {
			p.byName[text.Match(line.Name)] = line.ID
		}
		return err
	})
}

func (p *Products) product(x *intake.Row) error {
	name := x.Text("name")
	if name == "" {
		x.Issue("error", "name", "input.required", "a product line needs a name")
		return nil
	}
	price := x.Amount("listPrice", p.run.Actor.Company.Currency)
	if x.Failed() {
		return nil
	}
	if _, ok := p.byName[text.Match(name)]; ok {
		p.run.Sum.Unchanged["product"]++
		return nil
	}
	_, err := p.add(account.ProductLine{Name: name, Series: x.Text("series"), ListPriceMinor: price})
	return err
}

func (p *Products) add(line account.ProductLine) (string, error) {
	r, id := p.run, "new-"+line.Name
	if !r.DryRun {
		made, err := database.Write(r.Ctx, r.DB, func(tx database.Tx) (account.ProductLine, error) {
			return p.service.ProductLineIn(r.Ctx, tx, r.Actor, line)
		})
		if err != nil {
			return "", err
		}
		id = made.ID
	}
	p.byName[text.Match(line.Name)] = id
	r.Sum.Created["product"]++
	return id, nil
}

// Named finds the product line a row names; an unknown one is added or refused, as the mapping
// says.
func (p *Products) Named(x *intake.Row, name string) string {
	if id, ok := p.byName[text.Match(name)]; ok {
		return id
	}
	if x.Empties() {
		x.Note("product", "left_empty", name, "")
		return ""
	}
	if x.Refuses() {
		x.Issue("error", "product", "product.unknown", "no product line of this name")
		return ""
	}
	x.Note("product", "product_created", name, "")
	id, err := p.add(account.ProductLine{Name: name})
	if err != nil {
		x.Refuse("product", err, "the product line could not be added")
	}
	return id
}
