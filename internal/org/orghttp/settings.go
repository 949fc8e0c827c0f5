package orghttp

import (
	"context"
	"time"

	"yunchou/internal/calendar"
	"yunchou/internal/httpapi"
	"yunchou/internal/org"
)

type year struct {
	Year        int    `json:"year"`
	Status      string `json:"status"`
	WorkingDays int    `json:"workingDays"`
}

func settings(api *httpapi.API, d Deps) {
	type settingsIn struct {
		IfMatch string `header:"If-Match"`
		Body    struct {
			Name         string `json:"name" minLength:"1" maxLength:"200"`
			BackdateDays int    `json:"backdateDays" minimum:"0" maximum:"3660"`
			WorkCalendar string `json:"workCalendar" enum:"CN,weekends"`
			SumsWithTax  bool   `json:"sumsWithTax"`
		}
	}
	httpapi.Handle(api, httpapi.Route{
		Method: "PUT", Path: "/settings", ID: "saveSettings", Permission: org.SettingsEdit, Status: 204,
	}, func(ctx context.Context, actor org.Actor, in *settingsIn) (*httpapi.Done, error) {
		var err error
		if actor.IfMatch, err = httpapi.Version(in.IfMatch); err != nil {
			return nil, err
		}
		return httpapi.Nothing(d.Org.SaveSettings(ctx, actor, org.Settings(in.Body)))
	})
	type meetDaysIn struct {
		IfMatch string `header:"If-Match"`
		Body    org.MeetDays
	}
	httpapi.Handle(api, httpapi.Route{
		Method: "PUT", Path: "/settings/meet-days", ID: "setMeetDays", Permission: org.SettingsEdit, Status: 204,
		Summary: "Set within how many working days somebody new is met, by phase",
	}, func(ctx context.Context, actor org.Actor, in *meetDaysIn) (*httpapi.Done, error) {
		var err error
		if actor.IfMatch, err = httpapi.Version(in.IfMatch); err != nil {
			return nil, err
		}
		return httpapi.Nothing(d.Org.SetMeetDays(ctx, actor, in.Body))
	})
	type settingsBody struct {
		Name         string       `json:"name"`
		BackdateDays int          `json:"backdateDays"`
		WorkCalendar string       `json:"workCalendar" enum:"CN,weekends"`
		SumsWithTax  bool         `json:"sumsWithTax" doc:"whether sums of amounts are with tax"`
		MeetDays     org.MeetDays `json:"meetDays" doc:"the working days within which somebody new is met, by phase"`
		Version      int          `json:"version"`
		Years        []year       `json:"calendarYears"`
		Rates        []org.Rate   `json:"rates" doc:"into the reporting currency, in millionths, newest first"`
	}
	httpapi.Handle(api, httpapi.Route{
		Method: "GET", Path: "/settings", ID: "getSettings", Permission: org.OrgRead,
	}, func(ctx context.Context, actor org.Actor, _ *struct{}) (*httpapi.Body[settingsBody], error) {
		cal := d.Org.Calendar(actor.TenantID)
		c := actor.Company
		b := settingsBody{Name: c.Name, BackdateDays: c.BackdateDays, WorkCalendar: c.WorkCalendar,
			SumsWithTax: c.SumsWithTax, MeetDays: c.MeetDays, Version: c.Version, Years: []year{}}
		for _, y := range listedYears(cal, actor) {
			first := calendar.DateOf(time.Date(y, 1, 1, 0, 0, 0, 0, time.UTC), time.UTC)
			b.Years = append(b.Years, year{
				y, string(cal.Status(y)),
				cal.WorkingDaysIn(first, calendar.DateOf(time.Date(y+1, 1, 1, 0, 0, 0, 0, time.UTC), time.UTC)),
			})
		}
		var err error
		b.Rates, err = d.Org.Rates(ctx, actor)
		return httpapi.Answer(b, err)
	})
	// The file as it is: declared as JSON, the body would be checked to be one string.
	type rawIn struct {
		RawBody []byte `contentType:"application/octet-stream"`
	}
	httpapi.Handle(api, httpapi.Route{
		Method: "POST", Path: "/settings/holidays", ID: "loadHolidays", Summary: "Take a holiday-cn year file",
		Permission: org.SettingsEdit,
	}, func(ctx context.Context, actor org.Actor, in *rawIn) (*httpapi.Body[year], error) {
		y, err := d.Org.LoadHolidays(ctx, actor, in.RawBody)
		return httpapi.Answer(year{Year: y.Year, Status: "loaded", WorkingDays: len(y.Days)}, err)
	})
	holidaysLook(api, d)
	type rateIn struct{ Body org.Rate }
	httpapi.Handle(api, httpapi.Route{
		Method: "POST", Path: "/settings/rates", ID: "setRate", Permission: org.SettingsEdit, Status: 204,
	}, func(ctx context.Context, actor org.Actor, in *rateIn) (*httpapi.Done, error) {
		return httpapi.Nothing(d.Org.SetRate(ctx, actor, in.Body))
	})
}

// listedYears are the years somebody has to know of: those there are, the running one, and
// the one after the last, which is loaded when its notice is out.
func listedYears(cal calendar.Calendar, a org.Actor) []int {
	if a.Company.WorkCalendar == org.Weekends {
		return nil
	}
	years := cal.Years()
	next := a.Today.Time().Year()
	if len(years) > 0 {
		next = max(next, years[len(years)-1]+1)
	}
	return append(years, next)
}

// holidaysLook is what a year file would change, before it does.
func holidaysLook(api *httpapi.API, d Deps) {
	type rawIn struct {
		RawBody []byte `contentType:"application/octet-stream"`
	}
	type day struct {
		Date  calendar.Date `json:"date"`
		Name  string        `json:"name,omitempty"`
		Works bool          `json:"works"`
	}
	type look struct {
		Year            int    `json:"year"`
		Was             string `json:"was" enum:"official,published,estimated,missing"`
		Is              string `json:"is" enum:"official,published,estimated,missing"`
		WorkingDaysWas  int    `json:"workingDaysWas"`
		WorkingDaysThen int    `json:"workingDaysThen"`
		Days            []day  `json:"days" doc:"those that become worked, or off"`
	}
	httpapi.Handle(api, httpapi.Route{
		Method: "POST", Path: "/settings/holidays/look", ID: "lookAtHolidays", Summary: "What a holiday-cn year file would change",
		Permission: org.SettingsEdit,
	}, func(ctx context.Context, actor org.Actor, in *rawIn) (*httpapi.Body[look], error) {
		c, err := d.Org.LookAtHolidays(ctx, actor, in.RawBody)
		b := look{c.Year, string(c.Was), string(c.Is), c.WorkDays[0], c.WorkDays[1], []day{}}
		for _, x := range c.Days {
			b.Days = append(b.Days, day(x))
		}
		return httpapi.Answer(b, err)
	})
}
