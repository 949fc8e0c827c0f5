package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"yunchou/internal/app"
	"yunchou/internal/audit"
	"yunchou/internal/database"
	"yunchou/internal/file"
	"yunchou/internal/safekeep"
	"yunchou/internal/safekeep/safekeepdb"
	"yunchou/internal/safekeep/safekeeps3"
)

// runBackup copies a SQLite database beside whoever has it, and tells the audit trail of it.
func runBackup(ctx context.Context, args []string, out io.Writer) error {
	fs, t := flags("backup")
	to := fs.String("to", "", "new `FILE`")
	if err := flagsAlone(fs, args); err != nil {
		return err
	}
	if *to == "" {
		return errors.New("say where: --to FILE")
	}
	if err := writable("--to", *to); err != nil {
		return err
	}
	db, err := t.connect(ctx)
	if err != nil {
		return err
	}
	defer db.Close()
	made, err := db.Backup(ctx, *to)
	if err == nil {
		err = listBeside(ctx, db, filepath.Dir(*to))
	}
	if err != nil {
		return errors.Join(err, t.backedUp(ctx, db, safekeep.Made{Failed: true}, out))
	}
	fmt.Fprintln(out, "Backed up to", *to)
	if err := tellRows(out, made); err != nil {
		return err
	}
	about, err := os.Stat(*to)
	if err != nil {
		return err
	}
	return t.backedUp(ctx, db, safekeep.Made{Means: "command", Bytes: about.Size()}, out)
}

// tellRows prints what is in a database that was looked through.
func tellRows(out io.Writer, in database.Inspected) error {
	tables := make([]string, 0, len(in.Rows))
	for t := range in.Rows {
		tables = append(tables, t)
	}
	slices.Sort(tables)
	fmt.Fprintf(out, "Schema %d, whole (integrity_check); rows:\n", in.Schema)
	for _, t := range tables {
		fmt.Fprintf(out, "  %-24s %9d\n", t, in.Rows[t])
	}
	return nil
}

// listBeside writes who was erased beside a backup: what it is put back over may be gone.
func listBeside(ctx context.Context, db *database.DB, dir string) error {
	var erased []safekeep.Erasure
	err := db.Read(ctx, func(tx database.Tx) (err error) {
		erased, err = safekeepdb.Erased(ctx, tx)
		return err
	})
	if err != nil {
		return err
	}
	return safekeep.AddToList(filepath.Join(dir, safekeep.ListName), erased)
}

// runRestore puts a backup in place of the database, which is kept beside it.
func runRestore(ctx context.Context, args []string, out io.Writer) error {
	fs, t := flags("restore")
	from := fs.String("from", "", "backup `FILE`, a directory a restore has kept, or a place in a store (s3://BUCKET/PREFIX[/NAME], https://HOST/BUCKET/PREFIX[/NAME]); without NAME the newest there")
	keys := fs.String("s3-credentials", "", "`FILE` with the store's keys, in AWS's form; AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY without it")
	identity := fs.String("identity", "", "`FILE` with the private key of an encrypted backup (age)")
	named := fs.String("erasures", "", "`FILE` that lists who was erased; the one beside the backup and in --data without it")
	none := fs.Bool("no-erasures", false, "nobody was erased since the backup: there is no list")
	if err := flagsAlone(fs, args); err != nil {
		return err
	}
	if err := t.restorable(*from, *named, *identity, *none); err != nil {
		return err
	}
	h, err := database.HoldDir(t.dir)
	if err != nil {
		return err
	}
	path, err := fetched(ctx, h, *from, *keys, out)
	if err != nil {
		return errors.Join(err, h.Release())
	}
	var list []safekeep.Erasure
	if !*none {
		if list, err = safekeep.FindList(*named, path, t.dir); err == nil {
			list = safekeep.Union(list, erasedHere(ctx, t.dir))
		}
	}
	var done safekeep.Restored
	if err == nil {
		p := &putting{made: safekeep.MadeAt(path), list: list, out: out}
		r := safekeep.Restore{From: path, Identity: *identity, Now: time.Now, Prepare: p.prepare}
		if done, err = r.Run(ctx, h); err == nil {
			err = tellLater(t.dir, p.later)
		}
	}
	if path != *from {
		err = errors.Join(err, os.RemoveAll(filepath.Dir(path)))
	}
	if err := errors.Join(err, h.Release()); err != nil {
		return err
	}
	if err := safekeep.AddToList(filepath.Join(t.dir, safekeep.ListName), list); err != nil {
		return err
	}
	fmt.Fprintln(out, "Restored", *from)
	if done.Kept != "" {
		fmt.Fprintf(out, "The database before it is kept whole in %s; to go back: yunchou restore --data %s --from %s\n", done.Kept, t.dir, done.Kept)
	}
	return tellRows(out, done.In)
}

