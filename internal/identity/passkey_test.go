package identity_test

import (
	"testing"
	"time"

	"yunchou/internal/identity"
	"yunchou/internal/identity/passkeytest"
	"yunchou/internal/org"
)

// addPasskey gives 陈露 a passkey.
func (w people) addPasskey(in identity.Session, k *passkeytest.Key) []string {
	w.T.Helper()
	t := w.T.(*testing.T)
	options, err := w.Identity.StartPasskey(w.Ctx, w.actor(), in, here)
	must(t, err)
	codes, err := w.Identity.AddPasskey(w.Ctx, w.actor(), in, here, identity.NewPasskey{Name: "手机", Answer: k.Make(options)})
	must(t, err)
	return codes
}

// byPasskey signs in by it, without a name.
func (w people) byPasskey(k *passkeytest.Key, at identity.Site) (identity.Signed, error) {
	from := browser("192.0.2.1", "")
	options, err := w.Identity.StartPasskeySignIn(w.Ctx, at, from)
	if err != nil {
		return identity.Signed{}, err
	}
	return w.Identity.SignInByPasskey(w.Ctx, at, from, k.Sign(options))
}

func TestAPasskeyIsTheWholeSignIn(t *testing.T) {
	eachPeople(t, func(t *testing.T, w people) {
		k := passkeytest.New(t, here.Origin, "crm.example")
		if codes := w.addPasskey(w.signedIn(), k); len(codes) != 10 {
			t.Errorf("%d recovery codes", len(codes))
		}
		signed, err := w.byPasskey(k, here)
		must(t, err)
		session, actor, err := w.Identity.Authenticate(w.Ctx, signed.Token, "form")
		must(t, err)
		if actor.MemberID != w.ID["陈露"] || session.Due() != identity.DuePassword {
			t.Errorf("signed in as %s, due %q: who must choose another password does so all the same", actor.MemberID, session.Due())
		}
		f, err := w.Identity.Factors(w.Ctx, w.actor(), here)
		if must(t, err); len(f.Passkeys) != 1 || f.Passkeys[0].Name != "手机" || f.Passkeys[0].UsedAt.IsZero() {
			t.Errorf("%+v", f.Passkeys)
		}
		w.Again([]string{""})
	})
}

func TestAPasskeyFollowsOnThePassword(t *testing.T) {
	eachPeople(t, func(t *testing.T, w people) {
		k := passkeytest.New(t, here.Origin, "crm.example")
		w.addPasskey(w.signedIn(), k)
		ticket, from := w.ticket("192.0.2.1", ""), browser("192.0.2.1", "")
		options, err := w.Identity.StartSecondByPasskey(w.Ctx, ticket, here, from)
		must(t, err)
		answer := k.Sign(options)
		_, err = w.Identity.SecondByPasskey(w.Ctx, w.ticket("192.0.2.1", ""), here, from, answer)
		code(t, err, "identity.passkey_refused") // signed for another sign-in
		_, err = w.Identity.SecondByPasskey(w.Ctx, ticket, here, from, answer)
		must(t, err)
		_, err = w.shows(w.ticket("192.0.2.1", ""), "123456")
		code(t, err, "identity.code_wrong") // there is no app
	})
}

func TestAChallengeIsSignedOnceInTimeAndOnItsPage(t *testing.T) {
	eachPeople(t, func(t *testing.T, w people) {
		k := passkeytest.New(t, here.Origin, "crm.example")
		w.addPasskey(w.signedIn(), k)
		from := browser("192.0.2.1", "")
		options, err := w.Identity.StartPasskeySignIn(w.Ctx, here, from)
		must(t, err)
		answer := k.Sign(options)
		other := from
		other.Start = "another page"
		_, err = w.Identity.SignInByPasskey(w.Ctx, here, other, answer)
		code(t, err, "identity.passkey_refused")
		_, err = w.Identity.SignInByPasskey(w.Ctx, here, from, answer)
		must(t, err)
		_, err = w.Identity.SignInByPasskey(w.Ctx, here, from, answer)
		code(t, err, "identity.passkey_refused")
		options, err = w.Identity.StartPasskeySignIn(w.Ctx, here, from)
		must(t, err)
		w.later(5 * time.Minute)
		_, err = w.Identity.SignInByPasskey(w.Ctx, here, from, k.Sign(options))
		code(t, err, "identity.passkey_refused")
	})
}

func TestAPasskeyThatIsNotRightIsRefused(t *testing.T) {
	eachPeople(t, func(t *testing.T, w people) {
		k := passkeytest.New(t, here.Origin, "crm.example")
		k.Count = 5
		w.addPasskey(w.signedIn(), k)
		_, err := w.byPasskey(k, here)
		must(t, err)
		for name, spoil := range map[string]func(*passkeytest.Key){
			"of another site":         func(k *passkeytest.Key) { k.Origin = "https://crm.example.evil" },
			"of another name":         func(k *passkeytest.Key) { k.RP = "evil.example" },
			"without having asked":    func(k *passkeytest.Key) { k.Unverified = true },
			"a copy that is behind":   func(k *passkeytest.Key) { k.Count = 1 },
			"whom nobody knows":       func(k *passkeytest.Key) { k.Make(`{"challenge":"eA","user":{"id":"eA"}}`) },
			"whose answer is nothing": nil,
		} {
			copied := *k
			if spoil == nil {
				_, err := w.Identity.StartPasskeySignIn(w.Ctx, here, browser("192.0.2.1", ""))
				must(t, err)
				_, err = w.Identity.SignInByPasskey(w.Ctx, here, browser("192.0.2.1", ""), "{}")
				code(t, err, "identity.passkey_refused")
				continue
			}
			spoil(&copied)
			if _, err := w.byPasskey(&copied, here); err == nil {
				t.Errorf("a passkey %s signed in", name)
			} else {
				code(t, err, "identity.passkey_refused")
			}
		}
		moved := identity.Site{Origin: "https://other.example"}
		elsewhere := *k
		elsewhere.Origin, elsewhere.RP = moved.Origin, "other.example"
		_, err = w.byPasskey(&elsewhere, moved)
		code(t, err, "identity.passkey_refused") // made for another name of ours
		_, err = w.byPasskey(k, here)
		must(t, err)
	})
}

