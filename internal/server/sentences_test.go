package server_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"yunchou/internal/account"
	"yunchou/internal/app/apptest"
	"yunchou/internal/competitor"
	"yunchou/internal/conversation"
	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
	"yunchou/internal/field"
	"yunchou/internal/guidance"
	"yunchou/internal/httpapi"
	"yunchou/internal/opportunity"
	"yunchou/internal/record"
	"yunchou/internal/replay/replaytest"
	"yunchou/internal/server"
	"yunchou/internal/task"
	"yunchou/internal/worktime"

	"github.com/danielgtaylor/huma/v2"
)

// sentenceNames are what fields are called that somebody writes a sentence into; a text as long as
// longText is one under any name, but for what machines write.
var (
	sentenceNames = []string{"reason", "exception", "clashReason", "note", "words", "text", "what", "result", "custom"}
	byMachines    = []string{"yaml", "query", "credential", "facts"}
)

const longText = 1000

// onlyAsked are sentences that are kept nowhere: a follow-up shows that it was written down late, and a card is read and
// forgotten.
var onlyAsked = []string{"logFollowUp /reason", "logAnyFollowUp /reason", "logAccountFollowUp /reason", "readContactCard /text"}

// laterVersions are of records to which something has happened before the sentence is said.
var laterVersions = map[string]string{"sayTaskResult /result": `"2"`, "answerTaskOffer /reason": `"2"`, "reviewTask /reason": `"3"`}

// ofOneLine tells whether a field has room for one line.
func ofOneLine(where string) bool {
	return strings.HasSuffix(where, "/what") || strings.HasSuffix(where, "/custom/*") || strings.HasSuffix(where, "/note") && strings.Contains(where, "/lines/")
}

// saying is a request; %s stands where the sentence is said.
type saying struct{ method, path, body string }

