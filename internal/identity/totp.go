package identity

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"image/png"
	"time"

	"yunchou/internal/database"
	"yunchou/internal/fault"
	"yunchou/internal/journal"
	"yunchou/internal/org"

	"github.com/pquerna/otp"
	"github.com/pquerna/otp/hotp"
	"github.com/pquerna/otp/totp"
)

// RFC 6238 as every authenticator app knows it: SHA-1, six digits, half a minute, one step of
// drift to either side.
const (
	stepSeconds = 30
	drift       = 1
	pendingFor  = 10 * time.Minute // a seed waits so long for its first code
	qrPixels    = 480              // shown at half of it
)

// NewTOTP is a seed to be put into an app: as text, as an address, and as a picture of it (a
// data: URL). It is shown once.
type NewTOTP struct{ Key, Address, QR string }

func (w Whose) seal() string { return "totp " + w.TenantID + " " + w.MemberID }

// StartTOTP makes a seed for the actor, which counts once its first code is said; what was in
// use is until then. Faults: identity.confirm_first, identity.no_key.
func (s *Service) StartTOTP(ctx context.Context, a org.Actor, in Session) (NewTOTP, error) {
	if err := in.confirmed(a.Now); err != nil {
		return NewTOTP{}, err
	}
	login := a.Structure.Members[a.MemberID].Login
	key, err := totp.Generate(totp.GenerateOpts{Issuer: "Yunchou " + a.Company.Name, AccountName: login, Period: stepSeconds})
	if err != nil {
		return NewTOTP{}, err
	}
	image, err := key.Image(qrPixels, qrPixels)
	if err != nil {
		return NewTOTP{}, err
	}
	var picture bytes.Buffer
	if err := png.Encode(&picture, image); err != nil {
		return NewTOTP{}, err
	}
	sealed, err := s.Key.Seal(key.Secret(), whose(a).seal())
	if err != nil {
		return NewTOTP{}, err
	}
	err = s.DB.Write(ctx, func(tx database.Tx) error {
		if err := s.stillOpen(ctx, tx, in); err != nil {
			return err
		}
		return s.Rows.SaveTOTP(ctx, tx, TOTP{Whose: whose(a), Sealed: sealed, MadeAt: a.Now})
	})
	return NewTOTP{key.Secret(), key.URL(), "data:image/png;base64," + base64.StdEncoding.EncodeToString(picture.Bytes())}, err
}

var (
	errCodeWrong   = fault.Input("/code", "identity.code_wrong", "the code is another, or was used already")
	errTOTPPending = fault.New(fault.Rule, "identity.totp_not_begun", "set the app up anew: no key waits for its first code")
)

// ConfirmTOTP has the seed count whose first code this is. Whoever had no recovery codes gets
// them, to be shown once. Faults: identity.confirm_first, identity.totp_not_begun,
// identity.code_wrong, identity.wait.
func (s *Service) ConfirmTOTP(ctx context.Context, a org.Actor, in Session, code string) (recovery []string, err error) {
	if err := in.confirmed(a.Now); err != nil {
		return nil, err
	}
	costs := []cost{{key: budgetKey("code", a.TenantID+" "+a.MemberID), of: ofCode}}
	if err := s.pay(ctx, costs, false); err != nil {
		return nil, err
	}
	codes, err := s.firstRecovery(ctx, whose(a))
	if err != nil {
		return nil, err
	}
	return database.Write(ctx, s.DB, func(tx database.Tx) ([]string, error) {
		if err := s.stillOpen(ctx, tx, in); err != nil {
			return nil, err
		}
		waiting, err := s.Rows.TOTP(ctx, tx, whose(a), false)
		if fault.Is(err, fault.NotFound) || err == nil && a.Now.Sub(waiting.MadeAt) > pendingFor {
			return nil, errTOTPPending
		}
		if err != nil {
			return nil, err
		}
		step, err := s.stepOf(waiting, code, a.Now)
		if err != nil {
			return nil, err
		}
		replaced, err := s.Rows.DeleteTOTP(ctx, tx, whose(a), true)
		if err != nil {
			return nil, err
		}
		if _, err := s.Rows.DeleteTOTP(ctx, tx, whose(a), false); err != nil {
			return nil, err
		}
		waiting.Confirmed, waiting.LastStep, waiting.MadeAt = true, step, a.Now
		if err := s.Rows.SaveTOTP(ctx, tx, waiting); err != nil {
			return nil, err
		}
		journal.Append(tx, a.By(), factorAdded(a.MemberID, a.Today, FactorNamed{Factor: "totp", Replaced: replaced > 0}))
		if err := s.giveBack(ctx, tx, costs); err != nil {
			return nil, err
		}
		return s.added(ctx, tx, a, in, codes)
	})
}

// added is what follows on a new factor: recovery codes where there are none, and the end of
// the other sessions.
func (s *Service) added(ctx context.Context, tx database.Tx, a org.Actor, in Session, codes recoverySet) ([]string, error) {
	if codes.plain != nil {
		if err := s.Rows.ReplaceRecovery(ctx, tx, whose(a), codes.hashes, a.Now); err != nil {
			return nil, err
		}
		journal.Append(tx, a.By(), recoveryMade(a.MemberID, a.Today, RecoveryMade{Count: len(codes.plain)}))
	}
	return codes.plain, s.changedFactors(ctx, tx, a, in.ID)
}

// stepOf is which step of a seed a code is of. Faults: identity.code_wrong, identity.no_key,
// identity.other_key.
func (s *Service) stepOf(t TOTP, code string, now time.Time) (int64, error) {
	seed, err := s.Key.Unseal(t.Sealed, t.Whose.seal())
	if err != nil {
		return 0, err
	}
	at := now.Unix() / stepSeconds
	for step := at - drift; step <= at+drift; step++ {
		right, err := hotp.ValidateCustom(code, uint64(step), seed, hotp.ValidateOpts{Digits: otp.DigitsSix, Algorithm: otp.AlgorithmSHA1})
		if errors.Is(err, otp.ErrValidateInputInvalidLength) {
			return 0, errCodeWrong
		}
		if err != nil {
			return 0, err
		}
		if right && step > t.LastStep {
			return step, nil
		}
	}
	return 0, errCodeWrong
}

// useCode takes a code of the member's app. Of two who say the same one at once one is right.
func (s *Service) useCode(ctx context.Context, tx database.Tx, of Whose, code string, now time.Time) error {
	t, err := s.Rows.TOTP(ctx, tx, of, true)
	if fault.Is(err, fault.NotFound) {
		return errCodeWrong
	}
	if err != nil {
		return err
	}
	step, err := s.stepOf(t, code, now)
	if err != nil {
		return err
	}
	taken, err := s.Rows.TakeStep(ctx, tx, of, step, now)
	if err == nil && !taken {
		err = errCodeWrong
	}
	return err
}
