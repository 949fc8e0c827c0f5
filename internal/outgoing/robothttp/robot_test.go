package robothttp

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"yunchou/internal/outgoing"
)

// TestSignatures against values computed with openssl:
//
//	printf '1700000000000\nSECtest' | openssl dgst -sha256 -hmac 'SECtest' -binary | base64
//	printf '' | openssl dgst -sha256 -mac HMAC -macopt hexkey:$(printf '1700000000\nSECtest' | xxd -p) -binary | base64
func TestSignatures(t *testing.T) {
	at := time.UnixMilli(1700000000000)
	address, _, err := request(outgoing.Robot{Kind: outgoing.DingTalk, Address: "https://oapi.dingtalk.com/robot/send?access_token=x", Secret: "SECtest"}, outgoing.Spoken{At: at})
	if err != nil {
		t.Fatal(err)
	}
	u, err := url.Parse(address)
	if err != nil || u.Query().Get("timestamp") != "1700000000000" || u.Query().Get("sign") != ding {
		t.Errorf("%s, want the signature %s", address, ding)
	}
	_, body, err := request(outgoing.Robot{Kind: outgoing.Feishu, Address: "x", Secret: "SECtest"}, outgoing.Spoken{At: at})
	var said struct{ Timestamp, Sign string }
	if err != nil || json.Unmarshal(body, &said) != nil || said.Timestamp != "1700000000" || said.Sign != feishu {
		t.Errorf("%s, want the signature %s", body, feishu)
	}
}

// maker is one stand-in for the three: it answers as it is told and keeps what it heard.
func maker(t *testing.T, status int, answer string) (Hooks, outgoing.Robot, *[]string) {
	t.Helper()
	var heard []string
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		raw, _ := io.ReadAll(r.Body)
		heard = append(heard, r.Method+" "+r.Header.Get("Content-Type")+" "+string(raw))
		if answer == "hang up" {
			conn, _, err := http.NewResponseController(w).Hijack()
			if err == nil {
				conn.Close()
			}
			return
		}
		if status == http.StatusFound {
			w.Header().Set("Location", "http://127.0.0.1:1/")
		}
		w.WriteHeader(status)
		io.WriteString(w, answer) //nolint:errcheck // the test sees it
	}))
	t.Cleanup(s.Close)
	return New(true), outgoing.Robot{Address: s.URL + "/x?key=0123456789"}, &heard
}

// TestWhatIsPosted is what each maker publishes, read from its own words.
func TestWhatIsPosted(t *testing.T) {
	for kind, want := range map[string]string{
		outgoing.WeCom:    `{"msgtype":"text","text":{"content":"陈露：新任务","mentioned_mobile_list":["13800001000"]}}`,
		outgoing.DingTalk: `{"at":{"atMobiles":["13800001000"],"isAtAll":false},"msgtype":"text","text":{"content":"陈露：新任务"}}`,
		outgoing.Feishu:   `{"content":{"text":"陈露：新任务"},"msg_type":"text"}`,
	} {
		h, r, heard := maker(t, 200, `{"errcode":0,"errmsg":"ok","code":0}`)
		r.Kind = kind
		if out := h.Say(context.Background(), r, outgoing.Spoken{Text: "陈露：新任务", Mobiles: []string{"13800001000"}, At: time.Now()}); out.Outcome != outgoing.Taken {
			t.Errorf("%s: %+v", kind, out)
		}
		if len(*heard) != 1 || (*heard)[0] != "POST application/json; charset=utf-8 "+want {
			t.Errorf("%s heard %q, want %s", kind, *heard, want)
		}
	}
}

