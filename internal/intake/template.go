package intake

import (
	"context"
	"slices"

	"yunchou/internal/database"
	"yunchou/internal/fault"
	"yunchou/internal/field"
	"yunchou/internal/org"
	"yunchou/internal/sheet"
)

// What the notes of a table to be filled say of a column.
var (
	mustFill = sheet.Label{"必填。", "Must be filled. "}
	mayFill  = sheet.Label{"可以不填。", "May be left blank. "}
	takes    = map[Is]sheet.Label{
		ADate:   {"日期，如 2026-03-15。", "A day, as 2026-03-15."},
		AnSum:   {"金额，如 12000.50；没有币种就是本公司的币种。", "An amount, as 12000.50; in your company's currency where none is named."},
		ARate:   {"百分比，如 60%。", "A percentage, as 60%."},
		ANumber: {"数字，如 12.5。", "A number, as 12.5."},
	}
	chosen  = sheet.Label{"从下拉中选。", "Choose from the list."}
	anyText = sheet.Label{"文字。", "A text."}
)

var forms = map[Is]sheet.Form{ADate: sheet.Day, AnSum: sheet.Money, ARate: sheet.Rate}

// Template is the headings of a table of a kind that people fill: what each column takes and what may
// be chosen in it, in a language. What comes of it filled is recognised by its headings. Fault:
// mapping.kind_unknown.
func (s *Service) Template(ctx context.Context, a org.Actor, kind, locale string) (out []sheet.Heading, err error) {
	if err := a.Need(org.ImportRun); err != nil {
		return nil, err
	}
	k, ok := kindNamed(s.kinds(), kind)
	if !ok {
		return nil, fault.New(fault.NotFound, "mapping.kind_unknown", "no such kind of file")
	}
	err = s.DB.Read(ctx, func(tx database.Tx) error {
		own, err := s.Fields.List(ctx, tx, a.TenantID, k.record())
		own = field.Asked(own)
		if err != nil {
			return err
		}
		choices := map[string][]string{}
		if k.Choices != nil {
			if choices, err = k.Choices(ctx, tx, a, locale); err != nil {
				return err
			}
		}
		out = k.template(locale, own, choices, a)
		return nil
	})
	return out, err
}

func (k Kind) template(locale string, own []field.Field, choices map[string][]string, a org.Actor) (out []sheet.Heading) {
	var taken []string
	add := func(t Target, heading string, is Is, choices []string) {
		h := sheet.Heading{Text: heading, Form: forms[is], Choices: choices, Note: mayFill.In(locale)}
		if t.Required {
			h.Note = mustFill.In(locale)
		}
		says, typed := takes[is]
		switch {
		case t.Note != sheet.Label{}:
			says = t.Note
		case typed:
		case len(choices) > 0:
			says = chosen
		default:
			says = anyText
		}
		h.Note += says.In(locale)
		taken, out = append(taken, heading), append(out, h)
	}
	for _, t := range k.Targets {
		if t.Label != (sheet.Label{}) && !t.Exported {
			add(t, t.Label.In(locale), whatIs(k, t.Name, nil), choices[t.Name])
		}
	}
	if _, ok := k.Target("custom.x"); !ok {
		return out
	}
	for _, t := range k.Targets { // names of the whole table, so that a filled one is called as an exported one
		if t.Exported {
			taken = append(taken, t.Label.In(locale))
		}
	}
	for i, h := range field.Headings(own, taken) {
		f := own[i]
		may := slices.Clone(f.Options)
		if f.Type == field.Person {
			may = Present(a)
		}
		add(Target{}, h, whatIs(k, "custom."+f.Key, map[string]field.Field{f.Key: f}), may)
	}
	return out
}

// Present are the names of the members who are there today, in order.
func Present(a org.Actor) (names []string) {
	for id, m := range a.Structure.Members {
		if !a.Structure.Gone(id, a.Today) {
			names = append(names, m.Name)
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// filledOut tells whether a table without ids of ours has the columns of one that is to be filled.
func (k Kind) filledOut(columns map[string]Cell) bool {
	all, has := 0, 0
	for _, t := range k.Targets {
		if t.Label == (sheet.Label{}) || t.Exported {
			continue
		}
		all++
		if _, ok := columns[t.Name]; ok {
			has++
		}
	}
	return float64(has) >= mostlyOurs*float64(all)
}
