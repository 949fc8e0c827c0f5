package safekeeps3

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"

	"yunchou/internal/safekeep"
)

// Faults of a store, with what to do.
var (
	ErrAway     = errors.New("backup.store_away: the store does not answer")
	ErrRefused  = errors.New("backup.store_refused: the store refuses the key: see AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_REGION and what the key may do (list, read, write, remove)")
	ErrNoBucket = errors.New("backup.bucket_missing: the bucket is not there: make it, or name another")
	ErrNoKey    = errors.New("backup.key_missing: no key for the store: AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or a file of credentials (--backup-s3-credentials)")
)

// Store implements safekeep.Store.
type Store struct {
	client *minio.Client
	place  Place
}

var _ safekeep.Store = (*Store)(nil)

// Open is a store at a place, with the keys of the environment or of a file of AWS's form
// ("[default]", aws_access_key_id, aws_secret_access_key). It does not ask the store yet. Error:
// ErrNoKey.
func Open(p Place, credentialsFile string) (*Store, error) {
	keys := credentials.NewEnvAWS()
	if credentialsFile != "" {
		keys = credentials.NewFileAWSCredentials(credentialsFile, "")
	}
	if v, err := keys.GetWithContext(nil); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrNoKey, err)
	} else if v.AccessKeyID == "" || v.SecretAccessKey == "" {
		return nil, ErrNoKey
	}
	region := os.Getenv("AWS_REGION")
	if region == "" {
		region = os.Getenv("AWS_DEFAULT_REGION")
	}
	// Few tries here: who calls waits and tries again, longer each time.
	client, err := minio.New(p.Host, &minio.Options{Creds: keys, Secure: p.Secure, Region: region, MaxRetries: 3})
	if err != nil {
		return nil, fmt.Errorf("%s: %w", p, err)
	}
	return &Store{client, p}, nil
}

// partSize is how much is sent at once; the largest backup of 10,000 parts has 160 GB.
const partSize = 16 << 20

// Put implements safekeep.Store. A large file goes in parts, one after the other, read from
// the file as they are sent; parts a killed program left are taken away first. The store shows
// the name once all are there.
func (s *Store) Put(ctx context.Context, name string, from *os.File) error {
	about, err := from.Stat()
	if err != nil {
		return err
	}
	key := s.place.Prefix + name
	if about.Size() > partSize {
		// Not every store can list them; what is wrong with the store itself the upload says.
		_ = s.client.RemoveIncompleteUpload(ctx, s.place.Bucket, key)
	}
	_, err = s.client.PutObject(ctx, s.place.Bucket, key, io.NewSectionReader(from, 0, about.Size()), about.Size(),
		minio.PutObjectOptions{ContentType: "application/octet-stream", PartSize: partSize, NumThreads: 1})
	return s.told(err)
}

// Read implements safekeep.Store.
func (s *Store) Read(ctx context.Context, name string) (io.ReadCloser, error) {
	o, err := s.client.GetObject(ctx, s.place.Bucket, s.place.Prefix+name, minio.GetObjectOptions{})
	if err != nil {
		return nil, s.told(err)
	}
	if _, err := o.Stat(); err != nil { // it asks now, not with the first byte
		return nil, errors.Join(s.told(err), o.Close())
	}
	return reader{o, s}, nil
}

// reader words what goes wrong in the middle of an object.
type reader struct {
	*minio.Object
	s *Store
}

func (r reader) Read(p []byte) (int, error) {
	n, err := r.Object.Read(p)
	if err != nil && !errors.Is(err, io.EOF) {
		err = r.s.told(err)
	}
	return n, err
}

// WriteTo would go round Read.
func (r reader) WriteTo(w io.Writer) (int64, error) { return io.Copy(w, struct{ io.Reader }{r}) }

// List implements safekeep.Store: what lies in the prefix itself, not deeper.
func (s *Store) List(ctx context.Context) (out []safekeep.Stored, err error) {
	for o := range s.client.ListObjectsIter(ctx, s.place.Bucket, minio.ListObjectsOptions{Prefix: s.place.Prefix}) {
		if o.Err != nil {
			return nil, s.told(o.Err)
		}
		if name := strings.TrimPrefix(o.Key, s.place.Prefix); name != "" && !strings.HasSuffix(name, "/") {
			out = append(out, safekeep.Stored{Name: name, Bytes: o.Size})
		}
	}
	return out, nil
}

// Remove implements safekeep.Store.
func (s *Store) Remove(ctx context.Context, name string) error {
	return s.told(s.client.RemoveObject(ctx, s.place.Bucket, s.place.Prefix+name, minio.RemoveObjectOptions{}))
}

// told is a store's error in our words.
func (s *Store) told(err error) error {
	if err == nil || errors.Is(err, context.Canceled) {
		return err
	}
	var said minio.ErrorResponse
	if !errors.As(err, &said) {
		return fmt.Errorf("%w: %s: %w", ErrAway, s.place, err)
	}
	switch said.Code {
	case minio.NoSuchKey:
		return os.ErrNotExist
	case minio.NoSuchBucket:
		return fmt.Errorf("%w: %s", ErrNoBucket, s.place)
	case minio.AccessDenied, minio.InvalidAccessKeyID, minio.SignatureDoesNotMatch, "ExpiredToken", "InvalidToken", "AuthorizationHeaderMalformed":
		return fmt.Errorf("%w: %s: %s", ErrRefused, s.place, said.Code)
	}
	return fmt.Errorf("%w: %s: %s (%d)", ErrAway, s.place, said.Code, said.StatusCode)
}