// sentences are requests that say something in every field for a sentence; a new field that is not
// here fails the test.
func sentences(w *apptest.World, c client) map[string]saying {
	must := func(err error) {
		if err != nil {
			w.T.Fatal(err)
		}
	}
	deal := func(rest string) string { return "/opportunities/" + w.Opportunity("陈露", "二期改造").ID + rest }
	promised := func(path string) string {
		id := record.NewID(w.Clock.Now())
		if a := c.do("POST", "/api"+path, `{"id":"`+id+`","what":"送样","dueOn":"2026-03-20"}`); a.Code >= 300 {
			w.T.Fatal(a.Body)
		}
		return id
	}
	finished := func(task string) string {
		if a := c.do("POST", "/api/tasks/"+task+"/finish", `{}`); a.Code >= 300 {
			w.T.Fatal(a.Body)
		}
		return task
	}
	for _, kind := range []string{"opportunity", "account", "contact"} {
		_, err := w.Fields.Define(w.Ctx, w.As("管理员"), field.Field{Record: kind, Key: "remark", Label: "备注", Type: field.Text})
		must(err)
	}
	product, err := w.Accounts.AddProductLine(w.Ctx, w.As("管理员"), account.ProductLine{Name: "主轴"})
	must(err)
	other, err := w.Pipelines.Get(w.Ctx, w.As("管理员"), "分销流程")
	must(err)
	line, another := deskLine(w), deskLine(w)
	asked := w.Opportunity("陈露", "三期").ID
	evidence, err := w.Opportunities.SubmitEvidence(w.Ctx, w.As("陈露"), asked, opportunity.Submission{StageID: w.Stage("商务确认"), Key: "terms", Text: "有"})
	must(err)
	away, err := w.Times.Enter(w.Ctx, w.As("陈露"), w.ID["陈露"], worktime.Asked{From: worktime.Moment{On: "2026-03-20"}, To: worktime.Moment{On: "2026-03-20"}, Kind: "other"})
	must(err)
	first, customer := w.Bid.Stages[0], "/accounts/"+w.Account
	one := `{"ids":["` + strings.TrimPrefix(deal(""), "/opportunities/") + `"],`
	lose := `"to":"` + w.Stage("丢单") + `","lossKind":"no_decision","reason":%s}`
	skips := `"to":"` + w.Stage("入围") + `","exception":%s}`
	lines := `"amountMinor":10000000,"lines":[{"productLineId":"` + product.ID + `","amountMinor":10000000,"note":%s}]}`
	words, step := `"channel":"phone","twoWay":false,"words":%s}`, `{"what":%s,"dueOn":"2026-03-20"}`
	talk := `{"kind":"note","on":{"kind":"account","id":"` + w.Account + `"},"message":{"text":%s}}`
	th, err := w.Conversations.Open(w.Ctx, w.As("管理员"), conversation.Thread{Kind: conversation.Note, On: account.Ref(w.Account)}, conversation.Said{Text: "看"})
	must(err)
	note := func(by, to string, in guidance.New) string {
		in.On, in.ToID, in.Text = account.Ref(w.Account), w.As(to).MemberID, "看"
		k, err := w.Guidance.Ask(w.Ctx, w.As(by), in)
		must(err)
		return "/guidance/" + k.ID
	}
	question := guidance.New{Kind: guidance.Question}
	answered := func() string {
		path := note("管理员", "陈露", question)
		_, err := w.Guidance.Answer(w.Ctx, w.As("陈露"), path[len("/guidance/"):], guidance.Answer{Text: "有", WantsOutcome: true})
		must(err)
		return path
	}
	used := answered()
	_, err = w.Guidance.Use(w.Ctx, w.As("管理员"), used[len("/guidance/"):], guidance.Used, conversation.Said{})
	must(err)
	asks := `{"kind":"question","on":{"kind":"account","id":"` + w.Account + `"},"text":%s}`
	corrects := `{"kind":"correction","on":{"kind":"account","id":"` + w.Account + `"},"text":"先评审","check":{"on":"2026-03-03","fact":%s}}`
	w.Clock.Set("2026-03-01")
	looked := note("蒋跃", "陈露", guidance.New{Kind: guidance.Correction, Fact: "有", CheckOn: "2026-03-02"})
	w.Clock.Set("2026-03-02")
	offered, done := toAnswer(w), toReview(w)
	names := 0
	own := func() string { names++; return fmt.Sprintf(`"name":"新的%d","custom":{"remark":%%s}}`, names) }
	later := `"dueOn":"2026-09-01",`
	return map[string]saying{
		"logFollowUp /words":              {"POST", deal("/follow-ups"), `{` + words},
		"logAnyFollowUp /words":           {"POST", "/follow-ups", `{"on":[{"kind":"account","id":"` + w.Account + `"}],` + words},
		"logAccountFollowUp /words":       {"POST", customer + "/follow-ups", `{` + words},
		"editOpportunity /reason":         {"PATCH", deal(""), `{"name":"二期","reason":%s}`},
		"editOpportunity /custom/*":       {"PATCH", deal(""), `{` + own()},
		"editOpportunity /lines/*/note":   {"PATCH", deal(""), `{` + lines},
		"createOpportunity /custom/*":     {"POST", "/opportunities", `{` + own()},
		"createOpportunity /lines/*/note": {"POST", "/opportunities", `{"name":"五期",` + lines},
		"createOpportunity /clashReason":  {"POST", "/opportunities", `{"name":"六期","accountName":"华新机电","clashReason":%s}`},
		"createAccount /custom/*":         {"POST", "/accounts", `{` + own()},
		"updateAccount /custom/*":         {"PUT", customer, `{"name":"华新机电","custom":{"remark":%s}}`},
		"createContact /custom/*":         {"POST", "/contacts", `{"accountId":"` + w.Account + `",` + own()},
		"updateContact /custom/*":         {"PUT", "/contacts/" + w.Contact("陈露", "王工"), `{"accountId":"` + w.Account + `",` + own()},
		"handOver /reason":                {"POST", "/handovers", one + `"toId":"` + w.ID["小李"] + `","reason":%s}`},
		"correctStay /reason":             {"POST", deal("/correct-stay"), `{"on":"2026-03-01","reason":%s}`},
		"changePipeline /reason":          {"POST", deal("/pipeline"), `{"pipelineId":"` + other.PipelineID + `","reason":%s}`},
		"moveOpportunity /reason":         {"POST", deal("/move"), `{` + lose},
		"moveOpportunity /exception":      {"POST", deal("/move"), `{` + skips},
		"moveOpportunities /reason":       {"POST", "/bulk/move", one + lose},
		"moveOpportunities /exception":    {"POST", "/bulk/move", `{"ids":["` + asked + `"],` + skips},
		"nurtureOpportunity /reason":      {"POST", deal("/nurture"), `{"what":"再去",` + later + `"reason":%s}`},
		"nurtureOpportunity /what":        {"POST", deal("/nurture"), `{"reason":"明年再说",` + later + `"what":%s}`},
		"submitEvidence /text":            {"POST", deal("/evidence"), `{"stageId":"` + first.ID + `","milestoneKey":"` + first.Milestones[0].Key + `","text":%s}`},
		"decideEvidence /note":            {"POST", "/opportunities/" + asked + "/evidence/" + evidence.ID + "/decision", `{"accept":false,"note":%s}`},
		"addNextStep /what":               {"POST", deal("/next-steps"), step},
		"finishNextStep /result":          {"POST", "/next-steps/" + promised(deal("/next-steps")) + "/finish", `{"result":%s}`},
		"openThread /message/text":        {"POST", "/threads", talk},
		"sayMessage /text":                {"POST", "/threads/" + th.ID + "/messages", `{"text":%s}`},
		"editMessage /text":               {"PATCH", "/messages/" + th.Last[0].ID, `{"text":%s}`},
		"decideDeskLine /reason":          {"POST", "/desk/decisions", `{` + line + `,"decision":"done","reason":%s}`},
		"decideDeskLine /what":            {"POST", "/desk/decisions", `{` + another + `,"decision":"handed","toId":"` + w.ID["小李"] + `","dueOn":"2026-03-20","what":%s}`},
		"addTask /what":                   {"POST", "/tasks", step},
		"giveGuidance /text":              {"POST", "/guidance", asks},
		"giveGuidance /check/fact":        {"POST", "/guidance", corrects},
		"lookAt /text":                    {"POST", "/looks", `{"opportunityId":"` + w.Opportunity("陈露", "看过的").ID + `","facts":["talk"],"text":%s}`},
		"answerGuidance /text":            {"POST", note("陈露", "管理员", question) + "/answer", `{"text":%s}`},
		"rejectAnswer /text":              {"POST", answered() + "/reject", `{"text":%s}`},
		"useGuidance /text":               {"POST", answered() + "/use", `{"used":"used","text":%s}`},
		"resultOfGuidance /text":          {"POST", used + "/result", `{"text":%s}`},
		"checkGuidance /text":             {"POST", looked + "/check", `{"worked":true,"text":%s}`},
		"makeGuidancePiece /text":         {"POST", "/guidance-pieces", `{"text":%s}`},
		"enterAbsence /note":              {"POST", "/members/" + w.ID["小李"] + "/absences", `{"from":"2026-03-20","to":"2026-03-20","kind":"other","note":%s}`},
		"addCompetitorEntry /words":       {"POST", "/competitors/" + rivalOf(w) + "/entries", `{"kind":"tactic","title":"低价进场","words":%s}`},
		"addCompetitorEntry /helped":      {"POST", "/competitors/" + rivalOf(w) + "/entries", `{"kind":"tactic","title":"低价进场","helped":%s}`},
		"changeCompetitorEntry /words":    {"PUT", "/competitor-entries/" + knownOf(w), `{"title":"低价进场","words":%s}`},
		"changeCompetitorEntry /helped":   {"PUT", "/competitor-entries/" + knownOf(w), `{"title":"低价进场","helped":%s}`},
		"noteSighting /words":             {"POST", "/sightings", `{"competitor":"恒泰","accountId":"` + w.Account + `","kind":"visit","words":%s}`},
		"changeSighting /words":           {"PUT", "/sightings/" + seenOf(w), `{"kind":"visit","words":%s}`},
		"changeAbsence /note":             {"PUT", "/absences/" + away.ID, `{"from":"2026-03-20","to":"2026-03-20","kind":"other","note":%s}`},
		"finishNextStep /reason":          {"POST", "/next-steps/" + promised(deal("/next-steps")) + "/finish", `{"dueOn":"2026-03-25","reason":%s}`},
		"redateTask /reason":              {"POST", "/tasks/" + promised("/tasks") + "/redate", `{"dueOn":"2026-03-25","reason":%s}`},
		"planTask /words":                 {"POST", "/tasks/" + promised("/tasks") + "/plan", `{"words":%s}`},
		"progressTask /words":             {"POST", "/tasks/" + promised("/tasks") + "/progress", `{"words":%s}`},
		"offerTask /words":                {"POST", "/tasks/" + promised("/tasks") + "/offer", `{"toId":"` + w.ID["小李"] + `","words":%s}`},
		"answerTaskOffer /reason":         {"POST", "/tasks/" + offered + "/offer/answer", `{"accepted":false,"reason":%s}`},
		"reviewTask /reason":              {"POST", "/tasks/" + done + "/review", `{"accepted":false,"reason":%s}`},
		"sayTaskResult /result":           {"POST", "/tasks/" + finished(promised("/tasks")) + "/result", `{"result":%s}`},
		"finishTask /result":              {"POST", "/tasks/" + promised("/tasks") + "/finish", `{"result":%s}`},
	}
}

