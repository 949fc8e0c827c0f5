package outgoing

import (
	"context"
	"fmt"
	"html/template"
	"net/mail"
	"strings"
	"time"

	"yunchou/internal/notice"
	"yunchou/internal/org"
	"yunchou/internal/record"
)

// Mail is a mail as it is handed over.
type Mail struct {
	ID          string // of the Message-ID, before the @
	From, To    mail.Address
	Subject     string
	Text, HTML  string
	Language    string
	Unsubscribe string // where one chooses not to have it
	At          time.Time
}

// line is a notice in words.
type line struct{ Says, Name, Link string }

// letter is what a mail says, in its reader's language.
type letter struct {
	Greeting, Intro, Open, More, Foot, Change string
	Lines                                     []line
	Choices                                   string
}

// languageOf is the language a member reads.
func languageOf(a org.Actor, member string) string {
	if l := a.Structure.Members[member].Locale; l != "" {
		return l
	}
	return a.Company.Locale
}

// mailOf is a message as a mail, where it is to go now.
func (s *Service) mailOf(ctx context.Context, tenant string, set Setting, m Message) (Mail, bool, error) {
	if !set.Mail {
		return Mail{}, false, s.withdraw(ctx, tenant, m, IsOff)
	}
	v, ready, err := s.ready(ctx, tenant, m)
	if err != nil || !ready {
		return Mail{}, false, err
	}
	out := s.written(v.reader, set, m.Way == ByDigest, v.notices)
	out.ID = m.ID
	return out, true, nil
}

// mostLines is how many notices a digest lists.
const mostLines = 30

// written is what a member is told by mail: who did what with which record, and where to open it. What people said
// stays in the program.
func (s *Service) written(a org.Actor, set Setting, digest bool, list []notice.Notice) Mail {
	w := wordsOf(languageOf(a, a.MemberID))
	site := s.siteOf(set)
	me := a.Structure.Members[a.MemberID]
	l := letter{Greeting: w.say("greeting", "name", me.Name), Open: w.say("open"), Foot: w.say("foot", "company", a.Company.Name),
		Change: w.say("change"), Choices: site + "/notices/choices"}
	for _, n := range list[:min(mostLines, len(list))] {
		l.Lines = append(l.Lines, line{w.told(a, n), n.Name, linkTo(site, n.Seq)})
	}
	subject := w.say("subject", "what", w.told(a, list[0]))
	if digest {
		subject = w.say("digest", "count", len(list))
		l.Intro = subject
		if more := len(list) - len(l.Lines); more > 0 {
			l.More = w.say("more", "count", more)
		}
	}
	return s.mail(a, set, w, subject, l)
}

func linkTo(site string, seq int64) string { return fmt.Sprintf("%s/notices/%d", site, seq) }

func (s *Service) mail(a org.Actor, set Setting, w words, subject string, l letter) Mail {
	me := a.Structure.Members[a.MemberID]
	from, err := mail.ParseAddress(set.Sender)
	if err != nil { // it was checked as it was saved
		from = &mail.Address{}
	}
	if from.Name == "" {
		from.Name = w.say("sender", "company", a.Company.Name)
	}
	return Mail{From: *from, To: mail.Address{Name: me.Name, Address: me.Email}, Subject: oneLine(subject), Text: l.text(), HTML: l.html(w.language),
		Language: w.language, Unsubscribe: l.Choices, At: s.Now()}
}

// testMail tells an address that mail goes out.
func (s *Service) testMail(a org.Actor, set Setting, to string) Mail {
	w := wordsOf(languageOf(a, a.MemberID))
	site := s.siteOf(set)
	l := letter{Greeting: w.say("greeting", "name", a.Structure.Members[a.MemberID].Name), Intro: w.say("test"), Foot: w.say("foot", "company", a.Company.Name),
		Change: w.say("change"), Choices: site + "/notices/choices"}
	m := s.mail(a, set, w, w.say("testSubject"), l)
	m.ID, m.To.Address = record.NewID(s.Now()), to
	return m
}

// oneLine keeps what people named from making further headers.
func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

func (l letter) text() string {
	var b strings.Builder
	b.WriteString(l.Greeting + "\n\n")
	if l.Intro != "" {
		b.WriteString(l.Intro + "\n\n")
	}
	for _, x := range l.Lines {
		b.WriteString(x.Says + "\n")
		if x.Name != "" {
			b.WriteString(oneLine(x.Name) + "\n")
		}
		b.WriteString(l.Open + " " + x.Link + "\n\n")
	}
	if l.More != "" {
		b.WriteString(l.More + "\n\n")
	}
	b.WriteString("-- \n" + l.Foot + "\n" + l.Change + " " + l.Choices + "\n")
	return b.String()
}

var layout = template.Must(template.New("mail").Parse(`<!doctype html><html lang="{{.Language}}"><head><meta charset="utf-8">` +
	`<meta name="viewport" content="width=device-width"></head><body style="font:15px/1.6 sans-serif;color:#1f2328;max-width:560px;margin:16px">` +
	`<p>{{.Greeting}}</p>{{with .Intro}}<p>{{.}}</p>{{end}}{{$open := .Open}}{{range .Lines}}<p style="margin:16px 0">{{.Says}}{{with .Name}}<br><b>{{.}}</b>{{end}}` +
	`<br><a href="{{.Link}}">{{$open}}</a></p>{{end}}{{with .More}}<p>{{.}}</p>{{end}}` +
	`<p style="color:#59636e;font-size:13px;border-top:1px solid #d1d9e0;padding-top:8px">{{.Foot}}<br><a href="{{.Choices}}" style="color:#59636e">{{.Change}}</a></p>` +
	`</body></html>`))

func (l letter) html(language string) string {
	var b strings.Builder
	if err := layout.Execute(&b, struct {
		letter
		Language string
	}{l, language}); err != nil {
		panic(err) // our own fields into a builder
	}
	return b.String()
}
