package server_test

import (
	"encoding/json"
	"fmt"
	"net/http/httptest"
	"strings"
	"testing"

	"yunchou/internal/account"
	"yunchou/internal/app/apptest"
	"yunchou/internal/conversation"
	"yunchou/internal/database"
	"yunchou/internal/database/databasetest"
	"yunchou/internal/httpapi"
	"yunchou/internal/opportunity"
	"yunchou/internal/pipeline"
	"yunchou/internal/record"
	"yunchou/internal/server"
	"yunchou/internal/tie"

	"github.com/danielgtaylor/huma/v2"
)

// made is what each route that makes something is sent, without the id, and what is said
// otherwise the other time.
type made struct {
	path, body, other string
}

// making are all of them; a new route that makes something and is not here fails the test.
func making(w *apptest.World) map[string]made {
	deal := w.Opportunity("陈露", "二期改造").ID
	stages, err := json.Marshal(pipeline.Bid(true).Stages)
	if err != nil {
		w.T.Fatal(err)
	}
	stages = []byte(strings.ReplaceAll(string(stages), `"milestones":null`, `"milestones":[]`))
	asked := w.Opportunity("管理员", "谁管").ID
	if _, err := w.Opportunities.Move(w.Ctx, w.As("管理员"), asked, opportunity.MoveRequest{To: w.Stage("商务确认"), Exception: "客户催"}); err != nil {
		w.T.Fatal(err)
	}
	account, first := w.Account, w.Bid.Stages[0]
	on := `"kind":"discussion","on":{"kind":"opportunity","id":"` + deal + `"},"message":{"id":"` + record.NewID(w.Clock.Now()) + `","text":`
	th, err := w.Conversations.Open(w.Ctx, w.As("管理员"), conversation.Thread{Kind: conversation.Note, On: opportunity.Ref(deal)}, conversation.Said{Text: "看"})
	if err != nil {
		w.T.Fatal(err)
	}
	gives := `"kind":"question","on":{"kind":"opportunity","id":"` + deal + `"},"text":`
	line, rival := deskLine(w), rivalOf(w)
	at := func(format string, id string) string { return fmt.Sprintf(format, id) }
	return map[string]made{
		"createAccount":      {"/accounts", `"name":"新客户"`, `"name":"别的客户"`},
		"createContact":      {"/contacts", `"accountId":"` + account + `","name":"王工"`, `"accountId":"` + account + `","name":"李工"`},
		"tellContactChange":  {"/contact-changes", `"contactId":"` + w.Contact("陈露", "换人") + `","kind":"retitled","title":"总监"`, `"contactId":"` + w.Contact("陈露", "换人") + `","kind":"left"`},
		"noteTie":            {"/ties", `"contactId":"` + w.Contact("陈露", "同学") + `","kind":"ally"`, `"contactId":"` + w.Contact("陈露", "同乡") + `","kind":"ally"`},
		"addCompetitor":      {"/competitors", `"name":"三励公司"`, `"name":"金和"`},
		"addCompetitorEntry": {at("/competitors/%s/entries", rival), `"kind":"product","title":"检测仪"`, `"kind":"tactic","title":"低价进场"`},
		"noteSighting":       {"/sightings", `"competitorId":"` + rival + `","opportunityId":"` + deal + `","kind":"visit"`, `"competitorId":"` + rival + `","opportunityId":"` + deal + `","kind":"quote"`},
		"askAround":          {"/ask-arounds", `"name":"贺文涛"`, `"name":"贺涛"`},
		"askIntroduction":    {"/introductions", way(w) + `,"sentence":"请引荐"`, way(w) + `,"sentence":"请帮忙"`},
		"answerConfirmation": {"/confirmations", `"opportunityId":"` + asked + `","answer":"skipped"`, `"opportunityId":"` + asked + `","answer":"named","name":"王工"`},
		"createOpportunity":  {"/opportunities", `"name":"三期"`, `"name":"四期"`},
		"logAccountFollowUp": {at("/accounts/%s/follow-ups", account), `"channel":"phone","twoWay":false,"words":"谈价"`, `"channel":"phone","twoWay":false,"words":"催款"`},
		"logFollowUp":        {at("/opportunities/%s/follow-ups", deal), `"channel":"phone","twoWay":false,"words":"谈价"`, `"channel":"phone","twoWay":false,"words":"催款"`},
		"logAnyFollowUp":     {"/follow-ups", `"on":[{"kind":"opportunity","id":"` + deal + `"}],"channel":"phone","twoWay":false,"words":"谈价"`, `"on":[{"kind":"opportunity","id":"` + deal + `"}],"channel":"phone","twoWay":false,"words":"催款"`},
		"addNextStep":        {at("/opportunities/%s/next-steps", deal), `"what":"送样","dueOn":"2026-03-20"`, `"what":"报价","dueOn":"2026-03-20"`},
		"openThread":         {"/threads", on + `"降不降？"}`, on + `"不降"}`},
		"sayMessage":         {at("/threads/%s/messages", th.ID), `"text":"降不降？"`, `"text":"不降"`},
		"giveGuidance":       {"/guidance", gives + `"降不降？"`, gives + `"不降"`},
		"lookAt":             {"/looks", `"opportunityId":"` + deal + `","facts":["talk"]`, `"opportunityId":"` + deal + `","facts":["step"]`},
		"makeGuidancePiece":  {"/guidance-pieces", `"text":"备件含进来"`, `"text":"单价不动"`},
		"decideDeskLine":     {"/desk/decisions", line + `,"decision":"done"`, line + `,"decision":"not_issue","reason":"快了"`},
		"addTask":            {"/tasks", `"what":"送样","dueOn":"2026-03-20"`, `"what":"报价","dueOn":"2026-03-20"`},
		"saveView":           {"/views", `"name":"我的","screen":"opportunities","query":"state=open"`, `"name":"你的","screen":"opportunities","query":"state=open"`},
		"enterAbsence":       {at("/members/%s/absences", w.ID["小李"]), `"from":"2026-03-20","to":"2026-03-20","kind":"annual"`, `"from":"2026-03-21","to":"2026-03-21","kind":"annual"`},
		"addTeam":            {"/teams", `"name":"四组","parentId":"` + w.ID["公司"] + `"`, `"name":"五组","parentId":"` + w.ID["公司"] + `"`},
		"addMember":          {"/members", `"name":"新人","teamId":"` + w.ID["一组"] + `"`, `"name":"新人","teamId":"` + w.ID["二组"] + `"`},
		"addRole":            {"/roles", `"name":"助理","from":"rep","permissions":["opportunity.read"],"reach":[]`, `"name":"文员","from":"rep","permissions":["opportunity.read"],"reach":[]`},
		"openSeat":           {"/seats", `"teamId":"` + w.ID["一组"] + `"`, `"teamId":"` + w.ID["二组"] + `"`},
		"addProductLine":     {"/product-lines", `"name":"丝杠"`, `"name":"导轨块"`},
		"defineField":        {"/fields", `"record":"account","key":"plant","label":"工厂","type":"text"`, `"record":"account","key":"plant","label":"厂","type":"text"`},
		"createPipeline":     {"/pipelines", `"name":"服务流程","stages":` + string(stages), `"name":"备件流程","stages":` + string(stages)},
		"submitEvidence":     {at("/opportunities/%s/evidence", deal), `"stageId":"` + first.ID + `","milestoneKey":"` + first.Milestones[0].Key + `",` + evidence(first.Milestones[0]), `"stageId":"` + first.ID + `","milestoneKey":"` + first.Milestones[0].Key + `","text":"别的"`},
		"handOver":           {"/handovers", `"ids":["` + deal + `"],"toId":"` + w.ID["小李"] + `","reason":"分工"`, `"ids":["` + deal + `"],"toId":"` + w.ID["陈露"] + `","reason":"分工"`},
	}
}

