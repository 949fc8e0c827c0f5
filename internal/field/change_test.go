package field_test

import (
	"fmt"
	"reflect"
	"testing"

	"yunchou/internal/app/apptest"
	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
	"yunchou/internal/fault"
	"yunchou/internal/field"
	"yunchou/internal/funnel"
	"yunchou/internal/opportunity"
	"yunchou/internal/savedview"
)

// world is a company with a deal of 陈露 and fields of its own.
type world struct {
	*apptest.World
	deal string
}

func in(t *testing.T, db *database.DB) world {
	w := world{apptest.New(t, db), ""}
	w.deal = w.Opportunity("陈露", "二期").ID
	return w
}

func (w world) may(err error) {
	w.T.Helper()
	if err != nil {
		w.T.Fatal(err)
	}
}

func (w world) define(f field.Field) field.Field {
	w.T.Helper()
	f, err := w.Fields.Define(w.Ctx, w.As("管理员"), f)
	w.may(err)
	return f
}

func (w world) change(f field.Field, c field.Change) field.Field {
	w.T.Helper()
	f, err := w.Fields.Change(w.Ctx, w.As("管理员"), f.ID, c)
	w.may(err)
	return f
}

func (w world) set(values field.Values) error {
	_, err := w.Opportunities.Edit(w.Ctx, w.As("陈露"), w.deal, 0, opportunity.Patch{Custom: values})
	return err
}

func (w world) held() field.Values {
	w.T.Helper()
	o, err := w.Opportunities.Get(w.Ctx, w.As("陈露"), w.deal)
	w.may(err)
	return o.Custom
}

func (w world) refused(err error, code string) {
	w.T.Helper()
	if fault.CodeOf(err) != code {
		w.T.Errorf("%v, want %s", err, code)
	}
}

func is[T any](v T) *T { return &v }

// TestAChoiceIsRenamedAndRetired: records keep what they hold, called as it is called now; a former name still means
// it; what is retired is kept where it is held and chosen no more.
func TestAChoiceIsRenamedAndRetired(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := in(t, db)
		f := w.define(field.Field{Record: "opportunity", Key: "grade", Label: "等级", Type: field.Choice, Options: []string{"甲", "乙"}})
		w.may(w.set(field.Values{"grade": "甲"}))
		choices := f.Choices
		choices[0].Label = "重点"
		f = w.change(f, field.Change{Choices: &choices})
		if got := w.held()["grade"]; got != "重点" {
			t.Errorf("held %q after its choice was renamed", got)
		}
		w.may(w.set(field.Values{"grade": "乙"}))
		w.may(w.set(field.Values{"grade": "甲"})) // as files and saved views say it
		if got := w.held()["grade"]; got != "重点" {
			t.Errorf("the former name is %q", got)
		}
		asked(w, f, "own:grade", map[string]int64{"重点": 1})
		choices = append([]field.Option{}, f.Choices[1], f.Choices[0], field.Option{Label: "丙"})
		choices[1].Retired = true
		f = w.change(f, field.Change{Choices: &choices})
		if want := []string{"乙", "丙"}; !reflect.DeepEqual(f.Options, want) {
			t.Errorf("offered %v, want %v", f.Options, want)
		}
		w.may(w.set(field.Values{"grade": "重点"})) // it holds it
		w.may(w.set(field.Values{"grade": "丙"}))
		w.refused(w.set(field.Values{"grade": "重点"}), "field.choice_retired")
		for code, list := range map[string][]field.Option{
			"field.choice_gone":     {{Label: "丁"}},
			"field.choice_twice":    append(append([]field.Option{}, f.Choices...), field.Option{Label: "甲"}),
			"field.choices_missing": {{Code: "甲", Label: "甲", Retired: true}, {Code: "乙", Label: "乙", Retired: true}, {Code: "丙", Label: "丙", Retired: true}},
		} {
			_, err := w.Fields.Change(w.Ctx, w.As("管理员"), f.ID, field.Change{Choices: &list})
			w.refused(err, code)
		}
	})
}

