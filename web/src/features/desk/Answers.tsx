import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useMe, useNames } from '../../app/session';
import { Scroll } from '../../ui/bits';
import { num } from '../../ui/format';
import { measuresOf } from './queries';

/**
 * Answers is how those who lead answered in the last four weeks, by their teams and never by speed; whoever leads
 * nobody who leads sees his own.
 */
export function Answers() {
  const { t } = useTranslation();
  const me = useMe();
  const names = useNames();
  const asked = useQuery(measuresOf);
  const rows = (asked.data?.items ?? []).filter((m) => m.leads && m.asked + m.used + m.notUsed > 0);
  if (rows.length === 0) return null;
  rows.sort((a, b) => names.team(a.teamId).localeCompare(names.team(b.teamId)));
  const own = rows.every((m) => m.memberId === me.memberId);
  const silent = rows.filter((m) => m.unanswered + m.late >= Math.max(3, m.asked / 2));
  const title = own ? t('desk.answers.own') : t('desk.answers.title');
  return (
    <div className="card">
      <h2>
        {title} <span>{t('desk.answers.span')}</span>
      </h2>
      {silent.map((m) => (
        <p key={m.memberId} className="pad bad">
          {t(own ? 'desk.answers.ownSilent' : 'desk.answers.silent', {
            name: names.member(m.memberId),
            asked: m.asked,
            unanswered: m.unanswered + m.late,
          })}
        </p>
      ))}
      <Scroll label={title}>
        <table className="t beside">
          <thead>
            <tr>
              <th>{t('desk.answers.who')}</th>
              <th>{t('desk.answers.asked')}</th>
              <th>{t('desk.answers.unanswered')}</th>
              <th>{t('desk.answers.median')}</th>
              <th>{t('desk.answers.used')}</th>
            </tr>
          </thead>
          <tbody>
            {rows.map((m) => (
              <tr key={m.memberId}>
                <td>
                  {names.member(m.memberId)} <span className="ink3">{names.team(m.teamId)}</span>
                </td>
                <td>{num(m.asked)}</td>
                <td className={m.unanswered + m.late > 0 ? 'bad' : ''}>{num(m.unanswered + m.late)}</td>
                <td>{m.medianMinutes == null ? '—' : (m.medianMinutes / 60).toFixed(1)}</td>
                <td className="nowrap">
                  {m.used + m.notUsed === 0 ? '—' : `${num(m.used)} / ${num(m.used + m.notUsed)}`}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
      <div className="pad ink3">{t('desk.answers.hint')}</div>
    </div>
  );
}
