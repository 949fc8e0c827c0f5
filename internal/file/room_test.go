package file_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"
	"testing"

	"yunchou/internal/account"
	"yunchou/internal/app/apptest"
	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
	"yunchou/internal/fault"
	"yunchou/internal/opportunity"
	"yunchou/internal/replay/replaytest"
)

// TestFilesHaveRoomAndGiveItBack: of a member and of the company, counted right where two come
// at once, and what is removed makes room; bytes two files share go with the last.
func TestFilesHaveRoomAndGiveItBack(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		w.Files.MemberRoom, w.Files.CompanyRoom = 2000, 3000
		on := account.Ref(w.Account)
		put := func(who, content string) (string, error) {
			f, err := w.Files.Put(w.Ctx, w.As(who), on, "记录.txt", strings.NewReader(content))
			return f.ID, err
		}
		long := func(c string) string { return strings.Repeat(c, 900) }
		first, err := put("陈露", long("a"))
		if err != nil {
			t.Fatal(err)
		}
		same, err := put("陈露", long("a"))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := put("陈露", long("b")); fault.CodeOf(err) != "file.no_room" || !fault.Is(err, fault.Full) {
			t.Errorf("beyond a member's room: %v", err)
		}
		if _, err := put("蒋跃", long("c")); err != nil {
			t.Errorf("another member: %v", err)
		}
		if _, err := put("总监", long("d")); fault.CodeOf(err) != "file.no_room_company" {
			t.Errorf("beyond the company's room: %v", err)
		}
		if err := w.Files.Remove(w.Ctx, w.As("周涛"), first); fault.CodeOf(err) != "file.unknown" {
			t.Errorf("another team removes it: %v", err)
		}
		if err := w.Files.Remove(w.Ctx, w.As("陈露"), first); err != nil {
			t.Fatal(err)
		}
		if err := w.Files.Remove(w.Ctx, w.As("陈露"), first); fault.CodeOf(err) != "file.unknown" {
			t.Errorf("twice: %v", err)
		}
		if _, content, err := w.Files.Open(w.Ctx, w.As("陈露"), same); err != nil {
			t.Fatal(err)
		} else if raw, err := io.ReadAll(content); err != nil || string(raw) != long("a") {
			t.Errorf("the other of the same bytes is %d bytes, %v", len(raw), err)
		}
		if list, err := w.Files.Of(w.Ctx, w.As("陈露"), on); err != nil || len(list) != 2 {
			t.Errorf("%d files are listed, %v", len(list), err)
		}
		if _, err := put("陈露", long("b")); err != nil {
			t.Errorf("with room again: %v", err)
		}
		if err := w.Files.Remove(w.Ctx, w.As("陈露"), same); err != nil {
			t.Fatal(err)
		}
		if left := replaytest.Rows(t, db, `SELECT DISTINCT hash FROM file_chunk`); len(left) != 2 {
			t.Errorf("%d contents are kept", len(left))
		}
	})
}

// TestTwoFilesAtOnceDoNotTakeTheLastRoomTwice: of ten that would all fit alone, as many are
// taken as there is room for.
func TestTwoFilesAtOnceDoNotTakeTheLastRoomTwice(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		w.Files.MemberRoom = 3000
		actor := w.As("陈露")
		errs := make([]error, 10)
		var wait sync.WaitGroup
		for n := range errs {
			wait.Go(func() {
				_, errs[n] = w.Files.Put(w.Ctx, actor, account.Ref(w.Account), "记录.txt", strings.NewReader(strings.Repeat(fmt.Sprint(n), 1000)))
			})
		}
		wait.Wait()
		taken := 0
		for _, err := range errs {
			if err == nil {
				taken++
			} else if fault.CodeOf(err) != "file.no_room" {
				t.Error(err)
			}
		}
		if taken != 3 {
			t.Errorf("%d were taken, there is room for 3", taken)
		}
	})
}

