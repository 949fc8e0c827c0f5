package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"yunchou/internal/app"
	"yunchou/internal/identity"
	"yunchou/internal/org"
)

const userUsage = `yunchou user ACT --data DIR | --database-url URL, beside a running server or without one:

  add                 --login NAME --name PERSON [--role ROLE]   add a person, or give one who is there a sign-in
  list                [--json]                                   who signs in, with which role, and when last
  reset-password      --login NAME                               a new password, printed, to be changed at the next sign-in
  remove-factors      --login NAME                               who lost a second factor signs in by the password, and chooses another
  end-sessions        --login NAME                               sign the person out everywhere
  disable             --login NAME                               take the sign-in away; records stay (add gives it back)
  make-administrator  --login NAME                               give the role of an administrator

--company NAME says which company, where there are several.`

// whom is what the acts on people are told.
type whom struct {
	Company string `json:"company,omitempty"`
	Login   string `json:"login,omitempty"`
	Name    string `json:"name,omitempty"`
	Role    string `json:"role,omitempty"`
}

func runUser(ctx context.Context, args []string, out io.Writer) error {
	if len(args) == 0 || args[0] != "list" && acts["user."+args[0]] == nil {
		return asking(userUsage, args, out)
	}
	fs, t := flags("user " + args[0])
	var in whom
	fs.StringVar(&in.Company, "company", "", "the company's `NAME` or id, where there are several")
	asJSON := false
	switch args[0] {
	case "list":
		fs.BoolVar(&asJSON, "json", false, "print JSON")
	case "add":
		fs.StringVar(&in.Name, "name", "", "the person's `NAME`; one who is there gets the sign-in")
		fs.StringVar(&in.Role, "role", "rep", "rep, assistant, manager, director, product_manager, operations, partner, admin or a `ROLE` of the company's own")
		fallthrough
	default:
		fs.StringVar(&in.Login, "login", "", "sign-in `NAME`")
	}
	if err := flagsAlone(fs, args[1:]); err != nil {
		return err
	}
	if args[0] == "list" {
		return userList(ctx, t, in.Company, asJSON, out)
	}
	if in.Login == "" {
		return errors.New("say who: --login NAME (`yunchou user list` tells the names)")
	}
	return t.act(ctx, "user."+args[0], in, false, out)
}

// brief is what somebody typed, to be said again.
func brief(s string) string {
	if r := []rune(s); len(r) > 60 {
		return string(r[:60]) + "…"
	}
	return s
}

// asking answers a command whose act is missing, unknown or asked about. Its usage lists an act a
// line.
func asking(usage string, args []string, out io.Writer) error {
	words := strings.Fields(usage)
	name := strings.Join(words[:2], " ")
	if len(args) > 0 && asksForHelp(args[0]) {
		_, err := fmt.Fprintln(out, usage)
		return err
	}
	var known []string
	for line := range strings.Lines(usage) {
		if act, is := strings.CutPrefix(line, "  "); is {
			known = append(known, strings.Fields(act)[0])
		}
	}
	if len(args) > 0 {
		return typo(fmt.Errorf("no act %q%s; `%s --help` lists them", brief(args[0]), meant(args[0], known), name))
	}
	return typo(fmt.Errorf("say what to do: %s %s; `%s --help` tells more", name, strings.Join(known, "|"), name))
}

// userAdd adds a person who signs in, or has one who is there sign in.
func userAdd(ctx context.Context, a *app.App, in whom, out io.Writer) error {
	actor, err := company(ctx, a, in.Company)
	if err != nil {
		return err
	}
	var there []org.Member
	for _, m := range actor.Structure.Members {
		if m.Name == in.Name && !actor.Structure.Gone(m.ID, actor.Today) {
			there = append(there, m)
		}
	}
	secret := identity.NewSecret()
	switch {
	case len(there) > 1:
		return fmt.Errorf("%d people are called %s: give the sign-in under Settings › People", len(there), in.Name)
	case len(there) == 1 && there[0].Login != "" && there[0].Login != org.LoginName(in.Login):
		return fmt.Errorf("%s signs in as %s already; `yunchou user reset-password` gives another password", in.Name, there[0].Login)
	case len(there) == 1:
		err = a.Org.GiveLogin(ctx, actor, there[0].ID, in.Login, secret)
	default:
		_, err = a.Org.AddMember(ctx, actor, org.NewMember{Name: in.Name, Login: in.Login, Secret: secret, Role: org.RoleKey(in.Role)})
	}
	if err != nil {
		return err
	}
	return tellSignIn(out, actor.Company.Name, in.Login, secret)
}

// tellSignIn prints what somebody signs in with.
func tellSignIn(out io.Writer, company, login, secret string) error {
	_, err := fmt.Fprintf(out, "%s: sign in as %s with the password %s (asked to change it).\n", company, org.LoginName(login), secret)
	return err
}

func userResetPassword(ctx context.Context, a *app.App, in whom, out io.Writer) error {
	actor, m, err := person(ctx, a, in)
	if err != nil {
		return err
	}
	secret := identity.NewSecret()
	if err := a.Identity.ResetPassword(ctx, actor, m.ID, secret); err != nil {
		return err
	}
	return tellSignIn(out, actor.Company.Name, m.Login, secret)
}

func userEndSessions(ctx context.Context, a *app.App, in whom, out io.Writer) error {
	actor, m, err := person(ctx, a, in)
	if err != nil {
		return err
	}
	open, err := a.Identity.SessionsOf(ctx, actor, m.ID)
	if err == nil {
		err = a.Identity.EndSessions(ctx, actor, m.ID, "")
	}
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(out, "%s: %s is signed out everywhere (%d sessions).\n", actor.Company.Name, m.Login, len(open))
	return err
}

