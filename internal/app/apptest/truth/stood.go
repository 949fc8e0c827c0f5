package truth

import "fmt"

// Facts tells how every record stood at a moment, fact by fact.
func (c *Company) Facts(m Moment) map[string]string {
	out := map[string]string{}
	for _, d := range c.deals {
		stays := c.live(d, m)
		if len(stays) == 0 {
			continue
		}
		for _, s := range stays {
			Stood(out, d.ID, s.State, s.Stage, s.Version, string(s.Entered), s.Amount.Minor, s.Amount.Currency, s.LossKind)
		}
		if o, ok := last(d.owners, m); ok && o.Member != "" {
			out[d.ID+" owner"] = o.Member + " of " + o.Team
		}
		amount, _ := last(d.amounts, m)
		Held(out, d.ID, "amount", "", amount.Minor, amount.Currency)
		expected, _ := last(d.expected, m)
		Held(out, d.ID, "expected", "", nil, string(expected))
		confidence, _ := last(d.confidence, m)
		Held(out, d.ID, "confidence", "", confidence, "")
		if gone, _ := last(d.deleted, m); gone {
			one := int64(1)
			Held(out, d.ID, "deleted", "", &one, "")
		}
		lines, _ := last(d.lines, m)
		for _, l := range lines {
			Held(out, d.ID, "line", l.Product, &l.Minor, "")
		}
		Held(out, d.ID, "account", "", nil, d.account(m))
		Held(out, d.ID, "region", "", nil, d.region(m))
		shares, _ := last(d.shares, m)
		for _, s := range shares {
			Held(out, d.ID, "share", s.Member+":"+s.Kind, &s.BP, "")
		}
	}
	return out
}

// Stood writes a stay that counts; the last one written is the record's state.
func Stood(out map[string]string, id, state, stage, version, entered string, amount *int64, currency, kind string) {
	out[id+" state"] = state
	out[id+" stage"] = stage + " of " + version
	out[id+" entered"] = entered
	delete(out, id+" closing")
	if state != Open {
		out[id+" closing"] = fmt.Sprint(number(amount), " ", currency, " ", kind)
	}
}

// Held writes a dated value; what is not stated, not deleted or none is left out.
func Held(out map[string]string, id, field, key string, n *int64, text string) {
	name := id + " " + field
	if key != "" {
		name += " " + key
	}
	delete(out, name)
	switch {
	case n == nil && (text == "" || field == "amount"):
	case field == "deleted" && *n == 0:
	case n == nil:
		out[name] = text
	default:
		out[name] = fmt.Sprint(*n, " ", text)
	}
}