// TestEvidenceKeepsItsFile: what was handed in is not removed, and what is another record's, or
// nowhere, is not handed in.
func TestEvidenceKeepsItsFile(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		o, other := w.Opportunity("陈露", "二期改造"), w.Opportunity("陈露", "三期改造")
		w.Move("陈露", o.ID, "方案确认", apptest.Exception)
		mine, its := w.File("陈露", o.ID), w.File("陈露", other.ID)
		hand := func(file string) error {
			_, err := w.Opportunities.SubmitEvidence(w.Ctx, w.As("陈露"), o.ID, opportunity.Submission{StageID: w.Stage("方案确认"), Key: "agreement", FileID: file})
			return err
		}
		for _, file := range []string{its, "nowhere"} {
			if err := hand(file); fault.CodeOf(err) != "file.unknown" {
				t.Errorf("%s is handed in: %v", file, err)
			}
		}
		if err := hand(mine); err != nil {
			t.Fatal(err)
		}
		if err := w.Files.Remove(w.Ctx, w.As("陈露"), mine); fault.CodeOf(err) != "file.needed" {
			t.Errorf("evidence is removed: %v", err)
		}
		for id, want := range map[string]bool{mine: true, its: false} {
			on := map[bool]string{true: o.ID, false: other.ID}[want]
			list, err := w.Files.Of(w.Ctx, w.As("陈露"), opportunity.Ref(on))
			if err != nil || len(list) != 1 || list[0].ID != id || list[0].Needed != want {
				t.Errorf("the list says of evidence: %v %v, want %t", list, err, want)
			}
		}
		if err := w.Files.Remove(w.Ctx, w.As("陈露"), its); err != nil {
			t.Error(err)
		}
		if err := hand(its); fault.CodeOf(err) != "file.unknown" {
			t.Errorf("a removed file is handed in: %v", err)
		}
	})
}

// TestAFileIsWhatItsNameSays: a page, a picture that runs and a program are none of the kinds
// people attach, under whatever name.
func TestAFileIsWhatItsNameSays(t *testing.T) {
	w := apptest.New(t, databasetest.SQLite(t))
	for _, x := range []struct{ name, content, want string }{
		{"a.pdf", "%PDF-1.7", ""}, {"a.PDF", "%PDF-1.4\n", ""}, {"a.docx", "PK\x03\x04x", ""}, {"a.doc", "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", ""},
		{"a.png", "\x89PNG\r\n\x1a\n", ""}, {"a.jpg", "\xff\xd8\xff\xe0", ""}, {"a.txt", "会议记录", ""}, {"a.csv", "\xef\xbb\xbf客户,金额", ""},
		{"gbk.txt", "\xbb\xe1\xd2\xe9", ""}, {"a.wps", "PK\x03\x04", ""},
		{"a.pdf", "<html><script>", "file.content_refused"}, {"a.png", "<svg onload=x>", "file.content_refused"},
		{"a.jpg", "\x89PNG\r\n\x1a\n", "file.content_refused"}, {"a.txt", " <!DOCTYPE html><b>", "file.content_refused"},
		{"a.csv", "<?xml version='1.0'?><svg/>", "file.content_refused"}, {"a.docx", "MZ\x90", "file.content_refused"},
		{"a.txt", "MZ\x90\x00", "file.content_refused"}, {"a.txt", "#!/bin/sh", "file.content_refused"}, {"a.zip", "x", "file.content_refused"},
		{"a.html", "x", "file.type_refused"}, {"a.svg", "x", "file.type_refused"}, {"a.pdf.exe", "MZ", "file.type_refused"}, {"a", "x", "file.type_refused"},
		{"a.txt", "", "file.empty"},
	} {
		_, err := w.Files.Put(w.Ctx, w.As("陈露"), account.Ref(w.Account), x.name, strings.NewReader(x.content))
		if fault.CodeOf(err) != x.want {
			t.Errorf("%s %q: %v, want %q", x.name, x.content, err, x.want)
		}
	}
}

// TestAFileIsReadFromAnywhere: across pieces, at both ends, and not beyond.
func TestAFileIsReadFromAnywhere(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		whole := make([]byte, 600<<10+7)
		for i := range whole {
			whole[i] = byte(i * i >> 7)
		}
		copy(whole, "%PDF-")
		f, err := w.Files.Put(w.Ctx, w.As("陈露"), account.Ref(w.Account), "a.pdf", bytes.NewReader(whole))
		if err != nil {
			t.Fatal(err)
		}
		_, content, err := w.Files.Open(w.Ctx, w.As("陈露"), f.ID)
		if err != nil {
			t.Fatal(err)
		}
		for _, x := range [][2]int{{600 << 10, 7}, {0, 10}, {256<<10 - 1, 2}, {512<<10 - 5, 100}, {len(whole) - 1, 1}, {0, len(whole)}} {
			got := make([]byte, x[1])
			_, seek := content.Seek(int64(x[0]), io.SeekStart)
			_, read := io.ReadFull(content, got)
			if err := errors.Join(seek, read); err != nil || !bytes.Equal(got, whole[x[0]:x[0]+x[1]]) {
				t.Errorf("%d bytes at %d: %v", x[1], x[0], err)
			}
		}
		if n, err := content.Read(make([]byte, 1)); n != 0 || !errors.Is(err, io.EOF) {
			t.Errorf("beyond the end: %d, %v", n, err)
		}
		if _, err := content.Seek(-1, io.SeekStart); err == nil {
			t.Error("before the beginning")
		}
		if at, err := content.Seek(-7, io.SeekEnd); err != nil || at != 600<<10 {
			t.Errorf("from the end: %d, %v", at, err)
		}
	})
}
