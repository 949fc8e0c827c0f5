package httpapi

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"runtime"
	"strings"
	"testing"

	"yunchou/internal/fault"
	"yunchou/internal/org"
	"yunchou/internal/sheet"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"
)

// making is an API that makes tables and nothing else.
func making(t *testing.T) *API {
	t.Helper()
	return &API{Budget: NewBudget(holds), Dir: t.TempDir()}
}

// fetched is what is sent.
func fetched(sent *Sent) *httptest.ResponseRecorder {
	rec := httptest.NewRecorder()
	sent.Body(humago.NewContext(&huma.Operation{}, httptest.NewRequest(http.MethodGet, "/", nil), rec))
	return rec
}

func TestATableIsHeadedInTheReadersLanguage(t *testing.T) {
	labels := []Label{{"商机名称", "Opportunity"}, {"金额", "Amount"}}
	for locale, want := range map[string]string{"zh-CN": "商机名称,金额", "en-US": "Opportunity,Amount"} {
		a, q := making(t), ExportQuery{Format: sheet.CSV, Locale: locale}
		sent, err := a.Table(t.Context(), q, "deals-2026-03-02", func(w sheet.Writer) error { return w.Row(q.Head(labels)) })
		if err != nil {
			t.Fatal(err)
		}
		got := fetched(sent)
		if !strings.Contains(got.Body.String(), want) {
			t.Errorf("%s: %q", locale, got.Body)
		}
		if want := `attachment; filename="yunchou-deals-2026-03-02.csv"`; got.Header().Get("Content-Disposition") != want {
			t.Errorf("disposition %s, want %s", got.Header().Get("Content-Disposition"), want)
		}
	}
}

func TestATableThatFailsHalfWayIsAnErrorAndNoFile(t *testing.T) {
	gone := errors.New("connection lost")
	for _, format := range []string{sheet.CSV, sheet.XLSX} {
		a := making(t)
		sent, err := a.Table(t.Context(), ExportQuery{Format: format}, "deals", func(w sheet.Writer) error {
			if err := w.Row([]any{"first"}); err != nil {
				return err
			}
			return gone
		})
		if sent != nil || !errors.Is(err, gone) {
			t.Errorf("%s: %v, error %v", format, sent, err)
		}
		left, err := os.ReadDir(a.Dir)
		if held, _ := a.Budget.Held(); held != 0 || len(left) != 0 || err != nil {
			t.Errorf("%s: %d bytes and %d files stay, %v", format, held, len(left), err)
		}
	}
}

