package importtest

import (
	"math/rand/v2"
	"slices"
)

// Form is how a file is written down. It is printed where a file comes in otherwise than it is.
type Form struct {
	Language, Container, Encoding, Separator string
	CRLF                                     bool

	Titles                                     int
	BlankAfterTitle, GroupRow, LeadingColumn   bool
	Numbered, Remarks, Merged, Sums, HeadAgain bool
	BlankRows, Notes, OtherSheet, Date1904     bool
	Newlines                                   bool
	Damaged                                    int // cells that cannot be read

	Fields []string

	Unit               Unit   // of amounts
	UnitIn             string // heading, above, cell, ""
	CurrencyIn         string // heading, cell, column, ""
	Rounded            int    // decimals at most; -1 all
	Thousands, Decimal string
	Days               map[string]string // how each field's days are written
	Rates              string
}

// Unit is what amounts are counted in.
type Unit struct {
	Of    int64
	Names []string
}

var units = map[string][]Unit{
	"zh": {{1, []string{"元"}}, {1000, []string{"千元", "千"}}, {10_000, []string{"万元", "万"}}, {100_000_000, []string{"亿元", "亿"}}, {1_000_000, []string{"百万元"}}},
	"tw": {{10_000, []string{"萬元", "萬"}}},
	"en": {{1000, []string{"k", "K"}}, {1_000_000, []string{"M"}}},
	"de": {{1000, []string{"k", "TSD"}}},
}

// Forms of days: Go layouts, and names of what no layout writes.
var (
	daysOf = map[string][]string{
		"zh": {"2006-01-02", "2006/1/2", "2006.1.2", "2006年1月2日", "20060102", "2006-01-02 15:04:05", "2006/1/2 15:04", "2006/1/2 下午3:04", "2006年1月2日 15时04分",
			"06/1/2", "serial", "native", "native", "native time"},
		"tw": {"2006-01-02", "2006/1/2", "native"},
		"en": {"2006-01-02", "01/02/2006", "1/2/2006", "1/2/06", "02/01/2006", "2-Jan-06", "2 Jan 2006", "Jan 2, 2006", "January 2, 2006", "1/2/2006 3:04 PM",
			"zoned", "2006-01-02T15:04:05", "serial", "native", "native"},
		"de": {"02.01.2006", "2.1.06", "2.1.2006", "2006-01-02", "native"},
	}
	aheadOf = map[string][]string{
		"zh": {"month end", "quarter", "year month", "no year", "month part"}, "en": {"quarter", "Jan 2006"},
	}
	encodings = map[string][]string{
		"zh": {"utf-8", "utf-8 bom", "utf-16le", "gb18030", "gb18030"}, "tw": {"utf-8 bom", "big5"},
		"en": {"utf-8", "utf-8 bom", "windows-1252", "utf-16le"}, "de": {"windows-1252", "utf-8"},
	}
)

// NewForm chooses how a book's file is written.
func NewForm(r *rand.Rand, b Book) Form {
	often := func(n int) bool { return r.IntN(n) == 0 }
	f := Form{Language: b.Language, Container: pick(r, []string{"csv", "xlsx"}), Rounded: -1, Decimal: ".", Days: map[string]string{}}
	f.Encoding, f.Separator = pick(r, encodings[b.Language]), pick(r, []string{",", ",", ",", ";", "\t"})
	f.CRLF = often(2)
	f.Titles, f.BlankAfterTitle = max(0, r.IntN(5)-2), often(2)
	f.GroupRow, f.LeadingColumn, f.Numbered, f.Remarks = often(5), often(8), often(3), often(3)
	f.Merged = f.Container == "xlsx" && often(4)
	f.Sums, f.HeadAgain, f.BlankRows, f.Notes = often(4), often(8), often(6), often(4)
	f.OtherSheet, f.Date1904 = f.Container == "xlsx" && often(4), f.Container == "xlsx" && often(5)
	f.Newlines = often(6)
	if often(3) {
		f.Damaged = 1 + r.IntN(4)
	}
	for _, field := range fieldsOf[b.Kind] {
		if len(f.Fields) < inEvery[b.Kind] || !often(4) {
			f.Fields = append(f.Fields, field.Target)
		}
	}
	r.Shuffle(len(f.Fields), func(i, j int) { f.Fields[i], f.Fields[j] = f.Fields[j], f.Fields[i] })
	f.money(r, b)
	same := f.days(r, pick(r, daysOf[b.Language]))
	for _, field := range fieldsOf[b.Kind] {
		if field.Kind != Day {
			continue
		}
		f.Days[field.Target] = same
		if often(4) {
			f.Days[field.Target] = f.days(r, pick(r, daysOf[b.Language]))
		}
		if ahead := aheadOf[b.Language]; field.Ahead && len(ahead) > 0 && often(4) {
			f.Days[field.Target] = pick(r, ahead)
		}
	}
	f.Rates = pick(r, []string{"80%", "80", "0.8", "80 (%)"})
	if b.Kind != "opportunity" {
		f.Sums, f.Merged, f.UnitIn, f.CurrencyIn = false, f.Merged && b.Kind == "contact", "", ""
	}
	return f
}

// days is a form a file of its kind can hold.
func (f *Form) days(r *rand.Rand, form string) string {
	for f.Container == "csv" && slices.Contains([]string{"native", "native time"}, form) {
		form = pick(r, daysOf[f.Language])
	}
	return form
}

func (f *Form) money(r *rand.Rand, b Book) {
	f.Unit = Unit{Of: 1, Names: []string{""}}
	if r.IntN(2) == 0 {
		f.Unit = pick(r, units[b.Language])
		f.UnitIn = pick(r, []string{"heading", "heading", "cell", "above"})
		if r.IntN(3) == 0 {
			f.Rounded = 1 + r.IntN(2)
		}
	}
	if f.UnitIn == "above" && f.Titles == 0 {
		f.Titles = 1
	}
	f.Thousands = pick(r, []string{"", "", ",", ",", " ", "'"})
	if f.Language == "de" && r.IntN(4) > 0 {
		f.Decimal, f.Thousands = ",", pick(r, []string{"", ".", " "})
		f.Rounded = 2
	}
	f.CurrencyIn = pick(r, []string{"", "", "heading", "cell", "column"})
	if f.CurrencyIn == "" && b.currency() != "CNY" {
		f.CurrencyIn = pick(r, []string{"heading", "cell", "column"})
	}
}

// Order is the order of the numbers of a field's days, as whoever wrote them knows it.
func (f Form) Order(target string) string {
	switch f.Days[target] {
	case "01/02/2006", "1/2/2006", "1/2/06", "1/2/2006 3:04 PM":
		return "mdy"
	case "02/01/2006", "02.01.2006", "2.1.06", "2.1.2006":
		return "dmy"
	}
	return "ymd"
}
