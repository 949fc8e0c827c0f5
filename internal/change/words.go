package change

import "yunchou/internal/org"

// said are the words of the tasks a change makes, in the company's language: they are kept as any task's are.
type said struct{ ask, meet, find, receive func(name string) string }

func around(before, after string) func(string) string {
	return func(name string) string { return before + name + after }
}

func words(a org.Actor) said {
	if a.Company.Locale == "en-US" {
		return said{around("Ask whether ", " was replaced: still there, changed, or not to be reached"), around("Meet ", " and hear what he says of this opportunity himself"),
			around("Find out who follows ", ", and meet him"), around("First meeting after the hand-over: ", "")}
	}
	return said{around("核实：", "是不是换人了"), around("首次见", "，听他自己说这一单怎么看"), around("找到", "的接手人，并见到他"), around("接手后首次见", "")}
}
