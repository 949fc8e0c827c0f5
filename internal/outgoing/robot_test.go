package outgoing_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"yunchou/internal/guidance"
	"yunchou/internal/handover"
	"yunchou/internal/notice"
	"yunchou/internal/opportunity"
	"yunchou/internal/org"
	"yunchou/internal/outgoing"
	"yunchou/internal/page"
)

const wecom = "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=633a31f6-7f9c-4bc4-97a0-0ec1eefa5898"

func (w world) robot(t *testing.T, team string) {
	t.Helper()
	must(t, w.Outgoing.SetRobot(w.Ctx, w.As("管理员"), w.ID[team], outgoing.WeCom, wecom, ""))
}

// heard is what robots said since the last time, links without their numbers.
func (w world) heard() []string {
	w.out.mu.Lock()
	defer w.out.mu.Unlock()
	said := w.out.said
	w.out.said = nil
	return said
}

// TestWhatARobotSaysAndToWhom: of the notices that ask for something, to the team of whom they ask: addressee, kind and a
// link to the notice; no customer, no amount, no words, not who asks and not that it is a correction. To another
// team nothing.
func TestWhatARobotSaysAndToWhom(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		w.robot(t, "一组")
		deal := w.Opportunity("陈露", "二期改造")
		for _, kind := range []guidance.Kind{guidance.Correction, guidance.Praise} {
			in := guidance.New{Kind: kind, On: opportunity.Ref(deal.ID), ToID: w.ID["陈露"], Text: secret}
			if kind == guidance.Correction {
				in.Fact, in.CheckOn = secret, "2026-03-20"
			}
			_, err := w.Guidance.Ask(w.Ctx, w.As("蒋跃"), in)
			must(t, err)
		}
		w.task(t, "何峰", "周涛", "别的团队")
		w.task(t, "总监", "小李", "给华新机电送样")
		w.CaughtUp(notice.Name)
		c := outgoing.Usual
		c.InGroup = false
		_, err := w.Outgoing.Choose(w.Ctx, w.As("蒋跃"), c)
		must(t, err)
		w.task(t, "总监", "蒋跃", "不在群里说")
		w.sends(t)
		got := w.heard()
		if len(got) != 1 {
			t.Fatalf("said %q, want one message", got)
		}
		address, mobiles, text := cut3(got[0])
		var numbers []int64
		for _, who := range []string{"陈露", "小李"} {
			list, err := w.Notices.List(w.Ctx, w.As(who), notice.Asked{}, page.Request{})
			must(t, err)
			for _, n := range list.Items {
				if n.Do {
					numbers = append(numbers, n.Seq)
				}
			}
		}
		want := fmt.Sprintf("有 2 件等人处理\n陈露：修正等您答复 %[1]s/notices/%[2]d\n小李：新任务 %[1]s/notices/%[3]d", site, numbers[0], numbers[1])
		other := fmt.Sprintf("有 2 件等人处理\n小李：新任务 %[1]s/notices/%[3]d\n陈露：修正等您答复 %[1]s/notices/%[2]d", site, numbers[0], numbers[1])
		if address != wecom || text != want && text != other {
			t.Errorf("said to %s\n%s\nwant\n%s", address, text, want)
		}
		if m := strings.Fields(mobiles); !slices.Contains(m, "13800001006") || len(m) != 1 { // both have the same
			t.Errorf("named %q", m)
		}
	})
}

func cut3(s string) (a, b, c string) {
	a, s, _ = strings.Cut(s, "|")
	b, c, _ = strings.Cut(s, "|")
	return a, b, c
}

// TestWhatARobotDoesNotSayAnyMore: what was handed away, whose addressee moved to another team or left, and what was done.
func TestWhatARobotDoesNotSayAnyMore(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		w.robot(t, "一组")
		w.robot(t, "二组")
		w.out.answers = []outgoing.Result{{Outcome: outgoing.Later}, {Outcome: outgoing.Later}, {Outcome: outgoing.Later}, {Outcome: outgoing.Later}, {Outcome: outgoing.Later}, {Outcome: outgoing.Later}}
		done := w.task(t, "蒋跃", "小李", "做完")
		moves := w.task(t, "蒋跃", "陈露", "交出去")
		w.task(t, "何峰", "周涛", "离开")
		w.sends(t)
		_, err := w.Tasks.Finish(w.Ctx, w.As("小李"), done.ID, "好了")
		must(t, err)
		_, err = w.Handovers.HandOver(w.Ctx, w.As("管理员"), handover.Ask{Kind: "task", IDs: []string{moves.ID}, ToID: w.ID["小李"], Reason: "分工"})
		must(t, err)
		_, err = w.Org.Leave(w.Ctx, w.As("管理员"), w.ID["周涛"], w.As("管理员").Today)
		must(t, err)
		w.out.answers = nil
		w.heard()
		w.Clock.Move(10 * time.Minute)
		w.sends(t)
		for _, said := range w.heard() {
			if strings.Contains(said, "陈露") || strings.Contains(said, "周涛") || strings.Contains(said, "新任务") {
				t.Errorf("said %s", said)
			}
		}
		got := slices.DeleteFunc(only(w.standing(t), "withdrawn"), func(s string) bool { return !strings.Contains(s, "|robot|") })
		w.compare(t, "withdrawn", got, []string{"小李|robot|task.given|withdrawn|outgoing.settled", "陈露|robot|task.given|withdrawn|outgoing.settled",
			"周涛|robot|task.given|withdrawn|outgoing.left"})
	})
}

