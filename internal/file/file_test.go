package file_test

import (
	"io"
	"strings"
	"testing"

	"yunchou/internal/account"
	"yunchou/internal/app/apptest"
	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
	"yunchou/internal/fault"
	"yunchou/internal/opportunity"
	"yunchou/internal/record"
)

// TestAFileIsSeenWithItsRecord: attached to a deal, an account or a person by who may change
// it, read by who may read it.
func TestAFileIsSeenWithItsRecord(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		o := w.Opportunity("陈露", "二期改造")
		for _, on := range []record.Ref{opportunity.Ref(o.ID), account.Ref(w.Account), account.ContactRef(w.Contact("陈露", "刘工"))} {
			f, err := w.Files.Put(w.Ctx, w.As("陈露"), on, "标书.pdf", strings.NewReader("%PDF-1.7"))
			if err != nil {
				t.Fatal(on.Kind, err)
			}
			for who, want := range map[string]string{"陈露": "", "蒋跃": "", "总监": "", "周涛": "file.unknown"} {
				got, content, err := w.Files.Open(w.Ctx, w.As(who), f.ID)
				raw := []byte{}
				if err == nil {
					if raw, err = io.ReadAll(content); err != nil {
						t.Fatal(err)
					}
				}
				if fault.CodeOf(err) != want || err == nil && (string(raw) != "%PDF-1.7" || got.On != on) {
					t.Errorf("%s of %s: %v %q", who, on.Kind, err, raw)
				}
				list, err := w.Files.Of(w.Ctx, w.As(who), on)
				if err != nil || (len(list) == 1) != (want == "") {
					t.Errorf("%s lists %d files of %s, %v", who, len(list), on.Kind, err)
				}
			}
			if _, err = w.Files.Put(w.Ctx, w.As("周涛"), on, "x.pdf", strings.NewReader("%PDF-")); fault.CodeOf(err) != "record.unknown" {
				t.Errorf("another team attaches to %s: %v", on.Kind, err)
			}
		}
		if _, err := w.Files.Put(w.Ctx, w.As("陈露"), record.Ref{Kind: "weather", ID: "1"}, "x.pdf", strings.NewReader("%PDF-")); fault.CodeOf(err) != "record.unknown" {
			t.Errorf("a kind nobody keeps: %v", err)
		}
	})
}