// TestALargeTableIsNeverHeld: of a table of 40 MB and more no part stays in memory, and what
// making it takes is paid from the budget.
func TestALargeTableIsNeverHeld(t *testing.T) {
	for _, format := range []string{sheet.CSV, sheet.XLSX} {
		a := making(t)
		text := strings.Repeat("二期改造", 10)
		var before, now runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&before)
		most := uint64(0)
		sent, err := a.Table(t.Context(), ExportQuery{Format: format}, "deals", func(w sheet.Writer) error {
			for n := range 60_000 {
				if err := w.Row([]any{text, text, text, text, text, int64(n)}); err != nil {
					return err
				}
				if n%10_000 == 0 {
					runtime.GC()
					runtime.ReadMemStats(&now)
					most = max(most, now.HeapAlloc)
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		if grown := int64(most) - int64(before.HeapAlloc); grown > tableHolds {
			t.Errorf("%s: %d MiB are held, paid for are %d", format, grown>>20, tableHolds>>20)
		}
		if held, peak := a.Budget.Held(); held != tableHolds || peak != tableHolds {
			t.Errorf("%s: %d held until it is sent, %d at most", format, held, peak)
		}
		rec := httptest.NewRecorder()
		rec.Body = nil
		sent.Body(humago.NewContext(&huma.Operation{}, httptest.NewRequest(http.MethodGet, "/", nil), rec))
		if rec.Header().Get("Content-Length") == "" {
			t.Errorf("%s: nothing was sent", format)
		}
		if held, _ := a.Budget.Held(); held != 0 {
			t.Errorf("%s: %d held after", format, held)
		}
	}
}

func TestTablesBeyondTheBudgetAreAskedForAgain(t *testing.T) {
	a := making(t)
	var fill func(n int) func(sheet.Writer) error
	deep := 0
	fill = func(n int) func(sheet.Writer) error {
		return func(w sheet.Writer) error {
			deep = max(deep, n)
			_, err := a.Table(t.Context(), ExportQuery{Format: sheet.CSV}, "deals", fill(n+1))
			return err
		}
	}
	if err := fill(0)(nil); fault.CodeOf(err) != "request.busy" || deep != holds/tableHolds {
		t.Errorf("%d at once, then %v", deep, err)
	}
}

// TestOneMemberLeavesTheOthersRoom: tables somebody asks for and does not fetch are a share of the
// budget, and of the disk, whatever he asks for; who comes after him has his own. A table that
// fails, and one whose making panics, give theirs back.
func TestOneMemberLeavesTheOthersRoom(t *testing.T) {
	a := making(t)
	as := func(member string) context.Context {
		return context.WithValue(t.Context(), actorKey{}, org.Actor{TenantID: "company", MemberID: member})
	}
	ask := func(member string, fill func(sheet.Writer) error) (sent *Sent, err error) {
		defer func() {
			if recover() != nil {
				err = errors.New("a panic")
			}
		}()
		return a.Table(as(member), ExportQuery{Format: sheet.CSV}, "deals", fill)
	}
	row := func(w sheet.Writer) error { return w.Row([]any{"x"}) }
	for range 100 {
		if _, err := ask("one", func(sheet.Writer) error { panic("x") }); err == nil {
			t.Fatal("no panic")
		}
		if _, err := ask("one", func(sheet.Writer) error { return errors.New("no") }); err == nil {
			t.Fatal("no error")
		}
	}
	var mine []*Sent
	for {
		sent, err := ask("one", row)
		if f := fault.As(err); f != nil && (f.Code != "request.too_many_at_once" || f.RetryAfter == 0) {
			t.Fatalf("beyond his share: %+v", f)
		}
		if err != nil {
			break
		}
		mine = append(mine, sent)
	}
	if len(mine) != holds/shares/tableHolds {
		t.Errorf("one member has %d tables at once", len(mine))
	}
	if _, err := a.Budget.TakeFor(sharer(as("one")), perStream); fault.CodeOf(err) != "request.too_many_at_once" {
		t.Errorf("and a file beside them: %v", err)
	}
	theirs, err := ask("another", row)
	if err != nil {
		t.Fatalf("another member: %v", err)
	}
	for _, sent := range append(mine, theirs) {
		fetched(sent)
	}
	if held, _ := a.Budget.Held(); held != 0 || len(a.Budget.by) != 0 {
		t.Errorf("%d held after, %d members remembered", held, len(a.Budget.by))
	}
	if _, err := ask("one", row); err != nil {
		t.Errorf("with room again: %v", err)
	}
}

// TestWhoIsGoneIsMadeNoTable: the work ends with the row at which whoever asked was gone.
func TestWhoIsGoneIsMadeNoTable(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	rows := 0
	_, err := making(t).Table(ctx, ExportQuery{Format: sheet.XLSX}, "deals", func(w sheet.Writer) error {
		for ; rows < 100; rows++ {
			if rows == 7 {
				cancel()
			}
			if err := w.Row([]any{"x"}); err != nil {
				return err
			}
		}
		return nil
	})
	if !errors.Is(err, context.Canceled) || rows != 7 {
		t.Errorf("%d rows, %v", rows, err)
	}
}

func TestATableHasAnEnd(t *testing.T) {
	w, err := sheet.New(io.Discard, sheet.CSV)
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for ; err == nil; n++ {
		err = w.Row([]any{"x"})
	}
	if n != sheet.MostRows+2 || fault.CodeOf(err) != "export.too_many_rows" { // with the headings, and the one refused
		t.Errorf("%d rows, then %v", n, err)
	}
	if _, err := (&bounded{io.Discard, 10}).Write(make([]byte, 11)); fault.CodeOf(err) != "export.too_large" {
		t.Error(err)
	}
}

func TestAFileIsSavedUnderItsName(t *testing.T) {
	for name, want := range map[string]string{
		"标书.pdf":           `attachment; filename="__.pdf"; filename*=UTF-8''%E6%A0%87%E4%B9%A6.pdf`,
		"a.txt":            `attachment; filename="a.txt"`,
		`a"b\c%41.txt`:     `attachment; filename="a_b_c_41.txt"; filename*=UTF-8''a%22b%5Cc%2541.txt`,
		"a\r\nX-Y: 1.txt":  `attachment; filename="a__X-Y: 1.txt"; filename*=UTF-8''a__X-Y%3A%201.txt`,
		"a'b(c);d=e*f.txt": `attachment; filename="a'b(c);d=e*f.txt"; filename*=UTF-8''a%27b%28c%29%3Bd%3De%2Af.txt`,
		"\xff.txt":         `attachment; filename="_.txt"`,
	} {
		if got := Attachment(name); got != want {
			t.Errorf("%q\n got %s\nwant %s", name, got, want)
		}
	}
}