// restorable refuses what cannot be meant, and files that are not there, before the directory is
// made or held.
func (t *target) restorable(from, list, identity string, none bool) error {
	switch {
	case t.url != "":
		return errors.New("restore is for SQLite; PostgreSQL is put back with pg_restore")
	case t.dir == "":
		return errors.New("say where the data is: --data DIR")
	case from == "":
		return errors.New("say what is put back: --from FILE")
	case none && list != "":
		return errors.New("--no-erasures says that there is no list, and --erasures names one: say one of them")
	}
	err := errors.Join(readable("--erasures", list), readable("--identity", identity))
	if !safekeeps3.Is(from) {
		err = errors.Join(readable("--from", from), err)
	}
	return err
}

// fetched is the backup as a file: one in a store is copied into a folder of its own in the
// data directory first, its list of erasures beside it.
func fetched(ctx context.Context, h *database.Hold, from, keys string, out io.Writer) (path string, err error) {
	if !safekeeps3.Is(from) {
		return from, nil
	}
	place, err := safekeeps3.Parse(from)
	if err != nil {
		return "", fmt.Errorf("--from: %w", err)
	}
	store, err := safekeeps3.Open(place, keys)
	if err != nil {
		return "", err
	}
	if path, err = safekeep.Fetch(ctx, store, place.Name, h); err != nil {
		return "", err
	}
	_, err = fmt.Fprintln(out, "Fetched", filepath.Base(path), "from", place)
	return path, err
}

// erasedHere is who was erased by the database that is replaced, as far as it can be read:
// it may be the damaged one.
func erasedHere(ctx context.Context, dir string) (list []safekeep.Erasure) {
	if _, err := os.Stat(filepath.Join(dir, database.FileName)); err != nil || safekeep.Pending(dir) != nil {
		return nil
	}
	db, err := database.OpenSQLite(dir)
	if err != nil {
		return nil
	}
	defer db.Close()
	err = db.Read(ctx, func(tx database.Tx) (err error) {
		list, err = safekeepdb.Erased(ctx, tx)
		return err
	})
	if err != nil {
		return nil
	}
	return list
}

// putting is a backup on its way into the database's place.
type putting struct {
	made time.Time // zero where nobody knows
	list []safekeep.Erasure
	out  io.Writer
	// later is what the audit trail will say once the database is brought up to date.
	later map[string]audit.Restored
}

// prepare has a backup, before it is put in place, erase who was erased since it was made, and say
// in its audit trail that it is put in place. One of an older program is brought up to date where
// somebody has to be erased, else it stays as it is: who goes back to that program needs it so.
func (p *putting) prepare(ctx context.Context, dir string) (err error) {
	db, err := database.OpenSQLite(dir)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	var still []safekeep.Erasure
	err = db.Read(ctx, func(tx database.Tx) (err error) {
		still, err = safekeepdb.Still(ctx, tx, p.list)
		return err
	})
	if err != nil {
		return err
	}
	said, err := app.Restored(ctx, db, p.made, still)
	if err != nil {
		return err
	}
	if errors.Is(db.Current(ctx), database.ErrOlder) && len(still) == 0 {
		p.later = said
		return nil
	}
	log := slog.New(slog.NewJSONHandler(os.Stderr, nil))
	if err := upToDate(ctx, db, true, log); err != nil {
		return err
	}
	a := app.New(db, "", log, time.Now)
	n, err := a.EraseAgain(ctx, still)
	if err != nil {
		return err
	}
	if err := a.TellRestore(ctx, said); err != nil || n == 0 {
		return err
	}
	fmt.Fprintf(p.out, "%d people or companies that were erased since the backup was made were erased in it\n", n)
	return db.Rewrite(ctx)
}

// keeper is the flags of what a server keeps, and for how long.
type keeper struct {
	every                time.Duration
	keep                 int
	dir, recipients      string
	s3, s3Keys           string
	s3Keep               int
	uploadDays, keptDays int
	// how much may be attached
	companyGiB, memberGiB int64
}