func userRemoveFactors(ctx context.Context, a *app.App, in whom, out io.Writer) error {
	actor, m, err := person(ctx, a, in)
	if err == nil {
		err = a.Identity.RemoveFactors(ctx, actor, m.ID)
	}
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(out, "%s: %s signs in by the password alone, and chooses another at once. Every session has ended.\n",
		actor.Company.Name, m.Login)
	return err
}

func userDisable(ctx context.Context, a *app.App, in whom, out io.Writer) error {
	actor, m, err := person(ctx, a, in)
	if err == nil {
		err = a.Org.TakeLogin(ctx, actor, m.ID)
	}
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(out, "%s: nobody signs in as %s any more. %s's records stay; `yunchou user add --name %q --login …` gives the sign-in back.\n",
		actor.Company.Name, m.Login, m.Name, m.Name)
	return err
}

func userMakeAdministrator(ctx context.Context, a *app.App, in whom, out io.Writer) error {
	actor, m, err := person(ctx, a, in)
	if err == nil {
		err = a.Org.SetRole(ctx, actor, m.ID, org.Admin, nil, nil)
	}
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(out, "%s: %s (%s) is an administrator.\n", actor.Company.Name, m.Login, m.Name)
	return err
}

// person finds who has a sign-in name: in the company that was named, or the only one that has
// the name.
func person(ctx context.Context, a *app.App, in whom) (actor org.Actor, m org.Member, err error) {
	all, err := a.Org.Companies(ctx)
	if err != nil {
		return actor, m, err
	}
	if in.Company != "" {
		if actor, err = company(ctx, a, in.Company); err != nil {
			return actor, m, err
		}
		all = []org.Company{actor.Company}
	}
	var of []string
	for _, c := range all {
		at, err := a.Org.System(ctx, c.ID, "", "console")
		if err != nil {
			return actor, m, err
		}
		for _, x := range at.Structure.Members {
			if x.Login != "" && x.Login == org.LoginName(in.Login) {
				actor, m, of = at, x, append(of, c.Name)
			}
		}
	}
	switch {
	case len(of) == 0 && in.Company != "":
		return actor, m, fmt.Errorf("nobody of %s signs in as %q; `yunchou user list` tells the names", all[0].Name, brief(in.Login))
	case len(of) == 0:
		return actor, m, fmt.Errorf("nobody signs in as %q; `yunchou user list` tells the names", brief(in.Login))
	case len(of) > 1:
		return actor, m, fmt.Errorf("%q signs in to several companies; say which with --company: %s", in.Login, strings.Join(of, ", "))
	}
	return actor, m, nil
}

// listed is a line of the list of people.
type listed struct {
	Company string     `json:"company"`
	Login   string     `json:"login"`
	Name    string     `json:"name"`
	Roles   []string   `json:"roles"`
	Open    int        `json:"openSessions"`
	Seen    *time.Time `json:"lastSeen"`
}

// userList prints who signs in, of one company or of all.
func userList(ctx context.Context, t *target, only string, asJSON bool, out io.Writer) error {
	a, err := t.beside(ctx)
	if err != nil {
		return err
	}
	defer a.DB.Close()
	all, err := a.Org.Companies(ctx)
	if err == nil && only != "" {
		var actor org.Actor
		actor, err = company(ctx, a, only)
		all = []org.Company{actor.Company}
	}
	if err != nil {
		return err
	}
	list := []listed{}
	for _, c := range all {
		of, err := people(ctx, a, c)
		if err != nil {
			return err
		}
		list = append(list, of...)
	}
	if asJSON {
		return printJSON(out, list)
	}
	w := tabwriter.NewWriter(out, 0, 4, 2, ' ', 0)
	fmt.Fprintln(w, "SIGN-IN\tROLES\tSESSIONS\tLAST SEEN\tNAME, COMPANY") // last what may be wide
	for _, p := range list {
		fmt.Fprintf(w, "%s\t%s\t%d\t%s\t%s, %s\n", p.Login, strings.Join(p.Roles, ","), p.Open, ago(p.Seen), p.Name, p.Company)
	}
	return w.Flush()
}

func people(ctx context.Context, a *app.App, c org.Company) (list []listed, err error) {
	if c.Closing {
		return nil, nil
	}
	actor, err := a.Org.System(ctx, c.ID, "", "console")
	if err != nil {
		return nil, err
	}
	for _, m := range actor.Structure.Members {
		if m.Login == "" {
			continue
		}
		open, err := a.Identity.SessionsOf(ctx, actor, m.ID)
		if err != nil {
			return nil, err
		}
		p := listed{Company: c.Name, Login: m.Login, Name: m.Name, Open: len(open), Roles: rolesToday(actor, m.ID)}
		for _, s := range open {
			if p.Seen == nil || s.SeenAt.After(*p.Seen) {
				p.Seen = &s.SeenAt
			}
		}
		list = append(list, p)
	}
	slices.SortFunc(list, func(x, y listed) int { return strings.Compare(x.Login, y.Login) })
	return list, nil
}

func rolesToday(actor org.Actor, member string) (roles []string) {
	for _, g := range actor.Structure.RolesOf(member) {
		if g.On(actor.Today) {
			roles = append(roles, string(g.Role))
		}
	}
	return roles
}

func printJSON(out io.Writer, v any) error {
	enc := json.NewEncoder(out)
	enc.SetIndent("", "  ")
	return enc.Encode(v)
}

// ago is an instant in a table; a dash where it is not known.
func ago(t *time.Time) string {
	if t == nil || t.IsZero() {
		return "-"
	}
	return t.UTC().Format("2006-01-02 15:04Z")
}
