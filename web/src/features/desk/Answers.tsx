import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useMe, useNames } from '../../app/session';
import { Scroll } from '../../ui/bits';
import { measuresOf } from '../guidance/queries';

/** FEW are the notes of which nobody says yet that somebody does not answer. */
const FEW = 3;
/** A minute, in milliseconds: time runs out on notes without anybody doing anything. */
const MINUTE = 60_000;
/** SHOWN are the rows the first screen has room for; the whole table stands with guidance. */
const SHOWN = 8;

/**
 * Answers is how those who lead answered what they were asked in the last four weeks: whoever left most unanswered in
 * front, and by how long they took in no order at all.
 */
export function Answers() {
  const { t } = useTranslation();
  const me = useMe();
  const names = useNames();
  const asked = useQuery({ ...measuresOf, refetchInterval: MINUTE });
  const rows = (asked.data?.items ?? [])
    .filter((m) => m.leads && m.asked > 0)
    .map((m) => ({ ...m, open: m.unanswered + m.late }))
    .sort((a, b) => b.open - a.open);
  if (rows.length === 0) return null;
  return (
    <section className="card" aria-label={t('desk.answers.title')}>
      <h2>
        {t('desk.answers.title')} <span>{t('desk.answers.span')}</span>
      </h2>
      <Scroll label={t('desk.answers.title')}>
        <table className="t answers">
          <thead>
            <tr>
              <th>{t('desk.answers.who')}</th>
              <th>{t('desk.answers.asked')}</th>
              <th>{t('desk.answers.answered')}</th>
              <th>{t('desk.answers.unanswered')}</th>
            </tr>
          </thead>
          <tbody>
            {rows.slice(0, SHOWN).map((m) => (
              <tr key={m.memberId}>
                <td>
                  {m.memberId === me.memberId ? t('desk.answers.me') : names.member(m.memberId)}{' '}
                  <small>{names.team(m.teamId)}</small>
                </td>
                <td>{m.asked}</td>
                <td>{m.answered}</td>
                <td className={m.open >= Math.max(FEW, m.asked / 2) ? 'bad' : m.open ? 'warn' : ''}>{m.open}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
      <div className="pad ink3">{t('desk.answers.hint')}</div>
      <div className="pad">
        <Link to="/guidance?tab=table">{t('desk.answers.all')}</Link>
      </div>
    </section>
  );
}
