// Package passkeytest is a passkey in software, for tests: it makes credentials and signs with
// them as a browser's authenticator does.
package passkeytest

import (
	"crypto/ed25519"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"testing"
)

// Key is an authenticator that holds one passkey, used at one origin. What it does wrong a test
// says: Unverified signs without having asked who is there, Count is its counter.
type Key struct {
	T          testing.TB
	Origin     string // of the page, as the browser tells
	RP         string // the name it is made for
	Count      uint32
	Unverified bool

	id, user []byte
	private  ed25519.PrivateKey
}

// New makes an authenticator without a passkey yet.
func New(t testing.TB, origin, rp string) *Key { return &Key{T: t, Origin: origin, RP: rp} }

func (k *Key) must(err error) {
	k.T.Helper()
	if err != nil {
		k.T.Fatal(err)
	}
}

var b64 = base64.RawURLEncoding

// Make answers the options of a new passkey.
func (k *Key) Make(options string) string {
	k.T.Helper()
	var o struct {
		Challenge string
		User      struct{ ID string }
	}
	k.must(json.Unmarshal([]byte(options), &o))
	var err error
	k.user, err = b64.DecodeString(o.User.ID)
	k.must(err)
	var public ed25519.PublicKey
	public, k.private, err = ed25519.GenerateKey(rand.Reader)
	k.must(err)
	k.id = make([]byte, 32)
	_, err = rand.Read(k.id)
	k.must(err)
	cose := append([]byte{0xa4, 0x01, 0x01, 0x03, 0x27, 0x20, 0x06, 0x21, 0x58, 32}, public...) // RFC 9053: OKP, EdDSA
	attested := append(make([]byte, 16), binary.BigEndian.AppendUint16(nil, uint16(len(k.id)))...)
	data := k.data(0x40, append(append(attested, k.id...), cose...))
	object := append([]byte("\xa3\x63fmt\x64none\x67attStmt\xa0\x68authData\x59"), binary.BigEndian.AppendUint16(nil, uint16(len(data)))...)
	return k.answer(map[string]any{"clientDataJSON": b64.EncodeToString(k.client("webauthn.create", o.Challenge)),
		"attestationObject": b64.EncodeToString(append(object, data...)), "transports": []string{"internal"}})
}

// Sign answers the options of a sign-in.
func (k *Key) Sign(options string) string {
	k.T.Helper()
	var o struct{ Challenge string }
	k.must(json.Unmarshal([]byte(options), &o))
	if k.Count > 0 {
		k.Count++
	}
	client, data := k.client("webauthn.get", o.Challenge), k.data(0, nil)
	sum := sha256.Sum256(client)
	signature := ed25519.Sign(k.private, append(append([]byte{}, data...), sum[:]...))
	return k.answer(map[string]any{"clientDataJSON": b64.EncodeToString(client), "authenticatorData": b64.EncodeToString(data),
		"signature": b64.EncodeToString(signature), "userHandle": b64.EncodeToString(k.user)})
}

// data is the authenticator's: for whom, what it did, how often.
func (k *Key) data(flags byte, more []byte) []byte {
	flags |= 0x01 // somebody was there
	if !k.Unverified {
		flags |= 0x04 // and it was he
	}
	rp := sha256.Sum256([]byte(k.RP))
	return append(binary.BigEndian.AppendUint32(append(rp[:], flags), k.Count), more...)
}

func (k *Key) client(what, challenge string) []byte {
	raw, err := json.Marshal(map[string]any{"type": what, "challenge": challenge, "origin": k.Origin, "crossOrigin": false})
	k.must(err)
	return raw
}

func (k *Key) answer(response map[string]any) string {
	id := b64.EncodeToString(k.id)
	raw, err := json.Marshal(map[string]any{"id": id, "rawId": id, "type": "public-key", "authenticatorAttachment": "platform",
		"clientExtensionResults": map[string]any{}, "response": response})
	k.must(err)
	return string(raw)
}
