package web

import "testing"

func TestTextsOfEveryFeatureAreOneTree(t *testing.T) {
	for _, locale := range []string{"zh-CN", "en-US"} {
		all, err := Texts(locale)
		if err != nil {
			t.Fatal(err)
		}
		for _, group := range []string{"app", "funnel", "problem"} { // app, a feature, several
			if _, ok := all[group].(map[string]any); !ok {
				t.Errorf("%s: no group %s", locale, group)
			}
		}
	}
	if _, err := Texts("xx-XX"); err == nil {
		t.Error("a language nobody wrote is no error")
	}
	a := map[string]any{"problem": map[string]any{"x": "one"}}
	if err := join(a, map[string]any{"problem": map[string]any{"y": "two"}}); err != nil {
		t.Error(err)
	}
	if err := join(a, map[string]any{"problem": map[string]any{"x": "three"}}); err == nil {
		t.Error("a text that is there twice is no error")
	}
}
