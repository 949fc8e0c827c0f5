import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { Schemas } from '../../api/client';
import { useMe } from '../../app/session';
import { Amount } from '../../ui/Amount';
import { num, percent } from '../../ui/format';
import { Records } from '../funnel/later';
import type { Figure } from '../funnel/report';

/** Funnel is one pipeline's, over all time. */
export function Funnel({ f }: { f: Schemas['FunnelDeskFunnel'] }) {
  const { t } = useTranslation();
  const me = useMe();
  const [figure, setFigure] = useState<Figure>();
  const open = (measure: string, text: ReactNode, stage?: { id: string; name: string }) => (
    <button
      type="button"
      className="open"
      onClick={() =>
        setFigure({
          measure,
          stage: stage?.id,
          title: `${stage ? `${stage.name} · ` : ''}${t(`funnel.measure.${measure}`)}`,
        })
      }
    >
      {text}
    </button>
  );
  return (
    <div className="card">
      <h2>
        <Link to={`/funnel?pipeline=${f.pipelineId}`}>{f.pipeline}</Link>
        <span>
          {t('desk.funnelSpan', { on: me.today })} {open('created', t('desk.funnelCreated', { count: f.created }))}
        </span>
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
                <td>{open('reached', s.reached.toLocaleString(), s)}</td>
                <td>{open('advanced', percent(s.advancedBp, 0), s)}</td>
                <td>
                  <Link to={`/analysis?pipeline=${f.pipelineId}&q=dwell`}>{num(s.dwellDays)}</Link>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <div className="pad ink2">
        {t('funnel.winRate')} <b>{open('won', percent(f.closedWinRate.bp))}</b>{' '}
        {open('won', f.closedWinRate.won.toLocaleString())} : {open('lost', f.closedWinRate.lost.toLocaleString())} ·{' '}
        {t('funnel.wonAmount')}{' '}
        {open('won', <Amount minor={f.wonAmountMinor} currency={f.currency} tooLarge={f.tooLarge} />)}
      </div>
      {figure && <Records q={{ pipeline: f.pipelineId }} figure={figure} onClose={() => setFigure(undefined)} />}
    </div>
  );
}
