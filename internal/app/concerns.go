package app

import "yunchou/internal/funnel/engine"

// concerns is what entries about each kind of record change of the funnel's columns. One
// that is not named here is taken for one that may change anything.
var concerns = engine.Concerns{
	"opportunity": engine.Opportunities, "account": engine.Accounts, "contact": engine.Contacts, "contact_change": engine.Nothing, "tie": engine.Nothing, "confirmation": engine.Nothing, "sighting": engine.Nothing, "competitor_entry": engine.Nothing, "background": engine.Nothing, "introduction": engine.Nothing, "ask_around": engine.Nothing, "export": engine.Nothing, "field": engine.Nothing, "file": engine.Nothing,
	"follow_up": engine.Hanging, "handover": engine.Nothing, "import": engine.Nothing, "member": engine.Nothing,
	"product_line": engine.Nothing, "role": engine.Nothing, "saved_view": engine.Nothing, "seat": engine.Nothing,
	"task": engine.Hanging, "team": engine.Nothing,
}