// asked asks the funnel to be split, and by the engine too.
func asked(w world, _ field.Field, by funnel.GroupBy, want map[string]int64) {
	w.T.Helper()
	r, err := w.Funnel.Report(w.Ctx, w.As("总监"), funnel.Ask{Pipeline: w.Bid.PipelineID, Group: by})
	w.may(err)
	got := map[string]int64{}
	for _, g := range r.Groups {
		got[g.Key] = g.Population.Created
	}
	if !reflect.DeepEqual(got, want) {
		w.T.Errorf("by %s: %v, want %v", by, got, want)
	}
}

// TestATextIsGivenChoices: what is beside them is told before, kept, found, and may stay, but is not written anew; and
// a report is split by it.
func TestATextIsGivenChoices(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := in(t, db)
		f := w.define(field.Field{Record: "opportunity", Key: "way", Label: "方式", Type: field.Text})
		w.may(w.set(field.Values{"way": "公开招标"}))
		other := w.Opportunity("陈露", "三期").ID
		_, err := w.Opportunities.Edit(w.Ctx, w.As("陈露"), other, 0, opportunity.Patch{Custom: field.Values{"way": "熟人介绍"}})
		w.may(err)
		_, err = w.Funnel.Report(w.Ctx, w.As("总监"), funnel.Ask{Pipeline: w.Bid.PipelineID, Group: "own:way"})
		w.refused(err, "report.group_unknown")
		touches, err := w.Fields.Touches(w.Ctx, w.As("管理员"), f.ID, []string{"公开招标", "单一来源"})
		w.may(err)
		want := []field.Held{{Value: "熟人介绍", Records: 1}, {Value: "公开招标", Records: 1, Offered: true}}
		if touches.Records != 2 || !reflect.DeepEqual(touches.Values, want) {
			t.Errorf("touches %+v, want %+v", touches, want)
		}
		w.change(f, field.Change{Choices: &[]field.Option{{Label: "公开招标"}, {Label: "单一来源"}}})
		if got := w.held()["way"]; got != "公开招标" {
			t.Errorf("held %q", got)
		}
		w.refused(w.set(field.Values{"way": "随便"}), "field.value_malformed")
		w.may(w.set(field.Values{"way": "单一来源"}))
		_, err = w.Opportunities.Edit(w.Ctx, w.As("陈露"), other, 0, opportunity.Patch{Custom: field.Values{"way": "熟人介绍"}})
		w.may(err) // it holds it
		asked(w, f, "own:way", map[string]int64{"单一来源": 1, "熟人介绍": 1})
		w.Again([]string{"company.", "field."}, "custom_field")
	})
}

// TestAFieldIsRetired: nothing new is written in it, what records hold stays readable, and it comes back.
func TestAFieldIsRetired(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := in(t, db)
		f := w.define(field.Field{Record: "opportunity", Key: "risk", Label: "风险", Type: field.Text})
		g := w.define(field.Field{Record: "opportunity", Key: "site", Label: "现场", Type: field.Text})
		w.may(w.set(field.Values{"risk": "高"}))
		f = w.change(f, field.Change{Retired: is(true)})
		if !f.Retired || w.held()["risk"] != "高" {
			t.Errorf("retired %v, held %v", f.Retired, w.held())
		}
		all, err := w.Fields.All(w.Ctx, w.As("陈露"))
		w.may(err)
		if got := field.Asked(all); len(all) != 2 || len(got) != 1 || got[0].ID != g.ID || all[1].ID != f.ID {
			t.Errorf("all %v, asked for %v", all, got)
		}
		w.may(w.set(field.Values{"risk": "高", "site": "上海"})) // a form that was open says what is there
		w.refused(w.set(field.Values{"risk": "低"}), "field.retired")
		_, err = w.Fields.Define(w.Ctx, w.As("管理员"), field.Field{Record: "opportunity", Key: "risk_2", Label: "风险", Type: field.Text})
		w.refused(err, "field.label_taken")
		// A deal is made, edited and moved without it.
		w.Opportunity("陈露", "四期")
		w.Again([]string{"company.", "field."}, "custom_field")
		w.change(f, field.Change{Retired: is(false)})
		w.may(w.set(field.Values{"risk": "低"}))
		w.Again([]string{"company.", "field."}, "custom_field")
	})
}

