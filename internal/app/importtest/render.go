package importtest

import (
	"fmt"
	"math/big"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"time"
)

// File is a book written down.
type File struct {
	Name    string
	Bytes   []byte
	Form    Form
	Columns map[string]int  // of each target, from 0
	Lines   []int           // of each deal
	Want    []Record        // what the file says of each, in the order of its rows
	Damaged map[string]bool // "line target" of cells that cannot be read
}

// cell is one of a sheet: a text, or a number with the format a workbook shows it in.
type cell struct {
	text   string
	number string
	format string
}

// page is what is written: rows of cells, and in a workbook what is merged.
type page struct {
	rows   [][]cell
	merges []string
}

func (b Book) currency() string {
	for _, d := range b.Deals {
		if _, c, ok := strings.Cut(d["amount"], " "); ok {
			return c
		}
	}
	return "CNY"
}

// Write writes a book down in a form.
func Write(r *rand.Rand, b Book, f Form, today time.Time) File {
	w := writer{r: r, b: b, f: f, today: today, out: File{Form: f, Columns: map[string]int{}, Damaged: map[string]bool{}}}
	deals := b.Deals
	if f.Merged || f.Sums {
		deals = Sorted(deals)
	} else if r.IntN(2) == 0 {
		deals = slices.Clone(deals)
		r.Shuffle(len(deals), func(i, j int) { deals[i], deals[j] = deals[j], deals[i] })
	}
	w.head()
	for i, d := range deals {
		w.between(deals, i)
		w.row(i, d)
	}
	w.foot(deals)
	w.damage()
	if f.Container == "xlsx" {
		w.out.Name, w.out.Bytes = "商机台账.xlsx", w.workbook()
	} else {
		w.out.Name, w.out.Bytes = "deals.csv", w.csv()
	}
	return w.out
}

type writer struct {
	r     *rand.Rand
	b     Book
	f     Form
	today time.Time
	page  page
	out   File
	heads []cell
	at    map[string]int // target → column
	rows  []int          // of each deal, in the page
	since int            // the first row since the last sub-total
	sum   *big.Rat
	all   *big.Rat
}

func (w *writer) field(target string) Field {
	all := fieldsOf[w.b.Kind]
	return all[slices.IndexFunc(all, func(f Field) bool { return f.Target == target })]
}

func (w *writer) zh() bool { return w.f.Language == "zh" || w.f.Language == "tw" }

func (w *writer) say(zh, en string) string {
	if w.zh() {
		return zh
	}
	return en
}

// head writes what stands above the first row.
func (w *writer) head() {
	w.sum, w.all, w.at = new(big.Rat), new(big.Rat), map[string]int{}
	var heads, groups []cell
	add := func(group, name string) {
		heads, groups = append(heads, cell{text: name}), append(groups, cell{text: group})
	}
	if w.f.LeadingColumn {
		add("", "")
	}
	if w.f.Numbered {
		add(w.say("基本信息", "General"), w.say("序号", "No."))
	}
	for _, target := range w.f.Fields {
		name := w.heading(target)
		w.at[target] = len(heads)
		w.out.Columns[target] = len(heads)
		group := w.say("基本信息", "General")
		if w.field(target).Kind != Text {
			group = w.say("商务", "Business")
		}
		add(group, name)
		if target == "amount" && w.f.CurrencyIn == "column" {
			w.at["currency"], w.out.Columns["currency"] = len(heads), len(heads)
			add(w.say("商务", "Business"), w.say("币种", "Currency"))
		}
	}
	if w.f.Remarks {
		add(w.say("其他", "Other"), w.say("备注", "Remarks"))
	}
	w.titles(len(heads))
	if w.f.GroupRow {
		w.page.rows = append(w.page.rows, w.grouped(groups))
	}
	w.heads = heads
	w.page.rows = append(w.page.rows, heads)
}

// grouped is the upper line of a header: each group once over its columns, merged in a workbook.
func (w *writer) grouped(groups []cell) []cell {
	out := slices.Clone(groups)
	for i := 1; i < len(groups); i++ {
		if groups[i].text == groups[i-1].text && groups[i].text != "" {
			out[i] = cell{}
		}
	}
	line := len(w.page.rows) + 1
	for i := 0; i < len(out); {
		j := i + 1
		for j < len(out) && groups[j].text == groups[i].text {
			j++
		}
		if j > i+1 && groups[i].text != "" {
			w.page.merges = append(w.page.merges, fmt.Sprintf("%s%d:%s%d", letters(i), line, letters(j-1), line))
		}
		i = j
	}
	return out
}

