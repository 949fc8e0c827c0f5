package worktime_test

import (
	"testing"

	"yunchou/internal/fault"
	"yunchou/internal/worktime"
)

func TestHoursAreReadAndRefused(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ name, said, code string }{
		{"with a break", "09:00-12:00 13:00-18:00", ""},
		{"to midnight", "10:00-14:00 14:00-24:00", ""},
		{"none", "", "input.required"},
		{"backwards", "12:00-09:00", "worktime.span_empty"},
		{"over midnight", "22:00-06:00", "worktime.span_empty"},
		{"one within another", "09:00-12:00 11:00-13:00", "worktime.spans_overlap"},
		{"out of order", "13:00-18:00 09:00-12:00", "worktime.spans_overlap"},
		{"half an hour a day", "09:00-09:30", "worktime.day_too_short"},
		{"seven spans", "01:00-02:00 03:00-04:00 05:00-06:00 07:00-08:00 09:00-10:00 11:00-12:00 13:00-14:00", "worktime.too_many_spans"},
		{"without minutes", "9-12", "worktime.bad_clock"},
		{"a minute too many", "09:60-12:00", "worktime.bad_clock"},
		{"later than midnight", "09:00-24:01", "worktime.bad_clock"},
		{"a sign", "09:00-+2:00", "worktime.bad_clock"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			h, err := worktime.ParseHours(tt.said)
			if fault.CodeOf(err) != tt.code {
				t.Fatalf("code %q, want %q (%v)", fault.CodeOf(err), tt.code, err)
			}
			if err == nil && h.String() != tt.said {
				t.Errorf("written %s", h)
			}
		})
	}
}

func TestNoonPartsADay(t *testing.T) {
	t.Parallel()
	for said, want := range map[string]string{
		"09:00-12:00 13:00-18:00":             "12:00",
		"09:00-17:00":                         "13:00",
		"08:00-10:00 10:15-12:00 14:00-18:00": "12:00",
	} {
		h, err := worktime.ParseHours(said)
		if err != nil || h.Noon().String() != want {
			t.Errorf("%s: %s, want %s (%v)", said, h.Noon(), want, err)
		}
	}
}
