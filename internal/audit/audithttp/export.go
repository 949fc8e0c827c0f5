package audithttp

import (
	"context"
	"strconv"
	"strings"

	"yunchou/internal/audit"
	"yunchou/internal/httpapi"
	"yunchou/internal/org"
	"yunchou/internal/sheet"
)

// headings of the exported trail.
var headings = []httpapi.Label{{"时间", "Time"}, {"人员", "Person"}, {"代表", "On behalf of"}, {"操作", "What"}, {"对象", "On whom or what"},
	{"结果", "Outcome"}, {"次数", "Times"}, {"地址", "Address"}, {"内容", "Details"}}

// export writes the trail in words: ids and codes are for programs, which ask the list.
func export(ctx context.Context, d Deps, a org.Actor, q audit.Query, in httpapi.ExportQuery, w sheet.Writer) error {
	if err := w.Row(in.Head(headings)); err != nil {
		return err
	}
	zone := a.Company.Zone()
	say := func(key string) string { return d.Words(in.Locale, key) }
	return d.Audit.Export(ctx, a, q, in.Format, func(i audit.Item) error {
		var details []string
		for _, x := range i.Details {
			text := value(say, x.Of, x.New)
			if x.Old != "" {
				text = value(say, x.Of, x.Old) + " → " + text
			}
			details = append(details, say("audit.detail."+x.Key)+": "+text)
		}
		about := i.Called
		if about == "" && i.About.Kind == "role" {
			about = say("roleKey." + i.About.ID)
		}
		return w.Row([]any{i.At.In(zone).Format("2006-01-02 15:04:05"), i.Person, i.For, say("audit.kind." + i.Kind), about,
			say("audit.outcome." + i.Outcome), int64(i.Times), i.Address, strings.Join(details, "; ")})
	})
}

// spans are the minutes of the units durations are stored in.
var spans = map[string]int{"minutes": 1, "hours": 60, "days": 24 * 60}

// lasting is a duration as the screens say it, its parts from the largest: 7 天, 1 hour 30 minutes.
func lasting(say func(key string) string, minutes int) string {
	var words []string
	for _, unit := range []string{"days", "hours", "minutes"} {
		n := minutes / spans[unit]
		if minutes -= n * spans[unit]; n == 0 && (unit != "minutes" || len(words) > 0) {
			continue
		}
		key := "duration." + unit + "_one"
		text := say(key)
		if n != 1 || text == key { // Chinese has one form
			text = say("duration." + unit + "_other")
		}
		words = append(words, strings.ReplaceAll(text, "{{count}}", strconv.Itoa(n)))
	}
	return strings.Join(words, " ")
}

// value is a detail's value in words.
func value(say func(key string) string, of, v string) string {
	if n, err := strconv.Atoi(v); err == nil && spans[of] > 0 {
		return lasting(say, n*spans[of])
	}
	prefix := map[string]string{"yes": "audit.yes.", "role": "roleKey.", "roles": "roleKey.", "factor": "audit.factor.", "permissions": "permission.",
		"way": "audit.way.", "means": "audit.means.", "checked": "audit.checked."}[of]
	if prefix == "" || v == "" {
		return v
	}
	var words []string
	for _, one := range strings.Split(v, ",") {
		words = append(words, say(prefix+one))
	}
	return strings.Join(words, ", ")
}
