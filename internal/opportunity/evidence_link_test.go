package opportunity

import (
	"testing"

	"yunchou/internal/fault"
	"yunchou/internal/pipeline"
)

// TestALinkLeadsSomewhere: what a milestone is shown by has to be an address somebody can open.
func TestALinkLeadsSomewhere(t *testing.T) {
	for text, opens := range map[string]bool{
		"https://example.cn/招标?id=1": true, "http://192.168.1.5:8080/文件": true, "HTTPS://example.cn": true, "https://[::1]/": true,
		"": false, "https://": false, "http://": false, "https:///a": false, "https://?a=b": false, "https://:443": false,
		"example.cn": false, "javascript:alert(1)": false, "ftp://example.cn": false, "见邮件": false, "https://exa mple.cn": false,
	} {
		err := Evidence{Text: text}.matches(pipeline.Milestone{Evidence: pipeline.Link, Name: "公告"})
		if (err == nil) != opens || err != nil && fault.CodeOf(err) != "evidence.value_required" {
			t.Errorf("%q: %v", text, err)
		}
	}
}