func (w *writer) titles(width int) {
	for i := range w.f.Titles {
		text := []string{w.say("2026年销售商机台账", "Sales pipeline report 2026"), w.say("销售部", "Sales department")}[min(i, 1)]
		row := make([]cell, max(1, width))
		row[0].text = text
		if i == w.f.Titles-1 && w.f.UnitIn == "above" {
			row[0] = cell{text: w.say("单位：", "Unit: ") + pick(w.r, w.f.Unit.Names)}
		}
		w.page.rows = append(w.page.rows, row)
	}
	if w.f.Titles > 0 && w.f.BlankAfterTitle {
		w.page.rows = append(w.page.rows, nil)
	}
}

// heading is what a field is called, with the unit and the currency where they stand there.
func (w *writer) heading(target string) string {
	f := w.field(target)
	name := pick(w.r, f.Names[w.f.Language])
	switch f.Kind {
	case Amount:
		unit, currency := "", ""
		if w.f.UnitIn == "heading" {
			unit = pick(w.r, w.f.Unit.Names)
		}
		if w.f.CurrencyIn == "heading" {
			currency = w.b.currency()
		}
		if unit != "" || currency != "" {
			said := strings.TrimSpace(currency + " " + unit)
			name += pick(w.r, []string{"(" + said + ")", " (" + said + ")", w.say("（"+said+"）", " ["+said+"]")})
		}
	case Rate:
		if w.f.Rates == "80 (%)" {
			name += "(%)"
		}
	}
	return name
}

// between writes what stands between the rows of two deals.
func (w *writer) between(deals []Record, i int) {
	if i == 0 {
		return
	}
	if w.f.Sums && deals[i]["account"] != deals[i-1]["account"] && i-w.since > 1 && w.r.IntN(2) == 0 {
		w.total(w.say("小计", "Subtotal"), w.sum)
		w.sum, w.since = new(big.Rat), i
	}
	if w.f.BlankRows && w.r.IntN(7) == 0 {
		w.page.rows = append(w.page.rows, nil)
	}
	if w.f.HeadAgain && i%15 == 0 {
		w.page.rows = append(w.page.rows, w.heads)
	}
}

func (w *writer) total(word string, sum *big.Rat) {
	row := make([]cell, len(w.heads))
	row[w.at["name"]].text = word
	minor := new(big.Int).Quo(sum.Num(), sum.Denom()).Int64()
	c, _ := w.amount(minor, w.b.currency(), false)
	row[w.at["amount"]] = c
	w.page.rows = append(w.page.rows, row)
}

// row writes a deal down, and what the row says of it.
func (w *writer) row(i int, d Record) {
	row := make([]cell, len(w.heads))
	want := Record{}
	if w.f.Numbered {
		row[slices.IndexFunc(w.heads, func(c cell) bool { return c.text == "序号" || c.text == "No." })] = cell{text: strconv.Itoa(i + 1), number: strconv.Itoa(i + 1)}
	}
	if w.f.Remarks && w.r.IntN(3) == 0 {
		row[len(row)-1].text = pick(w.r, []string{"需跟进", "call back", "OK"}[w.start():w.start()+2])
	}
	for _, target := range w.f.Fields {
		value, ok := d[target]
		if !ok {
			row[w.at[target]] = w.nothing(w.field(target))
			continue
		}
		switch w.field(target).Kind {
		case Text:
			row[w.at[target]], want[target] = w.text(target, value)
		case Amount:
			number, currency, _ := strings.Cut(value, " ")
			minor, _ := strconv.ParseInt(number, 10, 64)
			c, read := w.amount(minor, currency, true)
			row[w.at[target]], want[target] = c, fmt.Sprint(read, " ", currency)
			w.sum.Add(w.sum, new(big.Rat).SetInt64(read))
			w.all.Add(w.all, new(big.Rat).SetInt64(read))
			if at, ok := w.at["currency"]; ok {
				row[at].text = currency
			}
		case Day:
			row[w.at[target]], want[target] = w.day(target, value)
		case Rate:
			bp, _ := strconv.Atoi(value)
			row[w.at[target]], want[target] = w.rate(bp), value
		}
	}
	w.rows = append(w.rows, len(w.page.rows))
	w.page.rows = append(w.page.rows, row)
	w.out.Want = append(w.out.Want, want)
}

func (w *writer) start() int {
	if w.zh() {
		return 0
	}
	return 1
}

// nothing is a cell of what is not known.
func (w *writer) nothing(f Field) cell {
	if f.Kind != Text && w.r.IntN(4) == 0 {
		return cell{text: pick(w.r, []string{w.say("待定", "TBD"), "-", w.say("暂无", "N/A")})}
	}
	return cell{}
}

// text writes a text; a line is broken in it, and blanks stand around it, as they do.
func (w *writer) text(target, value string) (cell, string) {
	shown := value
	if w.f.Newlines && target == "name" && w.r.IntN(5) == 0 {
		if at := strings.IndexByte(value, ' '); at > 0 {
			shown = value[:at] + "\n" + value[at+1:]
		}
	}
	if w.r.IntN(30) == 0 {
		shown = " " + shown + "  "
	}
	c := cell{text: shown}
	if target == "externalId" && w.f.Container == "xlsx" && strings.Trim(value, "0123456789") == "" {
		c.number, c.format = strings.TrimLeft(value, "0"), "00000"
	}
	if target == "mobile" && w.f.Container == "xlsx" {
		c.number = value
	}
	return c, value
}

