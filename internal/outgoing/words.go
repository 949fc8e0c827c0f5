package outgoing

import (
	"embed"
	"encoding/json"
	"fmt"
	"strings"

	"yunchou/internal/notice"
	"yunchou/internal/org"
)

//go:embed texts/*.json
var texts embed.FS

// words are what is said in a language.
type words struct {
	language string
	// Mail is by name, Told and Label by kind of notice: a sentence for its reader, and what stands in a group.
	Mail, Told, Label map[string]string
}

var languages = func() map[string]words {
	out := map[string]words{}
	for _, l := range []string{"zh-CN", "en-US"} {
		raw, err := texts.ReadFile("texts/" + l + ".json")
		w := words{language: l}
		if err == nil {
			err = json.Unmarshal(raw, &w)
		}
		if err != nil {
			panic(err) // it is part of the program
		}
		out[l] = w
	}
	return out
}()

func wordsOf(language string) words {
	if w, known := languages[language]; known {
		return w
	}
	return languages["zh-CN"]
}

// fill puts values, given as name and value in turn, into a text.
func fill(text string, values ...any) string {
	for i := 0; i+1 < len(values); i += 2 {
		text = strings.ReplaceAll(text, "{{"+values[i].(string)+"}}", fmt.Sprint(values[i+1]))
	}
	return text
}

func (w words) say(name string, values ...any) string { return fill(w.Mail[name], values...) }

// told is a notice in a sentence to its reader: who did what, without what was said.
func (w words) told(a org.Actor, n notice.Notice) string {
	who := w.say("clock")
	if n.ActorID != "" {
		who = a.Structure.Members[n.ActorID].Name
	}
	return fill(w.Told[n.Kind], "who", who, "count", n.Count)
}
