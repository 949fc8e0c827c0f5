package main

import (
	"math/rand/v2"
	"os/exec"
	"strings"
	"testing"
	"time"

	"yunchou/internal/database"
	"yunchou/internal/org"
	"yunchou/internal/pipeline"
)

// TestACompanyCutShortIsFinishedAtTheNextStart: making a company is killed at any moment; after the
// next start whatever is there is ready to use. 5 kills each (50 in make soak), and one exactly
// between its steps.
func TestACompanyCutShortIsFinishedAtTheNextStart(t *testing.T) {
	eachDatabase(t, func(t *testing.T, bin string, args []string, open func() (*database.DB, error)) {
		operator{t, args}.must("company", "add", "--name", "第一家", "--login", "admin") // makes the schema
		add := func(name string) *exec.Cmd {
			return exec.Command(bin, append([]string{"company", "add", "--name", name, "--login", "admin"}, args...)...)
		}
		began := time.Now()
		if err := add("第二家").Run(); err != nil {
			t.Fatal(err)
		}
		takes := time.Since(began)
		from, to := rounds(t, 5, 50)
		for round := from; round < to; round++ {
			cmd := add("企业" + strings.Repeat("甲", round+1))
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			late := time.AfterFunc(takes/2+rand.N(takes/2), func() { _ = cmd.Process.Kill() })
			_ = cmd.Wait() // killed, or done
			late.Stop()
		}
		fs, at := flags("serve")
		if err := fs.Parse(args); err != nil {
			t.Fatal(err)
		}
		a, err := at.open(t.Context(), false)
		if err != nil {
			t.Fatal(err)
		}
		defer a.DB.Close()
		half, _, err := a.Org.CreateCompany(t.Context(), org.Setup{Company: "只有一半", AdminName: "管理员"})
		if err != nil {
			t.Fatal(err)
		}
		list := func(id string) []pipeline.Summary {
			actor := must(a.Org.System(t.Context(), id, "", "job"))
			return must(a.Pipelines.List(t.Context(), actor))
		}
		if there := list(half.ID); len(there) != 0 {
			t.Fatalf("not cut short: %v", there)
		}
		for range 2 { // a second start changes nothing
			if err := prepare(t.Context(), a); err != nil {
				t.Fatal(err)
			}
			all := must(a.Org.Companies(t.Context()))
			for _, c := range all {
				years := rowsWith(t, a.DB, c.ID)["holiday_year"]
				if there := list(c.ID); len(there) != 2 || years == 0 {
					t.Errorf("%s has %d pipelines and %d years of holidays", c.Name, len(there), years)
				}
			}
			t.Log(len(all), "companies")
		}
	})
}
