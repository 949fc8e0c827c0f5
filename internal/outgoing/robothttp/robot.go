// Package robothttp speaks through the group robots of 企业微信, 钉钉 and 飞书 as their makers publish it.
package robothttp

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/netip"
	"net/url"
	"strconv"
	"sync/atomic"
	"syscall"
	"time"

	"yunchou/internal/outgoing"
	"yunchou/internal/text"
)

// Hooks implements outgoing.Hooks.
type Hooks struct{ Client *http.Client }

// New reaches addresses of the world alone: none of this machine or its network, unless any is allowed or the
// operator's proxy stands between. Nobody is led elsewhere by an answer.
func New(any bool) Hooks {
	d := &net.Dialer{Timeout: 10 * time.Second, Control: public}
	probe := &http.Request{URL: &url.URL{Scheme: "https", Host: "open.feishu.cn"}}
	if proxy, err := http.ProxyFromEnvironment(probe); any || err == nil && proxy != nil {
		d.Control = nil
	}
	return Hooks{Client: &http.Client{Timeout: 20 * time.Second,
		Transport:     &http.Transport{Proxy: http.ProxyFromEnvironment, DialContext: d.DialContext, TLSHandshakeTimeout: 10 * time.Second, MaxResponseHeaderBytes: 64 << 10, MaxIdleConnsPerHost: 1, IdleConnTimeout: time.Minute},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
}

var errPrivate = errors.New("the address is of this machine or its network")

// public refuses what a name leads to where that is no address of the world.
func public(_, address string, _ syscall.RawConn) error {
	at, err := netip.ParseAddrPort(address)
	if err != nil {
		return err
	}
	if ip := at.Addr().Unmap(); !ip.IsGlobalUnicast() || ip.IsPrivate() || shared.Contains(ip) {
		return errPrivate
	}
	return nil
}

// shared is the space of carriers (RFC 6598), in which clouds keep their own services.
var shared = netip.MustParsePrefix("100.64.0.0/10")

// Say posts a text. The address is a secret: no error repeats it.
func (h Hooks) Say(ctx context.Context, r outgoing.Robot, s outgoing.Spoken) outgoing.Result {
	address, body, err := request(r, s)
	if err != nil {
		return outgoing.Result{Outcome: outgoing.Refused, Code: "outgoing.robot_address"}
	}
	var on atomic.Bool // the connection stands: what follows may have been heard
	ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{GotConn: func(httptrace.GotConnInfo) { on.Store(true) }})
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, address, bytes.NewReader(body))
	if err != nil {
		return outgoing.Result{Outcome: outgoing.Refused, Code: "outgoing.robot_address"}
	}
	req.Header.Set("Content-Type", "application/json; charset=utf-8")
	req.GetBody = nil // nothing is sent again by itself
	res, err := h.Client.Do(req)
	if err != nil {
		if on.Load() {
			return outgoing.Result{Outcome: outgoing.Unsure, Code: outgoing.NotSure, Answer: plain(err)}
		}
		return outgoing.Result{Outcome: outgoing.Later, Code: "outgoing.not_reached", Answer: plain(err)}
	}
	defer res.Body.Close()
	raw, err := io.ReadAll(io.LimitReader(res.Body, 64<<10))
	if err != nil {
		return outgoing.Result{Outcome: outgoing.Unsure, Code: outgoing.NotSure, Answer: plain(err)}
	}
	return answered(r.Kind, res.StatusCode, raw)
}

// plain is an error without the address it is of.
func plain(err error) string {
	var u *url.Error
	if errors.As(err, &u) {
		err = u.Err
	}
	return text.Cut(err.Error(), 200)
}

// request is the address and the body by the maker's rules.
func request(r outgoing.Robot, s outgoing.Spoken) (address string, body []byte, err error) {
	mobiles := append([]string{}, s.Mobiles...)
	switch r.Kind {
	case outgoing.WeCom:
		body, err = json.Marshal(map[string]any{"msgtype": "text", "text": map[string]any{"content": s.Text, "mentioned_mobile_list": mobiles}})
		return r.Address, body, err
	case outgoing.DingTalk:
		body, err = json.Marshal(map[string]any{"msgtype": "text", "text": map[string]any{"content": s.Text},
			"at": map[string]any{"atMobiles": mobiles, "isAtAll": false}})
		address = r.Address
		if r.Secret != "" {
			at := strconv.FormatInt(s.At.UnixMilli(), 10)
			address += "&timestamp=" + at + "&sign=" + url.QueryEscape(sign(r.Secret, at+"\n"+r.Secret))
		}
		return address, body, err
	case outgoing.Feishu:
		said := map[string]any{"msg_type": "text", "content": map[string]any{"text": s.Text}}
		if r.Secret != "" { // the key is what others sign, and what is signed is empty
			at := strconv.FormatInt(s.At.Unix(), 10)
			said["timestamp"], said["sign"] = at, sign(at+"\n"+r.Secret, "")
		}
		body, err = json.Marshal(said)
		return r.Address, body, err
	}
	return "", nil, fmt.Errorf("no robot of kind %q", r.Kind)
}

func sign(key, what string) string {
	mac := hmac.New(sha256.New, []byte(key))
	mac.Write([]byte(what))
	return base64.StdEncoding.EncodeToString(mac.Sum(nil))
}

// tooFast are the makers' codes for too many messages, and how long one is silent then; wrong are those of what no
// second try mends: address, signature, words it asks for.
var (
	tooFast = map[string]map[int]time.Duration{
		outgoing.WeCom:    {45009: time.Minute},
		outgoing.DingTalk: {130101: 10 * time.Minute, 130102: 10 * time.Minute, 410100: 10 * time.Minute},
		outgoing.Feishu:   {11232: time.Minute, 9499: time.Minute},
	}
	wrong = map[string]map[int]bool{
		outgoing.WeCom:    {93000: true, 40008: true, 40058: true},
		outgoing.DingTalk: {310000: true, 300001: true, 300005: true, 400013: true, 400101: true},
		outgoing.Feishu:   {19001: true, 19002: true, 19021: true, 19022: true, 19024: true, 11246: true},
	}
)

// answered reads the maker's answer: the status is 200 where the robot refuses, too.
func answered(kind string, status int, raw []byte) outgoing.Result {
	var a struct {
		ErrCode *int   `json:"errcode"`
		ErrMsg  string `json:"errmsg"`
		Code    *int   `json:"code"`
		Msg     string `json:"msg"`
		Status  *int   `json:"StatusCode"` // of 飞书 in older answers
	}
	readable := json.Unmarshal(raw, &a) == nil
	code, said := a.ErrCode, a.ErrMsg
	if kind == outgoing.Feishu {
		if code, said = a.Code, a.Msg; code == nil {
			code = a.Status
		}
	}
	if code == nil {
		said = fmt.Sprintf("HTTP %d", status)
	} else {
		said = fmt.Sprintf("%d %s", *code, said)
	}
	out := outgoing.Result{Outcome: outgoing.Later, Code: "outgoing.robot_later", Answer: text.Cut(said, 200)}
	switch {
	case readable && code != nil && *code == 0 && status < 300:
		return outgoing.Result{Outcome: outgoing.Taken}
	case code != nil && tooFast[kind][*code] > 0:
		out.Code, out.Pause = "outgoing.robot_too_fast", tooFast[kind][*code]
	case status == http.StatusTooManyRequests:
		out.Code, out.Pause = "outgoing.robot_too_fast", time.Minute
	case code != nil && wrong[kind][*code], status >= 300 && status < 500:
		out.Outcome, out.Code = outgoing.Refused, "outgoing.robot_refused"
	}
	return out
}