func TestWhoHasLeftSignsInWithNothing(t *testing.T) {
	eachPeople(t, func(t *testing.T, w people) {
		a, _, in := w.withApp()
		k := passkeytest.New(t, here.Origin, "crm.example")
		w.addPasskey(in, k)
		ticket := w.ticket("192.0.2.1", "")
		_, err := w.Org.Leave(w.Ctx, w.As("管理员"), w.ID["陈露"], w.actor().Today)
		must(t, err)
		_, err = w.byPasskey(k, here)
		code(t, err, "org.sign_in_failed")
		_, err = w.shows(ticket, a.code(0))
		if err == nil {
			t.Error("a ticket outlived its member")
		}
	})
}

func TestAPasskeyIsOnePersonsInOneCompany(t *testing.T) {
	eachPeople(t, func(t *testing.T, w people) {
		k := passkeytest.New(t, here.Origin, "crm.example")
		w.addPasskey(w.signedIn(), k)
		secret := identity.NewSecret()
		other, err := w.NewCompany(w.Ctx, org.Setup{Company: "另一家", AdminName: "某人", Login: "someone", Secret: secret})
		must(t, err)
		s, err := w.Identity.SignIn(w.Ctx, identity.Attempt{Login: "someone", Secret: secret, Start: page})
		must(t, err)
		must(t, w.Identity.Confirm(w.Ctx, other, s.Session, secret))
		in, _, err := w.Identity.Authenticate(w.Ctx, s.Token, "form")
		must(t, err)
		mine, err := w.Identity.Factors(w.Ctx, w.actor(), here)
		must(t, err)
		code(t, w.Identity.RemovePasskey(w.Ctx, other, in, mine.Passkeys[0].ID), "identity.passkey_unknown")
		_, err = w.Identity.FactorsOf(w.Ctx, other, w.ID["陈露"])
		code(t, err, "org.member_unknown")
		code(t, w.Identity.RemoveFactors(w.Ctx, other, w.ID["陈露"]), "org.member_unknown")
		signed, err := w.byPasskey(k, here)
		if must(t, err); signed.Session.TenantID == other.TenantID {
			t.Error("a passkey signed in to another company")
		}
	})
}

func TestPasskeysNeedHTTPSAndAName(t *testing.T) {
	eachPeople(t, func(t *testing.T, w people) {
		for origin, want := range map[string]string{
			"https://crm.example": "", "https://crm.example:8443": "", "http://localhost:8420": "", "http://crm.localhost": "",
			"http://crm.example": "identity.passkeys_need_https", "https://192.0.2.1": "identity.passkeys_need_name",
			"http://127.0.0.1:8420": "identity.passkeys_need_name", "https://[2001:db8::1]": "identity.passkeys_need_name", "": "identity.passkeys_need_name",
		} {
			f, err := w.Identity.Factors(w.Ctx, w.actor(), identity.Site{Origin: origin})
			must(t, err)
			code(t, f.PasskeysHere, want)
			_, err = w.Identity.StartPasskeySignIn(w.Ctx, identity.Site{Origin: origin}, browser("192.0.2.1", ""))
			code(t, err, want)
		}
	})
}

func TestAFreshPasskeyProvesWhoItIs(t *testing.T) {
	eachPeople(t, func(t *testing.T, w people) {
		k := passkeytest.New(t, here.Origin, "crm.example")
		w.addPasskey(w.signedIn(), k)
		s, err := w.byPasskey(k, here)
		must(t, err)
		_, err = w.Identity.StartTOTP(w.Ctx, w.actor(), s.Session)
		code(t, err, "identity.confirm_first")
		options, err := w.Identity.StartConfirm(w.Ctx, w.actor(), s.Session, here)
		must(t, err)
		must(t, w.Identity.ConfirmByPasskey(w.Ctx, w.actor(), s.Session, here, k.Sign(options)))
		in, _, err := w.Identity.Authenticate(w.Ctx, s.Token, "form")
		must(t, err)
		_, err = w.Identity.StartTOTP(w.Ctx, w.actor(), in)
		must(t, err)
	})
}

func TestBeginningsAreBounded(t *testing.T) {
	eachPeople(t, func(t *testing.T, w people) {
		for range identity.FreeOfPasskeys {
			_, err := w.Identity.StartPasskeySignIn(w.Ctx, here, browser("192.0.2.1", ""))
			must(t, err)
		}
		_, err := w.Identity.StartPasskeySignIn(w.Ctx, here, browser("192.0.2.1", ""))
		code(t, err, "identity.wait")
		_, err = w.Identity.StartPasskeySignIn(w.Ctx, here, browser("192.0.2.2", ""))
		must(t, err)
	})
}