// TestWhatAnswersMean: which are tried again, which not, and after how long.
func TestWhatAnswersMean(t *testing.T) {
	for _, x := range []struct {
		kind   string
		status int
		answer string
		want   outgoing.Outcome
		code   string
		pause  time.Duration
	}{
		{outgoing.WeCom, 200, `{"errcode":0,"errmsg":"ok"}`, outgoing.Taken, "", 0},
		{outgoing.WeCom, 200, `{"errcode":45009,"errmsg":"api freq out of limit"}`, outgoing.Later, "outgoing.robot_too_fast", time.Minute},
		{outgoing.WeCom, 200, `{"errcode":93000,"errmsg":"invalid webhook url"}`, outgoing.Refused, "outgoing.robot_refused", 0},
		{outgoing.WeCom, 200, `{"errcode":-1,"errmsg":"system busy"}`, outgoing.Later, "outgoing.robot_later", 0},
		{outgoing.DingTalk, 200, `{"errcode":130101,"errmsg":"send too fast"}`, outgoing.Later, "outgoing.robot_too_fast", 10 * time.Minute},
		{outgoing.DingTalk, 200, `{"errcode":310000,"errmsg":"sign not match"}`, outgoing.Refused, "outgoing.robot_refused", 0},
		{outgoing.Feishu, 200, `{"code":0,"msg":"success"}`, outgoing.Taken, "", 0},
		{outgoing.Feishu, 200, `{"StatusCode":0,"StatusMessage":"success"}`, outgoing.Taken, "", 0},
		{outgoing.Feishu, 200, `{"code":19021,"msg":"sign match fail"}`, outgoing.Refused, "outgoing.robot_refused", 0},
		{outgoing.Feishu, 400, `{"code":11232,"msg":"frequency limited"}`, outgoing.Later, "outgoing.robot_too_fast", time.Minute},
		{outgoing.Feishu, 429, `{}`, outgoing.Later, "outgoing.robot_too_fast", time.Minute},
		{outgoing.WeCom, 502, `<html>`, outgoing.Later, "outgoing.robot_later", 0},
		{outgoing.WeCom, 404, `not here`, outgoing.Refused, "outgoing.robot_refused", 0},
		{outgoing.WeCom, 200, `<html>`, outgoing.Later, "outgoing.robot_later", 0},
		{outgoing.WeCom, http.StatusFound, ``, outgoing.Refused, "outgoing.robot_refused", 0},
		{outgoing.WeCom, 200, "hang up", outgoing.Unsure, outgoing.NotSure, 0},
	} {
		h, r, heard := maker(t, x.status, x.answer)
		r.Kind = x.kind
		out := h.Say(context.Background(), r, outgoing.Spoken{Text: "x", At: time.Now()})
		if out.Outcome != x.want || out.Code != x.code || out.Pause != x.pause {
			t.Errorf("%s %d %s: %+v, want %v %s %v", x.kind, x.status, x.answer, out, x.want, x.code, x.pause)
		}
		if len(*heard) != 1 {
			t.Errorf("%s %d: posted %d times", x.kind, x.status, len(*heard))
		}
		if strings.Contains(out.Answer, "0123456789") || strings.Contains(out.Answer, "key=") {
			t.Errorf("the answer repeats the address: %s", out.Answer)
		}
	}
}

// TestNothingOfThisMachineOrItsNetworkIsCalled, whatever a name leads to.
func TestNothingOfThisMachineOrItsNetworkIsCalled(t *testing.T) {
	_, r, heard := maker(t, 200, `{"errcode":0}`)
	r.Kind = outgoing.WeCom
	for _, v := range []string{"HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy", "ALL_PROXY"} {
		t.Setenv(v, "")
	}
	if out := New(false).Say(context.Background(), r, outgoing.Spoken{Text: "x"}); out.Outcome != outgoing.Later || len(*heard) != 0 {
		t.Errorf("%+v, heard %q", out, *heard)
	}
	for address, ok := range map[string]bool{"127.0.0.1:443": false, "[::1]:443": false, "10.1.2.3:443": false, "172.16.0.1:443": false, "192.168.1.1:443": false,
		"169.254.169.254:80": false, "[fe80::1]:443": false, "[fd00::1]:443": false, "100.100.100.200:80": false, "0.0.0.0:443": false, "[::ffff:10.0.0.1]:443": false,
		"224.0.0.1:443": false, "203.0.113.7:443": true, "[2001:db8::1]:443": true} {
		if err := public("tcp", address, nil); (err == nil) != ok {
			t.Errorf("%s: %v", address, err)
		}
	}
}

const (
	ding   = "aZLLrriXgn05YbwaGR7knYsLeJADjr9NwLaNNKpxh4g="
	feishu = "G7XpBpG8NgG02fJOAhX6FRAObIljmFoxVReo8I62pEk="
)
