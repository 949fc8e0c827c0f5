package app_test

import (
	"encoding/json"
	"strings"
	"testing"

	"yunchou/internal/app/apptest"
	"yunchou/internal/database/databasetest"
	"yunchou/internal/intake"
	"yunchou/web"
)

// TestEveryFieldOfAFileHasItsWords: of every kind of file an importer registers, in both
// languages.
func TestEveryFieldOfAFileHasItsWords(t *testing.T) {
	w := apptest.New(t, databasetest.SQLite(t))
	id, err := w.Intake.Upload(w.Ctx, w.As("管理员"), "", strings.NewReader("a\n1\n"))
	must(t, err)
	p, err := w.Intake.Look(w.Ctx, w.As("管理员"), id, intake.Looked{Name: "x.csv"})
	must(t, err)
	if len(p.Targets) < 6 {
		t.Errorf("only %d kinds of file", len(p.Targets))
	}
	for _, locale := range []string{"zh-CN", "en-US"} {
		all, err := web.Texts(locale)
		must(t, err)
		raw, err := json.Marshal(all)
		must(t, err)
		var words struct {
			Import struct{ FileKind, Target map[string]string }
		}
		must(t, json.Unmarshal(raw, &words))
		for kind, targets := range p.Targets {
			if words.Import.FileKind[kind] == "" {
				t.Errorf("%s has no words for files of %s", locale, kind)
			}
			for _, target := range targets {
				key := strings.ReplaceAll(target, ".", "_")
				if !strings.HasSuffix(target, ".") && words.Import.Target[kind+"_"+key] == "" && words.Import.Target[key] == "" {
					t.Errorf("%s has no words for %s of files of %s", locale, target, kind)
				}
			}
		}
	}
}