// TestManyAtOnceAreOneMessage: of a text's length, and never more in a minute than the maker takes. A maker who says
// that it is too much hears nothing for as long as he wants.
func TestManyAtOnceAreOneMessage(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		w.robot(t, "一组")
		for i := range 60 {
			w.task(t, "蒋跃", []string{"陈露", "小李"}[i%2], fmt.Sprintf("任务 %d", i))
		}
		w.sends(t)
		got := w.heard()
		lines := 0
		for _, s := range got {
			_, _, text := cut3(s)
			lines += strings.Count(text, "/notices/")
			if len(text) > 2048 {
				t.Errorf("%d bytes", len(text))
			}
		}
		if lines != 60 || len(got) > 5 {
			t.Errorf("%d lines in %d messages, want 60 in few", lines, len(got))
		}
		w.Clock.Move(2 * time.Minute)
		for i := range 30 { // one after the other: each is a message of its own until the minute is full
			w.task(t, "蒋跃", "陈露", fmt.Sprintf("又一个 %d", i))
			w.Clock.Move(time.Second)
			w.sends(t)
		}
		if n := len(w.heard()); n != 18 {
			t.Errorf("%d messages in a minute, want 18 of the 20 the maker takes", n)
		}
		w.Clock.Move(61 * time.Second)
		w.sends(t)
		if got := w.heard(); len(got) != 1 || strings.Count(got[0], "/notices/") != 12 {
			t.Errorf("then %q, want the other 12 together", got)
		}
		w.out.answers = []outgoing.Result{{Outcome: outgoing.Later, Code: "outgoing.robot_too_fast", Pause: 10 * time.Minute}}
		w.Clock.Move(2 * time.Minute)
		c := outgoing.Usual
		c.Tasks = outgoing.NotAtAll // no mail beside it
		_, err := w.Outgoing.Choose(w.Ctx, w.As("陈露"), c)
		must(t, err)
		w.task(t, "蒋跃", "陈露", "太密")
		w.sends(t)
		w.Clock.Move(9 * time.Minute)
		w.task(t, "蒋跃", "陈露", "还在停")
		w.sends(t)
		if got := w.heard(); len(got) != 0 {
			t.Errorf("said %q in the pause", got)
		}
		w.Clock.Move(5 * time.Minute)
		w.sends(t)
		if got := w.heard(); len(got) != 1 || strings.Count(got[0], "/notices/") != 2 {
			t.Errorf("after the pause %q", got)
		}
	})
}

// TestOnlyPublishedAddressesAreTaken, and what was taken is shown by its last four characters alone.
func TestOnlyPublishedAddressesAreTaken(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		admin := w.As("管理员")
		for kind, list := range map[string][]string{
			outgoing.WeCom: {"http://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=a", "https://qyapi.weixin.qq.com.evil.example/cgi-bin/webhook/send?key=a",
				"https://qyapi.weixin.qq.com:8443/cgi-bin/webhook/send?key=a", "https://user@qyapi.weixin.qq.com/cgi-bin/webhook/send?key=a",
				"https://qyapi.weixin.qq.com/cgi-bin/user/get?key=a", "https://127.0.0.1/cgi-bin/webhook/send?key=a", "https://qyapi.weixin.qq.com/cgi-bin/webhook/send", "x"},
			outgoing.DingTalk: {wecom, "https://oapi.dingtalk.com/robot/send"},
			outgoing.Feishu:   {"https://open.feishu.cn/open-apis/bot/v2/hook/", "https://open.feishu.cn/open-apis/im/v1/messages", "https://open.feishu.cn/open-apis/bot/v2/hook/x?y=z"},
		} {
			for _, address := range list {
				refused(t, w.Outgoing.SetRobot(w.Ctx, admin, w.ID["一组"], kind, address, ""), "outgoing.robot_address")
			}
		}
		must(t, w.Outgoing.SetRobot(w.Ctx, admin, w.ID["一组"], outgoing.DingTalk, "https://oapi.dingtalk.com/robot/send?access_token=abcdefgh", "SECxyz"))
		must(t, w.Outgoing.SetRobot(w.Ctx, admin, w.ID["二组"], outgoing.Feishu, "https://open.feishu.cn/open-apis/bot/v2/hook/abcdefgh", ""))
		refused(t, w.Outgoing.SetRobot(w.Ctx, w.As("总监"), w.ID["二组"], outgoing.WeCom, wecom, ""), "org.permission_missing")
		list, err := w.Outgoing.Robots(w.Ctx, admin)
		must(t, err)
		for _, r := range list {
			if r.LastFour != "efgh" || r.Address != "" || r.Secret != "" || strings.Contains(fmt.Sprint(r), "abcdefgh") || strings.Contains(fmt.Sprint(r), "SECxyz") {
				t.Errorf("%+v", r)
			}
		}
		must(t, w.Outgoing.TestRobot(w.Ctx, admin, w.ID["一组"]))
		if got := w.heard(); len(got) != 1 || !strings.HasPrefix(got[0], "https://oapi.dingtalk.com/robot/send?access_token=abcdefgh|") {
			t.Errorf("said %q", got)
		}
		must(t, w.Outgoing.RemoveRobot(w.Ctx, admin, w.ID["一组"]))
		refused(t, w.Outgoing.RemoveRobot(w.Ctx, admin, w.ID["一组"]), "outgoing.robot_unknown")
	})
}