func keeping(fs *flag.FlagSet) *keeper {
	k := &keeper{}
	fs.DurationVar(&k.every, "backup-every", 0, "make a backup every so often (24h); 0 makes none")
	fs.IntVar(&k.keep, "backup-keep", 14, "how many scheduled backups are kept")
	fs.StringVar(&k.dir, "backup-dir", "", "`DIR` of scheduled backups; backups in --data without it")
	fs.StringVar(&k.recipients, "backup-recipient", "", "public `KEY` (age1…) scheduled backups are encrypted for")
	fs.StringVar(&k.s3, "backup-s3", "", "keep scheduled backups at a `PLACE` in an S3-compatible store too: https://HOST/BUCKET/PREFIX or s3://BUCKET/PREFIX")
	fs.StringVar(&k.s3Keys, "backup-s3-credentials", "", "`FILE` with the store's keys, in AWS's form; AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY without it")
	fs.IntVar(&k.s3Keep, "backup-s3-keep", 14, "how many backups are kept in the store; 0 leaves that to the store's own rules")
	fs.IntVar(&k.uploadDays, "upload-days", 7, "how many days an uploaded file lives")
	fs.Int64Var(&k.companyGiB, "attachments-gib", file.CompanyRoom>>30, "how much a company may keep attached")
	fs.Int64Var(&k.memberGiB, "attachments-member-gib", file.MemberRoom>>30, "how much of it one member may have attached")
	fs.IntVar(&k.keptDays, "kept-days", 90, "how many days copies live that a restore or a schema change kept")
	return k
}

// check refuses what cannot be meant.
func (k *keeper) check() error {
	if k.keep < 1 || k.uploadDays < 1 || k.keptDays < 1 || k.every < 0 || k.s3Keep < 0 {
		return errors.New("--backup-keep, --upload-days and --kept-days are at least 1, and --backup-every is a length of time such as 24h")
	}
	return nil
}

// apply gives the program what the flags say.
func (k *keeper) apply(a *app.App) error {
	if k.companyGiB < 1 || k.memberGiB < 1 || max(k.companyGiB, k.memberGiB) > 1<<20 {
		return errors.New("--attachments-gib and --attachments-member-gib are 1 to 1048576")
	}
	a.Files.CompanyRoom, a.Files.MemberRoom = k.companyGiB<<30, k.memberGiB<<30
	if k.s3 != "" && (k.every == 0 || strings.TrimSpace(k.recipients) == "") {
		return errors.New("--backup-s3 needs --backup-every, and --backup-recipient: what leaves this machine is encrypted")
	}
	a.Intake.UploadDays, a.KeptDays = k.uploadDays, k.keptDays
	if k.every == 0 {
		return nil
	}
	if a.DB.Dialect() != database.SQLite {
		return errors.New("--backup-every is for SQLite; back up PostgreSQL with pg_dump or your provider's snapshots")
	}
	recipients, err := safekeep.Recipients(k.recipients)
	if err != nil {
		return fmt.Errorf("--backup-recipient: %w", err)
	}
	dir := k.dir
	if dir == "" {
		dir = filepath.Join(a.Dir, "backups")
	}
	a.Lists = append(a.Lists, filepath.Join(dir, safekeep.ListName))
	a.Backups = &safekeep.Schedule{DB: a.DB, Dir: dir, Every: k.every, Keep: k.keep, Recipients: recipients, Erased: a.Erased,
		Tell: a.TellScheduled, Log: a.Log, Now: time.Now}
	if k.s3 == "" {
		return nil
	}
	place, err := safekeeps3.Parse(k.s3)
	if err == nil && place.Name != "" {
		err = errors.New("name a folder of the bucket, not a backup")
	}
	if err != nil {
		return fmt.Errorf("--backup-s3: %w", err)
	}
	store, err := safekeeps3.Open(place, k.s3Keys)
	if err != nil {
		return err
	}
	a.Backups.Offsite = &safekeep.Offsite{Store: store, Dir: dir, Keep: k.s3Keep, Tell: a.TellScheduled, Log: a.Log, Now: time.Now}
	return nil
}

// lookThrough goes through the pages of the database soon after the start and once a day, for
// some minutes at most, and lets old copies go; damage makes the server not ready.
func lookThrough(ctx context.Context, a *app.App) {
	for pause := time.Minute; ; pause = 24 * time.Hour {
		select {
		case <-ctx.Done():
			return
		case <-time.After(pause):
		}
		bounded, cancel := context.WithTimeout(ctx, 5*time.Minute)
		if err := a.DB.Look(bounded); err != nil && ctx.Err() == nil {
			a.Log.Error("the database is damaged: restore a backup", "error", err)
		}
		cancel()
		if a.KeptDays == 0 {
			continue
		}
		gone, err := safekeep.PurgeKept(a.Dir, time.Now().AddDate(0, 0, -a.KeptDays))
		if len(gone) > 0 || err != nil {
			a.Log.Info("kept copies let go", "copies", gone, "error", err)
		}
	}
}