// knownOf is something known of a competitor, seenOf a sighting of one.
func knownOf(w *apptest.World) string {
	e, err := w.Competitors.AddEntry(w.Ctx, w.As("管理员"), competitor.Entry{CompetitorID: rivalOf(w), Kind: competitor.Tactic, Title: "低价进场"})
	if err != nil {
		w.T.Fatal(err)
	}
	return e.ID
}

func seenOf(w *apptest.World) string {
	x, err := w.Competitors.Note(w.Ctx, w.As("管理员"), competitor.Sighting{CompetitorID: rivalOf(w), AccountID: w.Account, Kind: "visit"})
	if err != nil {
		w.T.Fatal(err)
	}
	return x.ID
}

// toAnswer is a task the administrator is asked to take over, toReview one whose result waits for him.
func toAnswer(w *apptest.World) string {
	x, err := w.Tasks.Add(w.Ctx, w.As("陈露"), task.Task{What: "送样", DueOn: "2026-03-20"})
	if err == nil {
		_, err = w.Tasks.Offer(w.Ctx, w.As("陈露"), x.ID, w.Admin.MemberID, "")
	}
	if err != nil {
		w.T.Fatal(err)
	}
	return x.ID
}

func toReview(w *apptest.World) string {
	x, err := w.Tasks.Add(w.Ctx, w.As("管理员"), task.Task{What: "分析", DueOn: "2026-03-20", MemberID: w.ID["陈露"]})
	if err == nil {
		_, err = w.Tasks.Plan(w.Ctx, w.As("陈露"), x.ID, "先访三家")
	}
	if err == nil {
		_, err = w.Tasks.Finish(w.Ctx, w.As("陈露"), x.ID, "写好了")
	}
	if err != nil {
		w.T.Fatal(err)
	}
	return x.ID
}