// TestAPasswordGoesToNoOtherServer than it was entered for, and is shown to nobody.
func TestAPasswordGoesToNoOtherServer(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		x, err := w.Outgoing.Setting(w.Ctx, w.As("管理员"))
		must(t, err)
		if strings.Contains(fmt.Sprint(x), "hush") {
			t.Errorf("%+v", x)
		}
		admin := w.As("管理员")
		admin.IfMatch = x.Version
		elsewhere := x
		elsewhere.Host = "smtp.evil.example"
		_, err = w.Outgoing.SaveSetting(w.Ctx, admin, elsewhere, "")
		refused(t, err, "outgoing.password_again")
		x.Sender = "运筹 <crm@example.com>"
		x, err = w.Outgoing.SaveSetting(w.Ctx, admin, x, "")
		must(t, err)
		if x.Sealed == "" {
			t.Error("the password is lost though the server is the same")
		}
		_, err = w.Outgoing.SaveSetting(w.Ctx, admin, x, "")
		refused(t, err, "record.stale")
		admin.IfMatch = 0
		for code, change := range map[string]func(*outgoing.Setting){
			"outgoing.port": func(x *outgoing.Setting) { x.Port = 22 }, "outgoing.plain": func(x *outgoing.Setting) { x.Security = outgoing.Plain },
			"outgoing.host": func(x *outgoing.Setting) { x.Host = "smtp://a" }, "outgoing.sender": func(x *outgoing.Setting) { x.Sender = "crm" },
			"outgoing.site": func(x *outgoing.Setting) { x.Site = "crm.example.com" }, "input.not_one_of": func(x *outgoing.Setting) { x.Security = "ssl" },
		} {
			bad := x
			change(&bad)
			_, err := w.Outgoing.SaveSetting(w.Ctx, admin, bad, "pw")
			refused(t, err, code)
		}
		w.Outgoing.Site = ""
		_, err = w.Outgoing.SaveSetting(w.Ctx, admin, x, "")
		refused(t, err, "outgoing.no_site")
		refused(t, w.Outgoing.SetRobot(w.Ctx, admin, w.ID["一组"], outgoing.WeCom, wecom, ""), "outgoing.no_site")
		_, err = w.Outgoing.Setting(w.Ctx, w.As("总监"))
		refused(t, err, "org.permission_missing")
	})
}

// TestAnothersMessageIsNone, nor another's notice.
func TestAnothersMessageIsNone(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		w.task(t, "蒋跃", "陈露", "甲")
		w.sends(t)
		list, _, err := w.Outgoing.List(w.Ctx, w.As("管理员"), outgoing.Asked{}, page.Request{})
		must(t, err)
		other := world{World: w.Another(), out: w.out}
		refused(t, w.Outgoing.Again(w.Ctx, other.As("管理员"), list.Items[0].ID), "outgoing.unknown")
		refused(t, w.Outgoing.Drop(w.Ctx, other.As("管理员"), list.Items[0].ID), "outgoing.unknown")
		n, err := w.Notices.One(w.Ctx, w.As("陈露"), list.Items[0].Seq)
		must(t, err)
		if n.Name != "甲" {
			t.Errorf("%+v", n)
		}
		for _, a := range []org.Actor{w.As("蒋跃"), w.As("管理员"), other.As("陈露")} {
			_, err := w.Notices.One(w.Ctx, a, n.Seq)
			refused(t, err, "notice.unknown")
		}
	})
}
