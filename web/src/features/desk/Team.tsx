import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { Schemas } from '../../api/client';
import { Money } from '../../ui/bits';
import { num, percent } from '../../ui/format';

type Desk = Schemas['FunnelDeskBody'];

/** Team is what people have open, and what they won and lost. */
export function Team({ team }: { team: NonNullable<NonNullable<Desk['figures']>['team']> }) {
  const { t } = useTranslation();
  return (
    <div className="card">
      <h2>
        {t('desk.team')}
        <span>
          {team.pipeline} · {t('desk.teamSpan')}
        </span>
      </h2>
      <div className="scroll">
        <table className="t">
          <thead>
            <tr>
              <th>{t('opp.owner')}</th>
              <th>{t('desk.open12')}</th>
              <th>{t('desk.openAmount')}</th>
              <th>{t('funnel.winRate')}</th>
              <th>{t('funnel.wonAmount')}</th>
              <th>{t('funnel.cycle')}</th>
            </tr>
          </thead>
          <tbody>
            {team.members.map((g) => (
              <tr key={g.id}>
                <td>
                  <Link to={`/opportunities?owner=${g.id}&state=open`}>{g.key || '—'}</Link>
                </td>
                <td>
                  <Link
                    to={`/opportunities?owner=${g.id}&state=open&pipeline=${team.pipelineId}&createdFrom=${team.from}`}
                  >
                    {g.population.open}
                  </Link>
                </td>
                <td>
                  <Money minor={g.openAmountMinor} currency={team.currency} tooLarge={g.tooLarge.open} />
                </td>
                <td>
                  {percent(g.closedWinRate.bp)}{' '}
                  <span className="ink3">({g.closedWinRate.won + g.closedWinRate.lost})</span>
                </td>
                <td>
                  <Money minor={g.wonAmountMinor} currency={team.currency} tooLarge={g.tooLarge.won} />
                </td>
                <td>{num(g.cycleDays.won.median)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </div>
  );
}
