package fieldhttp_test

import (
	"reflect"
	"testing"

	"yunchou/internal/field"
	"yunchou/internal/field/fieldhttp"
	"yunchou/internal/org"
)

func TestAFilterKeepsColonsOfItsValue(t *testing.T) {
	got := fieldhttp.Conditions{Custom: []string{"site:https://example.com", "grade:A", "no value"}}.Texts()
	want := map[string]string{"site": "https://example.com", "grade": "A"}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("texts %v, want %v", got, want)
	}
}

func TestAnExportedPersonIsAName(t *testing.T) {
	all := []field.Field{
		{Record: "account", Key: "grade", Label: "评级", Type: field.Choice},
		{Record: "opportunity", Key: "risk", Label: "风险", Type: field.Text},
		{Record: "account", Key: "engineer", Label: "工程师", Type: field.Person},
		{Record: "account", Key: "old", Label: "旧等级", Type: field.Text, Retired: true},
	}
	actor := org.Actor{Structure: &org.Structure{Members: map[string]org.Member{"m1": {ID: "m1", Name: "陈露"}}}}
	own := fieldhttp.ColumnsOf(all, "account")
	if got, want := own.Head([]any{"编号"}, "zh-CN"), []any{"编号", "评级", "工程师", "旧等级（已停用）"}; !reflect.DeepEqual(got, want) {
		t.Errorf("head %v, want %v", got, want)
	}
	row := own.Row([]any{"a1"}, actor, field.Values{"grade": "A", "engineer": "m1", "old": "丙"})
	if want := []any{"a1", "A", "陈露", "丙"}; !reflect.DeepEqual(row, want) {
		t.Errorf("row %v, want %v", row, want)
	}
}
