package outgoing_test

import (
	"testing"

	"yunchou/internal/outgoing"
)

// TestWhoHasNoAddressTestsTheMail: it goes where he says, and to his own address where he has one and says nothing.
func TestWhoHasNoAddressTestsTheMail(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		admin := w.As("管理员")
		refused(t, w.Outgoing.TestMail(w.Ctx, admin, " "), "input.required")
		for _, bad := range []string{"it", "陈露 <chenlu@example.com>", "a@example.com, b@example.com"} {
			refused(t, w.Outgoing.TestMail(w.Ctx, admin, bad), "outgoing.mail_address")
		}
		must(t, w.Outgoing.TestMail(w.Ctx, admin, " it@example.com "))
		if len(w.out.mails) != 1 || w.out.mails[0].To.Address != "it@example.com" {
			t.Errorf("there went %+v", w.out.mails)
		}
		refused(t, w.Outgoing.TestMail(w.Ctx, w.As("陈露"), "it@example.com"), "org.permission_missing")
	})
}

// TestWhichRobotsMention: Feishu's do not, and the member is told so.
func TestWhichRobotsMention(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		for kind, address := range map[string]string{
			outgoing.WeCom:    "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=abcd",
			outgoing.DingTalk: "https://oapi.dingtalk.com/robot/send?access_token=abcd",
			outgoing.Feishu:   "https://open.feishu.cn/open-apis/bot/v2/hook/abcd",
		} {
			must(t, w.Outgoing.SetRobot(w.Ctx, w.As("管理员"), w.ID["一组"], kind, address, ""))
			for who, has := range map[string]bool{"陈露": true, "周涛": false} {
				ways, err := w.Outgoing.WaysOf(w.Ctx, w.As(who))
				if err != nil || ways.Robot != has || ways.Mentions != (has && kind != outgoing.Feishu) {
					t.Errorf("%s of a team with %s: %+v %v", who, kind, ways, err)
				}
			}
		}
	})
}
