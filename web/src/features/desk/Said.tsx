import { useTranslation } from 'react-i18next';
import { useMe, useNames } from '../../app/session';
import { day, instant } from '../../ui/format';
import { Written } from '../../ui/Written';
import { clockDays } from '../opportunity/Clocks';
import { KnownBy } from '../tie/later';
import type { DeskLine } from './DealLine';

export type Sign = DeskLine['signs'][number];

/** Until is by when who follows is to be met, or found where nobody knows him; what is over says so. */
function Until({ s, at }: { s: Sign; at: string }) {
  const { t } = useTranslation();
  const over = !!s.at && Date.parse(s.at) < Date.now();
  const said = t(s.text ? 'desk.changed.until' : 'desk.changed.find', { at });
  return over ? <b className="bad">{t('desk.changed.over', { said })}</b> : said;
}

/** Said is a sign in words; what stands still and what passed has more of its deal beside it. */
export function Said({ s, line }: { s: Sign; line: DeskLine }) {
  const { t } = useTranslation();
  const me = useMe();
  const names = useNames();
  const o = line.deal;
  const who = names.member(s.memberId);
  const at = s.at ? instant(s.at, me.timeZone, me.today) : '';
  switch (s.kind) {
    case 'promise':
      return (
        <p>
          <b className="bad">{t('desk.promise', { on: day(s.on, me.today) })}</b> {who} · {s.name}
        </p>
      );
    case 'stalled':
      return (
        o && (
          <p>
            {t('desk.stalled')} <b>{clockDays(t, o.clocks.progressDays, o.clocks.atLeast)}</b>{' '}
            {s.count >= 20
              ? t('desk.limitFromWon', { limit: s.limit, count: s.count })
              : t('desk.limit', { count: s.limit })}
          </p>
        )
      );
    case 'evidence':
      return (
        <p>
          <b>{s.name ? t('desk.waitingFor', { milestone: s.name }) : t('desk.waiting')}</b> {who} ·{' '}
          {t('desk.waitingDays', { count: s.days })} {s.text && <Written quoted>{s.text}</Written>}
        </p>
      );
    case 'exception':
    case 'win':
      return (
        <p>
          <b>
            {s.kind === 'win'
              ? t('record.provisional')
              : t('desk.exceptionTo', { stage: s.name || t('record.otherStage') })}
          </b>{' '}
          {s.on && `${day(s.on, me.today)} · `}
          {who}: <Written quoted>{s.text}</Written>
        </p>
      );
    case 'person_changed':
      return (
        <div className="py-4">
          <b className={s.late ? 'bad' : ''}>
            {t(s.text ? 'desk.changed.followed' : 'desk.changed.unknown', { name: s.name, to: s.text })}
          </b>{' '}
          <Until s={s} at={at} />
          {s.toId && <KnownBy id={s.toId} name={s.text} near />}
        </div>
      );
    case 'person_doubted':
      return (
        <p>
          {t(s.text ? 'desk.changed.doubtedTo' : 'desk.changed.doubted', { name: s.name, to: s.text })}{' '}
          {s.on && <small>{t('desk.changed.since', { on: day(s.on, me.today) })}</small>}
        </p>
      );
    case 'only_tapped':
      return (
        <p>
          <b>{t('desk.tapped', { name: s.name, count: s.count })}</b> {who} ·{' '}
          {s.on ? t('desk.tappedSince', { on: day(s.on, me.today) }) : t('desk.tappedNever')}
        </p>
      );
    case 'asked':
      return <p>{t('desk.asked.waits', { who, at })}</p>;
    case 'answered':
      return (
        <p>
          <b className="good">{t('desk.asked.answered', { who, at })}</b>
        </p>
      );
    case 'unanswered':
    case 'owed':
    case 'climbed':
      return (
        <p>
          <b className="bad">{t(`desk.note.${s.kind}`, { who, at })}</b>
        </p>
      );
  }
  return null;
}
