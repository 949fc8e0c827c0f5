package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"path/filepath"
	"text/tabwriter"

	"yunchou/internal/app"
	"yunchou/internal/identity"
	"yunchou/internal/org"
)

const companyUsage = `yunchou company ACT --data DIR | --database-url URL, beside a running server or without one:

  add     --name NAME --login NAME [--admin PERSON]   make a company and its administrator, whose password is printed
  list    [--json] [--bytes]                          companies: members, records, when anybody was last there; bytes take long
  export  --company NAME --to FILE                    all a company has, in one file (docs/company.md)
  delete  --company NAME --export FILE                close it, take it out, delete it; or --without-export
  reopen  --company NAME                              open one again that was closed and not deleted

-h after an act lists its flags.`

func runCompany(ctx context.Context, args []string, out io.Writer) error {
	if len(args) == 0 {
		return asking(companyUsage, args, out)
	}
	switch args[0] {
	case "add":
		return runCompanyAdd(ctx, args[1:], out)
	case "list":
		return runCompanyList(ctx, args[1:], out)
	case "export":
		return runCompanyExport(ctx, args[1:], out)
	case "delete":
		return runCompanyDelete(ctx, args[1:], out)
	case "reopen":
		return runCompanyReopen(ctx, args[1:], out)
	}
	return asking(companyUsage, args, out)
}

// founded is what a company is made of.
type founded struct{ Name, Login, Admin, Currency, Zone, Locale string }

func runCompanyAdd(ctx context.Context, args []string, out io.Writer) error {
	fs, t := flags("company add")
	var in founded
	fs.StringVar(&in.Name, "name", "", "the company's `NAME`; no two of an installation may read alike")
	fs.StringVar(&in.Login, "login", "", "sign-in `NAME` of its first administrator; another company may have the same one")
	fs.StringVar(&in.Admin, "admin", "", "what the administrator is called (`PERSON`); the sign-in name without it")
	fs.StringVar(&in.Currency, "currency", "", "`CODE` of its currency; CNY without it")
	fs.StringVar(&in.Zone, "zone", "", "its time zone (`NAME`); Asia/Shanghai without it")
	fs.StringVar(&in.Locale, "locale", "", "zh-CN or en-US; zh-CN without it")
	if err := flagsAlone(fs, args); err != nil {
		return err
	}
	if in.Name == "" || in.Login == "" {
		return errors.New("a company has a name, and somebody who signs in: --name NAME --login NAME")
	}
	return t.act(ctx, "company.add", in, true, out)
}

// companyAdd makes a company ready to use. Its administrator gets a password that is changed at
// the first sign-in.
func companyAdd(ctx context.Context, a *app.App, in founded, out io.Writer) error {
	secret := identity.NewSecret()
	name := in.Admin
	if name == "" {
		name = in.Login
	}
	actor, err := a.NewCompany(ctx, org.Setup{Company: in.Name, Currency: in.Currency, Zone: in.Zone, Locale: in.Locale,
		AdminName: name, Login: in.Login, Secret: secret, MustChange: true, Path: "console"})
	if err != nil {
		return err
	}
	// There is a company now: nobody sets the first one up by a token any more.
	if err := a.Identity.SetUp(ctx); err != nil {
		return err
	}
	if a.Dir != "" {
		if err := os.Remove(filepath.Join(a.Dir, "setup-token")); err != nil && !errors.Is(err, os.ErrNotExist) {
			return err
		}
	}
	fmt.Fprintf(out, "Made %s (%s).\n", actor.Company.Name, actor.TenantID)
	if err := tellSignIn(out, actor.Company.Name, in.Login, secret); err != nil {
		return err
	}
	all, err := a.Org.Companies(ctx)
	if err != nil || len(all) < 2 {
		return err
	}
	_, err = fmt.Fprintf(out, "Its people sign in at the server's address with #company=%s behind it, or name the company as they sign in.\n",
		url.QueryEscape(actor.Company.Name))
	return err
}

func runCompanyList(ctx context.Context, args []string, out io.Writer) error {
	fs, t := flags("company list")
	asJSON := fs.Bool("json", false, "print JSON")
	sizes := fs.Bool("bytes", false, "tell how many bytes each has; this reads all of the database")
	if err := flagsAlone(fs, args); err != nil {
		return err
	}
	a, err := t.beside(ctx)
	if err != nil {
		return err
	}
	defer a.DB.Close()
	list, err := a.Companies.List(ctx, *sizes)
	if err != nil {
		return err
	}
	if *asJSON {
		return printJSON(out, list)
	}
	w := tabwriter.NewWriter(out, 0, 4, 2, ' ', 0)
	fmt.Fprintln(w, "ID\tSTATE\tMEMBERS\tRECORDS\tBYTES\tLAST ACTIVITY\tNAME") // last what may be wide
	for _, c := range list {
		bytes := "—"
		if c.Bytes != nil {
			bytes = fmt.Sprint(*c.Bytes)
		}
		fmt.Fprintf(w, "%s\t%s\t%d\t%d\t%s\t%s\t%s\n", c.ID, c.State, c.Members, c.Records, bytes, ago(c.Active), c.Name)
	}
	return w.Flush()
}