// rivalOf is a competitor.
func rivalOf(w *apptest.World) string {
	c, err := w.Accounts.AddCompetitor(w.Ctx, w.As("管理员"), account.Competitor{Name: "恒泰"})
	if err != nil {
		w.T.Fatal(err)
	}
	return c.ID
}

// way is one over a colleague to somebody, as an introduction names it.
func way(w *apptest.World) string {
	id := w.Contact("陈露", "要见的人")
	if _, err := w.Ties.Note(w.Ctx, w.As("陈露"), tie.Tie{ContactID: id, Kind: tie.Ally}); err != nil {
		w.T.Fatal(err)
	}
	found, err := w.Ties.Knowers(w.Ctx, w.As("管理员"), tie.Question{ContactID: id})
	if err != nil || len(found.Ways) == 0 {
		w.T.Fatal("there is no way", err)
	}
	return `"token":"` + found.Ways[0].Token + `"`
}

// deskLine is a line of the administrator's desk, as a decision on it names it.
func deskLine(w *apptest.World) string {
	o, day := w.Opportunity("管理员", "指挥台"), w.As("管理员").Today.Add(-7)
	if _, err := w.Opportunities.Edit(w.Ctx, w.As("管理员"), o.ID, o.Version, opportunity.Patch{ExpectedOn: &day}); err != nil {
		w.T.Fatal(err)
	}
	if err := w.Funnel.Await(w.Ctx, w.Admin.TenantID); err != nil {
		w.T.Fatal(err)
	}
	list, err := w.Desk.Read(w.Ctx, w.As("管理员"), 50)
	if err != nil {
		w.T.Fatal(err)
	}
	for _, l := range list.Lines {
		if l.On.ID == o.ID {
			return fmt.Sprintf(`"on":{"kind":"opportunity","id":%q},"facts":%q`, l.On.ID, l.Facts.Text())
		}
	}
	w.T.Fatal("the administrator has no line")
	return ""
}

