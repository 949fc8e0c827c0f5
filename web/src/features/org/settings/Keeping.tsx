import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { Schemas } from '../../../api/client';
import { useMe } from '../../../app/session';
import { useDuration } from '../../../ui/Duration';
import { instant } from '../../../ui/format';
import { ProblemBox } from '../../../ui/Problem';
import { aboutNow } from '../../../ui/queries';
import { bytes } from '../../../ui/size';
import { roomOf } from '../../file/queries';

type About = Schemas['ServerAboutBody'];
type Backups = NonNullable<About['backups']>;

function Line({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div className="kv">
      <span className="ink2">{label}</span>
      <b>{children}</b>
    </div>
  );
}

/** BackupsCard is how the backups fare; what is set is whoever's who runs the program. */
export function BackupsCard() {
  const { t } = useTranslation();
  const about = useQuery(aboutNow);
  const b = about.data?.backups;
  return (
    <div className="card" data-testid="backups">
      <h2>{t('settings.backups')}</h2>
      {about.error && <ProblemBox error={about.error} retry={about.refetch} />}
      {b && (b.everyMinutes > 0 ? <Scheduled b={b} /> : <p className="pad ink2">{t(without(b))}</p>)}
    </div>
  );
}

const without = (b: Backups) => (b.outside ? 'settings.backupsOutside' : 'settings.backupsOff');

function Scheduled({ b }: { b: Backups }) {
  const { t } = useTranslation();
  const me = useMe();
  const lasting = useDuration();
  const at = (utc: string) => instant(utc, me.timeZone, me.today);
  const good = (x: { lastAt: string | null; lastBytes: number }) =>
    x.lastAt ? `${at(x.lastAt)} · ${bytes(x.lastBytes)}` : t('settings.backupNone');
  const due = b.nextAt && (Date.parse(b.nextAt) > Date.now() ? at(b.nextAt) : t('settings.backupSoon'));
  return (
    <div className="py-8">
      {b.late && <p className="pad bad">{t('settings.backupLate')}</p>}
      <Line label={t('settings.backupLast')}>{good(b)}</Line>
      <Line label={t('settings.backupNext')}>{due || '—'}</Line>
      <Line label={t('settings.backupEvery')}>{lasting(b.everyMinutes)}</Line>
      <Line label={t('settings.backupKeep')}>{t('settings.backupCount', { count: b.keep })}</Line>
      <Line label={t('settings.backupSealed')}>{t(`audit.yes.${b.encrypted}`)}</Line>
      {b.store && <Line label={t('settings.backupStore')}>{good(b.store)}</Line>}
      {b.store && (
        <Line label={`${t('settings.backupStore')} · ${t('settings.backupKeep')}`}>
          {b.store.keep ? t('settings.backupCount', { count: b.store.keep }) : t('settings.backupStoreKeep')}
        </Line>
      )}
      {b.failed + (b.store?.failed ?? 0) > 0 && (
        <p className="pad warn">{t('settings.backupFailed', { count: b.failed + (b.store?.failed ?? 0) })}</p>
      )}
    </div>
  );
}

/** KeptCard is how long files stay, and how much room attachments have. */
export function KeptCard() {
  const { t } = useTranslation();
  const lasting = useDuration();
  const about = useQuery(aboutNow);
  const room = useQuery(roomOf('company'));
  return (
    <div className="card" data-testid="kept-files">
      <h2>
        {t('settings.retention')}
        <span>
          <Link to="/settings?tab=files&whose=company">{t('file.see')}</Link>
        </span>
      </h2>
      <div className="py-8">
        {room.data && (
          <Line label={t('settings.attached')}>
            {t('file.used', { used: bytes(room.data.usedBytes), most: bytes(room.data.mostBytes) })}
          </Line>
        )}
        {about.data && (
          <Line label={t('settings.uploadsKept')}>
            {t('settings.keptFor', { time: lasting(about.data.uploadDays * 24 * 60) })}
          </Line>
        )}
      </div>
    </div>
  );
}
