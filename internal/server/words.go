package server

import (
	"strings"
	"sync"

	"yunchou/web"
)

// texts are the screens' own, by language.
var texts = sync.OnceValue(func() map[string]map[string]any {
	out := map[string]map[string]any{}
	for _, locale := range []string{"zh-CN", "en-US"} {
		tree, err := web.Texts(locale)
		if err != nil {
			panic(err) // embedded
		}
		out[locale] = tree
	}
	return out
})

// words is a text of the screens, for what the server words itself; the key where there is none.
func words(locale, key string) string {
	var at any = texts()[locale]
	for _, part := range strings.Split(key, ".") {
		tree, ok := at.(map[string]any)
		if !ok {
			return key
		}
		at = tree[part]
	}
	if text, ok := at.(string); ok {
		return text
	}
	return key
}
