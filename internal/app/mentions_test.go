package app_test

import (
	"encoding/json"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"yunchou/internal/account"
	"yunchou/internal/app/apptest"
	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
	"yunchou/internal/fault"
	"yunchou/internal/file"
	"yunchou/internal/followup"
	"yunchou/internal/intake"
	"yunchou/internal/mention"
	"yunchou/internal/opportunity"
	"yunchou/internal/org"
	"yunchou/internal/record"
	"yunchou/internal/safekeep"
	"yunchou/internal/savedview"
	"yunchou/internal/task"
)

const erasedName, erasedMobile, erasedMail = "欧阳修远", "13987654321", "Xiuyuan_1@Example.com"

// writtenOf is a person who is named in whatever people write, and how many places that is.
func writtenOf(t *testing.T, w *apptest.World) (account.Contact, int) {
	t.Helper()
	c, err := w.Accounts.CreateContact(w.Ctx, w.As("陈露"), account.Contact{Name: erasedName, AccountID: w.Account, Mobile: erasedMobile, Email: erasedMail})
	must(t, err)
	o := w.Opportunity("陈露", "二期改造")
	deal := []record.Ref{opportunity.Ref(o.ID)}
	_, err = w.FollowUps.Log(w.Ctx, w.As("陈露"), followup.FollowUp{On: deal, Channel: "phone", Words: "欧阳修远说再等等,电话 139-8765 4321", ContactIDs: []string{c.ID}}, "")
	must(t, err)
	_, err = w.FollowUps.Log(w.Ctx, w.As("陈露"), followup.FollowUp{On: deal, Channel: "phone", Words: "欧阳先生同意"}, "")
	must(t, err)
	step, err := w.Tasks.Add(w.Ctx, w.As("陈露"), task.Task{What: "给 xiuyuan_1@example.com 发报价", On: deal, DueOn: "2026-03-20"})
	must(t, err)
	_, err = w.Tasks.Finish(w.Ctx, w.As("陈露"), step.ID, "已发给欧阳修远")
	must(t, err)
	_, err = w.Views.Save(w.Ctx, w.As("陈露"), savedview.View{Name: "欧阳修远的单", Screen: "board", Query: "q=x"})
	must(t, err)
	for i, query := range []string{"q=欧阳修远&state=open", "q=139-8765%204321", "q=a%26b+Xiuyuan_1@example.com%25"} {
		_, err = w.Views.Save(w.Ctx, w.As("陈露"), savedview.View{Name: fmt.Sprint("找人", i), Screen: "board", Query: query})
		must(t, err)
	}
	for _, f := range []struct {
		on            record.Ref
		name, content string
	}{
		{deal[0], "欧阳修远名片.txt", "名片"}, {deal[0], "会议.txt", "到会:欧阳修远、刘工"}, {deal[0], "gbk.csv", "\xc5\xb7\xd1\xf4\xd0\xde\xd4\xb6,1"},
		{account.ContactRef(c.ID), "简历.pdf", "%PDF-1.7"}, {deal[0], "别人.txt", "到会:刘工"},
	} {
		_, err := w.Files.Put(w.Ctx, w.As("陈露"), f.on, f.name, strings.NewReader(f.content))
		must(t, err)
	}
	_, err = w.Opportunities.Move(w.Ctx, w.As("陈露"), o.ID, opportunity.MoveRequest{To: "withdrawn", LossKind: "invalid", Reason: "欧阳修远离职"})
	must(t, err)
	return c, 15 + alsoWrittenOf(t, w)
}

// alsoWrittenOf names the person in a competitor, an account's region, a mapping that is kept (its
// name and what it says) and an import (its mapping, its file's name, of the notes too).
func alsoWrittenOf(t *testing.T, w *apptest.World) int {
	t.Helper()
	other := w.Opportunity("陈露", "三期")
	must(t, w.Opportunities.SetCompetitors(w.Ctx, w.As("陈露"), other.ID, 0, []string{"欧阳修远工作室", "恒泰"}))
	m, err := intake.ParseMapping([]byte("version: 1\nsource: crm\nfiles:\n- match: 欧阳修远*.csv\n  kind: account\n  columns: {externalId: 编号, name: 客户名称}\n"))
	must(t, err)
	must(t, w.Intake.SaveMapping(w.Ctx, w.As("管理员"), "欧阳修远给的", m))
	must(t, w.Intake.SaveMapping(w.Ctx, w.As("管理员"), "欧阳修远 给的", m))
	path := filepath.Join(t.TempDir(), "x.csv")
	must(t, os.WriteFile(path, []byte("编号,客户名称\n1,\n2,华兴\n"), 0o600))
	_, err = w.Intake.Import(w.Ctx, w.As("管理员"), m, []intake.File{{Name: "欧阳修远名单.csv", Path: path}}, false)
	must(t, err)
	return 1 + 4 + 3
}