// TestFieldsAreRenamedAndOrdered: a name is one field's of its kind, and the order is everybody's.
func TestFieldsAreRenamedAndOrdered(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := in(t, db)
		var ids []string
		for i, label := range []string{"一", "二", "三"} {
			f := w.define(field.Field{Record: "account", Key: fmt.Sprint("k", i), Label: label, Type: field.Text})
			ids = append(ids, f.ID)
		}
		admin := w.As("管理员")
		_, err := w.Fields.Change(w.Ctx, admin, ids[0], field.Change{Label: is(" 二 ")})
		w.refused(err, "field.label_taken")
		w.define(field.Field{Record: "contact", Key: "k", Label: "一", Type: field.Text}) // of another kind
		_, err = w.Fields.Change(w.Ctx, admin, ids[0], field.Change{Label: is("甲")})
		w.may(err)
		w.change(field.Field{ID: ids[1]}, field.Change{Retired: is(true)})
		_, err = w.Fields.Order(w.Ctx, admin, "account", []string{ids[2], ids[1], ids[0]})
		w.refused(err, "field.order_incomplete")
		_, err = w.Fields.Order(w.Ctx, admin, "account", []string{ids[2], ids[2]})
		w.refused(err, "field.order_incomplete")
		list, err := w.Fields.Order(w.Ctx, admin, "account", []string{ids[2], ids[0]})
		w.may(err)
		var got []string
		for _, f := range list {
			got = append(got, f.Label)
		}
		if want := []string{"三", "甲", "二"}; !reflect.DeepEqual(got, want) {
			t.Errorf("in order %v, want %v", got, want)
		}
		w.Again([]string{"company.", "field."}, "custom_field")
		for _, act := range []func() error{
			func() error { _, err := w.Fields.Order(w.Ctx, w.As("陈露"), "account", ids); return err },
			func() error { _, err := w.Fields.Change(w.Ctx, w.As("陈露"), ids[0], field.Change{}); return err },
			func() error { _, err := w.Fields.Touches(w.Ctx, w.As("陈露"), ids[0], nil); return err },
		} {
			w.refused(act(), "org.permission_missing")
		}
		_, err = w.Fields.Change(w.Ctx, admin, "nobody", field.Change{})
		w.refused(err, "field.unknown")
	})
}

// TestWhatNamesAFieldIsTold: views that filter by it, show it or split by it, whosever they are, and no others.
func TestWhatNamesAFieldIsTold(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := in(t, db)
		f := w.define(field.Field{Record: "opportunity", Key: "area", Label: "片区", Type: field.Choice, Options: []string{"东"}})
		w.define(field.Field{Record: "account", Key: "area", Label: "片区", Type: field.Text})
		for screen, query := range map[string]string{
			"opportunities": "custom=area:东", "board": "custom=area_2:东&q=area", "funnel": "groupBy=own:area",
			"analysis": "groupBy=own:area_2", "accounts": "custom=area:东",
		} {
			_, err := w.Views.Save(w.Ctx, w.As("陈露"), savedview.View{Screen: screen, Name: screen, Query: query})
			w.may(err)
		}
		touches, err := w.Fields.Touches(w.Ctx, w.As("管理员"), f.ID, nil)
		w.may(err)
		if want := (field.Names{Views: 1, Groupings: 1}); touches.Names != want || touches.Records != 0 {
			t.Errorf("touches %+v, want %+v", touches, want)
		}
	})
}