// evidence is what a milestone asks for.
func evidence(m pipeline.Milestone) string {
	switch m.Evidence {
	case pipeline.Date:
		return `"date":"2026-03-02"`
	case pipeline.Number:
		return `"numberMilli":1000`
	case pipeline.Link:
		return `"text":"https://a.cn"`
	}
	return `"text":"有"`
}

// What makes something, sent several times at once with the same id and content, makes it once
// and answers each with it; with other content it is a conflict. The document is walked, so that
// a new route is tested the day it is added.
func TestEveryMakingSentTwiceIsOne(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		w := apptest.New(t, db)
		h := server.New(w.App, "test", false)
		c := boss(t, w, h)
		all, api := making(w), server.API(w.App, "test")
		for path, item := range api.OpenAPI().Paths {
			op := item.Post
			if op == nil || op.Responses["201"] == nil || op.RequestBody.Content["application/json"] == nil {
				continue // files are kept by what is in them
			}
			m, known := all[op.OperationID]
			if !known || !takesID(api, op) {
				t.Errorf("POST %s makes something: give it an id its sender may make, and %s a line in making", path, op.OperationID)
				continue
			}
			sentTwice(t, c, op.OperationID, m)
		}
	})
}

func takesID(api *httpapi.API, op *huma.Operation) bool {
	s := op.RequestBody.Content["application/json"].Schema
	if s.Ref != "" {
		s = api.OpenAPI().Components.Schemas.SchemaFromRef(s.Ref)
	}
	return s.Properties["id"] != nil || s.Properties["key"] != nil && op.OperationID == "addRole"
}

func sentTwice(t *testing.T, c client, what string, m made) {
	t.Helper()
	id := record.NewID(apptest.Start.Time())
	body := func(said string) string { return `{"id":"` + id + `",` + said + `}` }
	answers := make([]*httptest.ResponseRecorder, 4)
	apptest.AtOnce(len(answers), func(k int) error {
		answers[k] = c.do("POST", "/api"+m.path, body(m.body))
		return nil
	})
	for _, a := range answers {
		if a.Code != 201 || a.Body.String() != answers[0].Body.String() || what != "submitEvidence" && !strings.Contains(a.Body.String(), id) {
			t.Errorf("%s: %d %s\nfirst %d %s", what, a.Code, a.Body, answers[0].Code, answers[0].Body)
			break
		}
	}
	if a := c.do("POST", "/api"+m.path, body(m.other)); a.Code != 409 || !strings.Contains(a.Body.String(), "record.id_taken") {
		t.Errorf("%s with other content: %d %s", what, a.Code, a.Body)
	}
}