// TestAPersonIsFoundInWhatPeopleWroteAndTakenOut: wherever the name, the number or the address
// stands, however it is written; what is not chosen stays, and the journal holds ids alone.
func TestAPersonIsFoundInWhatPeopleWroteAndTakenOut(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		c, places := writtenOf(t, w)
		boss := w.As("管理员")
		found, err := w.Mentions.Find(w.Ctx, boss, c.ID)
		must(t, err)
		if len(found.Items) != places || found.More || found.Namesakes != 0 {
			t.Errorf("%d places, %d namesakes: %+v", len(found.Items), found.Namesakes, found.Items)
		}
		var all []account.Place
		for _, m := range found.Items {
			if m.Hidden || m.Text == "" {
				t.Errorf("%+v", m)
			}
			if m.Kind != "task.result" { // this one is left
				all = append(all, m.Place)
			}
		}
		if err := w.Accounts.EraseContact(w.Ctx, boss, c.ID, account.Place{Kind: "member.name", ID: "x"}); fault.CodeOf(err) != "contact.place_unknown" {
			t.Errorf("a place nobody knows: %v", err)
		}
		must(t, w.Accounts.EraseContact(w.Ctx, boss, c.ID, all...))
		left := allRows(t, db)
		for _, text := range []string{"139-8765", erasedMobile, "iuyuan_1", "欧阳修远的单", "欧阳修远离职", "欧阳修远名片", "简历", "会议.txt", url.QueryEscape(erasedName),
			"139-8765", "Xiuyuan_1%40example.com"} {
			if strings.Contains(left, text) {
				t.Errorf("%s is still there", text)
			}
		}
		for _, text := range []string{"已发给欧阳修远", "***说再等等,电话 ***", "欧阳先生同意", "***名片.txt", "别人.txt", "q=%2A%2A%2A&state=open", "q=a%26b+%2A%2A%2A%25"} {
			if !strings.Contains(left, text) {
				t.Errorf("%s is gone", text)
			}
		}
		mappings, err := w.Intake.Mappings(w.Ctx, boss)
		must(t, err)
		for _, m := range mappings { // it can be read again
			if back, err := intake.ParseMapping([]byte(m.YAML)); err != nil || back.Source == "" {
				t.Errorf("%q: %+v %v", m.YAML, back, err)
			}
		}
		if strings.Count(left, erasedName) != 1 {
			t.Errorf("the name stands in %d places", strings.Count(left, erasedName))
		}
		erased, err := w.Erased(w.Ctx)
		must(t, err)
		if len(erased) != 1 || len(erased[0].Texts) != len(all) {
			t.Errorf("the list tells %+v", erased)
		}
	})
}

// TestATextOutOfSightIsSaidToBeThere: and neither what it says, nor in which record; who has not
// the permission is told nothing.
func TestATextOutOfSightIsSaidToBeThere(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		narrow, err := w.Org.AddRole(w.Ctx, w.Admin, org.NewRole{Name: "隐私", From: org.Rep, Reach: org.Roles[org.Rep].Reach,
			Permissions: append(slices.Clone(org.Roles[org.Rep].Permissions), org.ContactErase)})
		must(t, err)
		w.AddMember("隐私", w.ID["二组"], false, narrow.Key)
		mine, err := w.Accounts.Create(w.Ctx, w.As("隐私"), account.Account{Name: "自己的客户"}, false)
		must(t, err)
		c, err := w.Accounts.CreateContact(w.Ctx, w.As("隐私"), account.Contact{Name: erasedName, AccountID: mine.ID})
		must(t, err)
		w.Contact("陈露", erasedName)
		o := w.Opportunity("陈露", "二期改造")
		_, err = w.FollowUps.Log(w.Ctx, w.As("陈露"), followup.FollowUp{On: []record.Ref{opportunity.Ref(o.ID)}, Channel: "phone", Words: "欧阳修远说再等等"}, "")
		must(t, err)
		if _, err := w.Mentions.Find(w.Ctx, w.As("陈露"), c.ID); fault.CodeOf(err) != "org.permission_missing" {
			t.Errorf("without the permission: %v", err)
		}
		found, err := w.Mentions.Find(w.Ctx, w.As("隐私"), c.ID)
		must(t, err)
		if len(found.Items) != 1 || !found.Items[0].Hidden || found.Items[0].Text+found.Items[0].OnName+found.Items[0].On.ID != "" || found.Namesakes != 1 {
			t.Errorf("%+v", found)
		}
	})
}

// TestABackupPutBackIsClearedOfTheSameTexts: the list outside the database names them by ids.
func TestABackupPutBackIsClearedOfTheSameTexts(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		c, _ := writtenOf(t, w)
		found, err := w.Mentions.Find(w.Ctx, w.As("管理员"), c.ID)
		must(t, err)
		e := safekeep.Erasure{Company: w.Admin.TenantID, Contact: c.ID, At: "2026-03-01T00:00:00.000Z"}
		for _, m := range found.Items {
			e.Texts = append(e.Texts, m.Kind+" "+m.ID)
		}
		list := filepath.Join(t.TempDir(), safekeep.ListName)
		w.Lists = []string{list}
		must(t, safekeep.AddToList(list, []safekeep.Erasure{e}))
		raw, err := os.ReadFile(list)
		if err != nil || strings.Contains(string(raw), "欧") || !json.Valid(raw) {
			t.Errorf("the list: %s %v", raw, err)
		}
		must(t, w.EraseListed(w.Ctx))
		if left := allRows(t, db); strings.Contains(left, erasedName) || strings.Contains(left, "139-8765") {
			t.Error("still there")
		}
	})
}

// TestAFileThatNamesNobodyIsNotRemoved: whoever asks names files; only those of the person go.
func TestAFileThatNamesNobodyIsNotRemoved(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		c := w.Contact("陈露", erasedName)
		o := w.Opportunity("陈露", "二期改造")
		f := w.File("陈露", o.ID)
		must(t, w.Accounts.EraseContact(w.Ctx, w.As("管理员"), c, account.Place{Kind: mention.Content, ID: f}, account.Place{Kind: mention.Attached, ID: f},
			account.Place{Kind: mention.Content, ID: "nowhere"}, account.Place{Kind: "task.what", ID: "nowhere"}))
		list, err := w.Files.Of(w.Ctx, w.As("陈露"), opportunity.Ref(o.ID))
		if err != nil || !slices.ContainsFunc(list, func(x file.File) bool { return x.ID == f }) {
			t.Errorf("%v, %v", list, err)
		}
	})
}
