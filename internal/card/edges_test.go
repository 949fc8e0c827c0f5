package card

import (
	"math/rand"
	"strings"
	"testing"
)

func TestNumbersInsideLongerOnes(t *testing.T) {
	for _, said := range []string{"赵兵\n税号 91320500012345678X", "赵兵\n税号:91320500012345678X", "赵兵\n账号 6222021102012345678", "赵兵\n身份证 320501198805123456",
		"赵兵\n合同编号 138001380001234567", "赵兵\n开户行账号:10551301040012345"} {
		c := Read(said)
		if c.Mobile != "" || c.Phone != "" {
			t.Errorf("%q: mobile %q, phone %q, rest %q", said, c.Mobile, c.Phone, c.Rest)
		}
	}
}

func TestFuzz(t *testing.T) {
	parts := strings.Fields("赵兵 李总 方舟电子 有限公司 采购部 经理 曾任 原 现任 , 。 : 手机 13911110001 0512-66668888 a@b.com | ( ) （ ） 我是 的 新来的 王 Tom Manager at Ltd. Inc. formerly 400 前 年 2019 - t: \n 姓名: 公司: 地址: 苏州市 路 号 微信: 欧阳 办公室 车间 总 \xff")
	rng := rand.New(rand.NewSource(1))
	for range 20000 {
		var b strings.Builder
		for range 1 + rng.Intn(9) {
			b.WriteString(parts[rng.Intn(len(parts))])
			b.WriteString([]string{"", " ", "\n"}[rng.Intn(3)])
		}
		func() {
			defer func() {
				if e := recover(); e != nil {
					t.Fatalf("%q panics %v", b.String(), e)
				}
			}()
			c := Read(b.String())
			for _, v := range []string{c.Name, c.Company, c.Department, c.Title, c.WeChat, c.Address} {
				for _, r := range v {
					if r != ' ' && r != ',' && r != 0xfffd && !strings.ContainsRune(b.String()+"():", r) {
						t.Fatalf("%q invents %q", b.String(), v)
					}
				}
			}
		}()
	}
}