// amount writes so many hundredths, and tells what stands there.
func (w *writer) amount(minor int64, currency string, rounds bool) (cell, int64) {
	unit := w.f.Unit
	value := big.NewRat(minor, 100*unit.Of)
	places := 10
	if w.f.Rounded >= 0 && rounds {
		places = w.f.Rounded
	}
	digits := trimZeros(value.FloatString(places))
	if w.f.Decimal == "," && rounds {
		digits = value.FloatString(2)
	}
	read, _ := new(big.Rat).SetString(digits)
	read.Mul(read, new(big.Rat).SetInt64(100*unit.Of))
	stands := new(big.Int).Quo(read.Num(), read.Denom()).Int64()
	c := cell{text: w.marked(digits)}
	if w.f.Container == "xlsx" && w.f.UnitIn != "cell" && w.f.CurrencyIn != "cell" {
		c.number, c.format = digits, pick(w.r, []string{"", "#,##0.00", "#,##0.######"})
		if w.f.Decimal == "," {
			c.format = "#,##0.00"
		}
	}
	if w.f.UnitIn == "cell" {
		c.text += pick(w.r, unit.Names)
	}
	if w.f.CurrencyIn == "cell" {
		sign := map[string]string{"CNY": "¥", "USD": "US$", "EUR": "€", "HKD": "HK$"}[currency]
		c.text = []string{sign + c.text, sign + " " + c.text, currency + " " + c.text, c.text + " " + currency}[w.r.IntN(4)]
	}
	return c, stands
}

// marked writes a number with the form's marks.
func (w *writer) marked(digits string) string {
	whole, fraction, point := strings.Cut(digits, ".")
	if w.f.Thousands != "" {
		var parts []string
		for len(whole) > 3 {
			parts = append([]string{whole[len(whole)-3:]}, parts...)
			whole = whole[:len(whole)-3]
		}
		whole = strings.Join(append([]string{whole}, parts...), w.f.Thousands)
	}
	if point {
		return whole + w.f.Decimal + fraction
	}
	return whole
}

func trimZeros(s string) string {
	if !strings.Contains(s, ".") {
		return s
	}
	return strings.TrimSuffix(strings.TrimRight(s, "0"), ".")
}

func (w *writer) rate(bp int) cell {
	percent := trimZeros(big.NewRat(int64(bp), 100).FloatString(2))
	fraction := trimZeros(big.NewRat(int64(bp), 10_000).FloatString(4))
	switch w.f.Rates {
	case "80%":
		c := cell{text: percent + "%"}
		if w.f.Container == "xlsx" {
			c.number, c.format = fraction, "0%"
		}
		return c
	case "0.8":
		return cell{text: fraction, number: fraction}
	}
	return cell{text: percent, number: percent}
}

// foot writes what stands below the last row.
func (w *writer) foot(deals []Record) {
	if w.f.Sums {
		w.total(w.say("合计", "Total"), w.all)
	}
	if w.f.Notes {
		row := make([]cell, len(w.heads))
		row[min(1, len(row)-1)].text = w.say("制表人：张三", "Prepared by: Sales Ops")
		w.page.rows = append(w.page.rows, nil, row)
	}
	if !w.f.Merged {
		return
	}
	at := w.at["account"]
	for i := 0; i < len(deals); {
		j := i + 1
		for j < len(deals) && deals[j]["account"] == deals[i]["account"] && w.rows[j] == w.rows[j-1]+1 {
			w.page.rows[w.rows[j]][at] = cell{}
			j++
		}
		if j > i+1 {
			w.page.merges = append(w.page.merges, fmt.Sprintf("%s%d:%s%d", letters(at), w.rows[i]+1, letters(at), w.rows[j-1]+1))
		}
		i = j
	}
}

// damage puts what cannot be read into cells of days and amounts.
func (w *writer) damage() {
	for range w.f.Damaged {
		i := w.r.IntN(len(w.rows))
		target := pick(w.r, w.f.Fields)
		f := w.field(target)
		if f.Kind == Text || w.out.Want[i][target] == "" {
			continue
		}
		text := pick(w.r, []string{"见合同附件", "2026-02-30", "??x", "12//5"})
		if !w.zh() {
			text = pick(w.r, []string{"see contract", "2026-02-30", "??x", "12//5"})
		}
		w.page.rows[w.rows[i]][w.at[target]] = cell{text: text}
		delete(w.out.Want[i], target)
		w.out.Damaged[fmt.Sprint(i, " ", target)] = true
	}
}