// TestEverySentenceStaysAsItWasWritten: full-width marks, quotes and lines are what somebody wrote.
// The document is walked, so that a new field is tested the day it is added.
func TestEverySentenceStaysAsItWasWritten(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		h := server.New(w.App, "test", false)
		c, colleague, manager := boss(t, w, h), signIn(t, w, h, "小李", "li"), signIn(t, w, h, "蒋跃", "jiang")
		all := sentences(w, c)
		want := map[string]string{}
		for _, where := range sentenceFields(server.API(w.App, "test")) {
			s, known := all[where]
			if !known {
				if !slices.Contains(onlyAsked, where) {
					t.Errorf("%s holds a sentence: give it a line in sentences", where)
				}
				continue
			}
			delete(all, where)
			said := where + " 客户说：“价格（含税）太高，再议。”\n第二行"
			raw, err := json.Marshal(" \u200e" + strings.ReplaceAll(said, "\n", " \r\n") + "\n")
			if err != nil {
				t.Fatal(err)
			}
			who := c
			if strings.HasSuffix(where, "/clashReason") {
				who = colleague
			} else if strings.Contains(where, "check") {
				who = manager
			}
			version := `"1"`
			if v := laterVersions[where]; v != "" {
				version = v
			}
			if a := who.at(version, s.method, "/api"+s.path, fmt.Sprintf(s.body, raw)); a.Code >= 300 {
				t.Errorf("%s: %d %s", where, a.Code, a.Body)
			}
			if ofOneLine(where) {
				said = strings.ReplaceAll(said, "\n", " ")
			}
			want[said] = where
		}
		for where := range all {
			t.Errorf("%s is no field", where)
		}
		for _, table := range replaytest.Tables(t, db) {
			for _, row := range replaytest.Rows(t, db, "SELECT * FROM "+table) {
				for _, text := range row {
					delete(want, text)
				}
			}
		}
		for said, where := range want {
			t.Errorf("%s: %q is not kept so", where, said)
		}
	})
}

// sentenceFields are the fields of bodies that somebody writes a sentence into.
func sentenceFields(api *httpapi.API) (out []string) {
	for _, item := range api.OpenAPI().Paths {
		for _, op := range []*huma.Operation{item.Post, item.Put, item.Patch, item.Delete} {
			if op != nil && op.RequestBody != nil && op.RequestBody.Content["application/json"] != nil {
				for _, at := range textsIn(api, op.RequestBody.Content["application/json"].Schema, "", 0) {
					out = append(out, op.OperationID+" "+at)
				}
			}
		}
	}
	return out
}

func textsIn(api *httpapi.API, s *huma.Schema, at string, depth int) (out []string) {
	s = resolved(api, s)
	if depth > 8 {
		return nil
	}
	if s.Type == huma.TypeString {
		name := at[strings.LastIndex(strings.TrimSuffix(at, "/*"), "/")+1:]
		named := slices.Contains(sentenceNames, strings.TrimSuffix(name, "/*"))
		if long := s.MaxLength != nil && *s.MaxLength >= longText; (named || long) && len(s.Enum) == 0 && !slices.Contains(byMachines, name) {
			return []string{at}
		}
	}
	if s.Type == huma.TypeArray {
		out = append(out, textsIn(api, s.Items, at+"/*", depth+1)...)
	}
	if entries, ofMap := s.AdditionalProperties.(*huma.Schema); ofMap {
		out = append(out, textsIn(api, entries, at+"/*", depth+1)...)
	}
	for name, p := range s.Properties {
		if !p.ReadOnly {
			out = append(out, textsIn(api, p, at+"/"+name, depth+1)...)
		}
	}
	slices.Sort(out)
	return out
}
