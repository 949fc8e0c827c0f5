import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { Schemas } from '../../api/client';
import { Money } from '../../ui/bits';
import { num, percent } from '../../ui/format';

/** Funnel is one pipeline's, over all time. */
export function Funnel({ f }: { f: Schemas['FunnelDeskFunnel'] }) {
  const { t } = useTranslation();
  return (
    <div className="card">
      <h2>
        <Link to={`/funnel?pipeline=${f.pipelineId}`}>{f.pipeline}</Link>
        <span>{t('desk.funnelSpan', { count: f.created })}</span>
      </h2>
      <div className="scroll">
        <table className="t beside">
          <thead>
            <tr>
              <th>{t('opp.stage')}</th>
              <th>{t('funnel.reached')}</th>
              <th>{t('funnel.onward')}</th>
              <th>{t('funnel.stay')}</th>
            </tr>
          </thead>
          <tbody>
            {f.stages.map((s) => (
              <tr key={s.id}>
                <td>{s.name}</td>
                <td>{s.reached}</td>
                <td>{percent(s.advancedBp, 0)}</td>
                <td>{num(s.dwellDays)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <div className="pad ink2">
        {t('funnel.winRate')} <b>{percent(f.closedWinRate.bp)}</b> · {t('funnel.wonAmount')}{' '}
        <Money minor={f.wonAmountMinor} currency={f.currency} tooLarge={f.tooLarge} />
      </div>
    </div>
  );
}
