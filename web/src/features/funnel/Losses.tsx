import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Amount } from '../../ui/Amount';
import { Scroll } from '../../ui/bits';
import type { OpenFigure, Report } from './report';

const few = 12;

/** Losses says to whom, from where and why deals were lost. */
export function Losses({ r, open }: { r: Report; open: OpenFigure }) {
  const { t } = useTranslation();
  const [all, setAll] = useState(false);
  if (r.losses.length === 0) return null;
  const shown = all ? r.losses : r.losses.slice(0, few);
  const rest = r.losses.slice(shown.length);
  const link = (l: Report['losses'][number], text: ReactNode) => (
    <button
      type="button"
      className="open"
      onClick={() =>
        open({
          measure: 'loss',
          kind: l.kind,
          competitor: l.competitorId,
          stage: l.stageId,
          title: `${t(`loss.${l.kind}`)} ${l.competitor}`,
        })
      }
    >
      {text}
    </button>
  );
  const more = (text: ReactNode) => (
    <button type="button" className="open" onClick={() => setAll(true)}>
      {text}
    </button>
  );
  return (
    <div className="card">
      <h2>{t('funnel.losses')}</h2>
      <Scroll label={t('funnel.losses')}>
        <table className="t">
          <thead>
            <tr>
              <th>{t('loss.kind')}</th>
              <th className="l">{t('funnel.lostFrom')}</th>
              <th>{t('funnel.count')}</th>
              <th>{t('funnel.amount')}</th>
            </tr>
          </thead>
          <tbody>
            {shown.map((l) => (
              <tr key={l.kind + l.competitor + l.stageId}>
                <td>
                  {t(`loss.${l.kind}`)} {l.competitor}
                </td>
                <td className="l">{l.stage || t('funnel.stageUnknown')}</td>
                <td>{link(l, l.count.toLocaleString())}</td>
                <td>{link(l, <Amount minor={l.amountMinor} currency={r.currency} tooLarge={l.tooLarge} />)}</td>
              </tr>
            ))}
            {rest.length > 0 && (
              <tr>
                <td colSpan={2}>{more(t('funnel.restLosses', { count: rest.length }))}</td>
                <td>{more(rest.reduce((n, l) => n + l.count, 0).toLocaleString())}</td>
                <td>{more(<Amount minor={rest.reduce((n, l) => n + l.amountMinor, 0)} currency={r.currency} />)}</td>
              </tr>
            )}
          </tbody>
        </table>
      </Scroll>
    </div>
  );
}

/** LeftOut says what the figures could not count, and why, and what they count as typed. */
export function LeftOut({ r, open }: { r: Report; open: OpenFigure }) {
  const { t } = useTranslation();
  const l = r.leftOut;
  const unlike = r.unlikeTax.won + r.unlikeTax.lost + r.unlikeTax.open;
  if (l.undated + l.closedUndated + l.pathless + l.noAmount + l.noRate.length + l.beyond + unlike === 0) return null;
  return (
    <div className="card">
      <h2>{t('funnel.leftOut')}</h2>
      <div className="py-8">
        {l.undated > 0 && (
          <div className="kv">
            <span>{t('funnel.undated')}</span>
            <button
              type="button"
              className="open"
              onClick={() => open({ measure: 'undated', title: t('funnel.undated') })}
            >
              {l.undated}
            </button>
          </div>
        )}
        {l.closedUndated > 0 && (
          <div className="kv">
            <span>{t('funnel.closedUndated')}</span>
            <button
              type="button"
              className="open"
              onClick={() => open({ measure: 'closed_undated', title: t('funnel.closedUndated') })}
            >
              {l.closedUndated}
            </button>
          </div>
        )}
        {l.pathless > 0 && (
          <div className="kv">
            <span>{t('funnel.pathless')}</span>
            <button
              type="button"
              className="open"
              onClick={() => open({ measure: 'pathless', title: t('funnel.pathless') })}
            >
              {l.pathless}
            </button>
          </div>
        )}
        {l.noAmount > 0 && (
          <div className="kv">
            <span>{t('funnel.noAmount')}</span>
            <button
              type="button"
              className="open"
              onClick={() => open({ measure: 'no_amount', title: t('funnel.noAmount') })}
            >
              {l.noAmount}
            </button>
          </div>
        )}
        {unlike > 0 && (
          <div className="kv">
            <span>{t('funnel.unlikeTax')}</span>
            <button
              type="button"
              className="open"
              onClick={() => open({ measure: 'unlike_tax', title: t('funnel.unlikeTax') })}
            >
              {unlike}
            </button>
          </div>
        )}
        {l.beyond > 0 && (
          <div className="kv">
            <span>{t('funnel.beyond')}</span>
            <b>{l.beyond}</b>
          </div>
        )}
        {l.noRate.map((x) => (
          <div className="kv" key={x.currency}>
            <span>{t('funnel.noRate', { count: x.count })}</span>
            <b>
              <Amount minor={x.amountMinor} currency={x.currency} tooLarge={x.tooLarge} />
            </b>
          </div>
        ))}
      </div>
    </div>
  );
}
