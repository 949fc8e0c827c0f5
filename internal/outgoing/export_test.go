package outgoing

import "maps"

// Words are the texts of a language: of mails by name, and of notices by kind.
func Words(language string) (mail, told, label map[string]string) {
	w := languages[language]
	return w.Mail, w.Told, w.Label
}

// Hurry takes the bounds of a minute away, until what it returns is called.
func Hurry() (back func()) {
	rate, were := mailRate, maps.Clone(makers)
	mailRate = 1_000_000
	for kind, m := range makers {
		m.rate = 1_000_000
		makers[kind] = m
	}
	return func() { mailRate, makers = rate, were }
}
