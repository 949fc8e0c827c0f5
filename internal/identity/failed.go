package identity

import "errors"

// attempted is a fault of somebody who is not signed in yet, with whose sign-in he tried.
type attempted struct {
	error
	whose Whose
}

func (a attempted) Unwrap() error { return a.error }

// of says with a fault whose sign-in was tried; of a name nobody has it is nobody's.
func (w Whose) of(err error) error {
	if err == nil || w == (Whose{}) {
		return err
	}
	return attempted{err, w}
}

// Attempted is whose sign-in a fault is about, zero where that is not known.
func Attempted(err error) Whose {
	var a attempted
	errors.As(err, &a)
	return a.whose
}
