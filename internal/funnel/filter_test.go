package funnel_test

import (
	"reflect"
	"slices"
	"testing"

	"yunchou/internal/funnel"
	"yunchou/internal/opportunity"
)

// TestEachPartOfAFilterIsOfItsDayOrOfToday: what is asked of the record as it is today is
// only what has no day. A filter that is new must be put to one of the two.
func TestEachPartOfAFilterIsOfItsDayOrOfToday(t *testing.T) {
	var q funnel.Query
	ask(t, reflect.ValueOf(&q.Filter).Elem())
	q.Filter.Stalled, q.Filter.Overstayed, q.Filter.LongStalled = false, false, false
	var today []string
	asked := reflect.ValueOf(q.AsToday())
	for i := range asked.NumField() {
		if !asked.Field(i).IsZero() {
			today = append(today, asked.Type().Field(i).Name)
		}
	}
	want := []string{"Query", "Source", "CreatedFrom", "CreatedTo", "NoNextStep", "Passed", "Waiting", "Exceptions", "Provisional", "IDs", "Custom", "Lacks", "Deleted", "WithDeleted", "Conditions",
		"Beyond"}
	if !slices.Equal(today, want) {
		t.Errorf("of today are\n %v, want\n %v", today, want)
	}
	q.Filter.Stalled = true // what is due is open today
	if states := q.AsToday().States; !slices.Equal(states, []opportunity.State{""}) {
		t.Errorf("what is due may be in states %v", states)
	}
}

// ask fills a filter, and what it is made of.
func ask(t *testing.T, f reflect.Value) {
	t.Helper()
	for i := range f.NumField() {
		switch v := f.Field(i); v.Kind() {
		case reflect.String:
			v.SetString("x")
		case reflect.Bool:
			v.SetBool(true)
		case reflect.Slice:
			v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		case reflect.Map:
			v.Set(reflect.ValueOf(map[string]string{"x": "y"}))
		case reflect.Pointer:
			v.Set(reflect.New(v.Type().Elem()))
		case reflect.Struct:
			ask(t, v)
		default:
			t.Fatalf("a filter of kind %s", v.Kind())
		}
	}
}
