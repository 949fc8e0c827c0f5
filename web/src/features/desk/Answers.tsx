import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useMe, useNames } from '../../app/session';
import { measuresOf } from '../guidance/queries';

/** FEW are the notes of which nobody says yet that somebody does not answer. */
const FEW = 3;

/** Answers says who of those who lead left half or more of what they were asked unanswered in the last four weeks. */
export function Answers() {
  const { t } = useTranslation();
  const me = useMe();
  const names = useNames();
  const asked = useQuery(measuresOf);
  const silent = (asked.data?.items ?? []).filter(
    (m) => m.leads && m.unanswered + m.late >= Math.max(FEW, m.asked / 2),
  );
  if (silent.length === 0) return null;
  return (
    <div className="card">
      <h2>
        {t('desk.answers.title')} <span>{t('desk.answers.span')}</span>
      </h2>
      {silent.map((m) => (
        <p key={m.memberId} className="pad">
          {t(m.memberId === me.memberId ? 'desk.answers.ownSilent' : 'desk.answers.silent', {
            name: names.member(m.memberId),
            team: names.team(m.teamId),
            asked: m.asked,
            unanswered: m.unanswered + m.late,
          })}
        </p>
      ))}
      <div className="pad ink3">{t('desk.answers.hint')}</div>
    </div>
  );
}
