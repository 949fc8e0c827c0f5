package server_test

import (
	"strings"
	"testing"

	"yunchou/internal/app/apptest"
	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
	"yunchou/internal/server"
)

// TestWhatIsSaidOfWaysIsThereAgain, but for the password, the robot's address and its secret.
func TestWhatIsSaidOfWaysIsThereAgain(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		c := boss(t, w, server.New(w.App, "test", false))
		says := func(version, method, at, body string, status int, holds ...string) {
			t.Helper()
			got := c.at(version, method, at, body)
			for _, x := range holds {
				if !strings.Contains(got.Body.String(), x) {
					t.Errorf("%s %s does not hold %s: %s", method, at, x, got.Body)
				}
			}
			if said := got.Body.String(); got.Code != status || strings.Contains(said, "hush") || strings.Contains(said, "abcdwxyz") || strings.Contains(said, "SEC1") {
				t.Errorf("%s %s: %d %s", method, at, got.Code, got.Body)
			}
		}
		mail := []string{`"site":"https://crm.example.com"`, `"mail":true`, `"host":"smtp.example.com"`, `"port":465`, `"security":"tls"`, `"login":"crm"`,
			`"sender":"crm@example.com"`}
		says(`"1"`, "PUT", "/api/outgoing/mail", "{"+strings.Join(mail, ",")+`,"password":"hush"}`, 200, append(mail, `"hasPassword":true`)...)
		says("", "GET", "/api/outgoing/mail", "", 200, append(mail, `"hasPassword":true`)...)
		says("", "PUT", "/api/teams/"+w.ID["一组"]+"/robot", `{"kind":"dingtalk","address":"https://oapi.dingtalk.com/robot/send?access_token=abcdwxyz","secret":"SEC1"}`, 204)
		says("", "GET", "/api/outgoing/robots", "", 200, `"teamId":"`+w.ID["一组"]+`"`, `"kind":"dingtalk"`, `"lastFour":"wxyz"`, `"hasSecret":true`)
		choice := []string{`"answers":"digest"`, `"tasks":"none"`, `"changes":"at_once"`, `"talks":"at_once"`, `"inGroup":false`, `"quiet":true`, `"quietFrom":"22:00"`,
			`"quietTo":"07:30"`, `"rests":false`, `"digest":true`, `"digestAt":"09:15"`}
		says(`"1"`, "PUT", "/api/notices/choice", "{"+strings.Join(choice, ",")+"}", 200, append(choice, `"mail":true`)...)
		says("", "GET", "/api/notices/choice", "", 200, choice...)
		says(`"2"`, "PUT", "/api/notices/choice", strings.ReplaceAll("{"+strings.Join(choice, ",")+"}", "07:30", "22:00"), 422, "outgoing.quiet_empty")
		says("", "GET", "/api/outgoing?state=failed", "", 200, `"items":[]`)
		says("", "DELETE", "/api/teams/"+w.ID["一组"]+"/robot", "", 204)
	})
}
