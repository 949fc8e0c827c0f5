import { Tooltip } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Money } from '../../ui/bits';
import { num, percent } from '../../ui/format';
import type { OpenFigure, Report } from '../funnel/report';
import { Change } from './Change';

/** Headline is the period in six figures, each beside the period before. */
export function Headline({ r, open }: { r: Report; open: OpenFigure }) {
  const { t } = useTranslation();
  const nothing = r.compared?.why;
  const b = nothing ? undefined : r.compared;
  const tile = (label: string, hint: string, value: ReactNode, before: ReactNode, change: ReactNode) => (
    <div className="num">
      <Tooltip title={hint}>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: the definition must be reachable by keyboard */}
        <small tabIndex={0} className="defined">
          {label}
        </small>
      </Tooltip>
      <b>{value}</b>
      {b && (
        <small className="ink2">
          {t('analysis.before')} {before} · {change}
        </small>
      )}
      {nothing && <small className="ink2">{t('analysis.beforeNothing')}</small>}
    </div>
  );
  const link = (measure: string, text: ReactNode) => (
    <button type="button" className="open" onClick={() => open({ measure, title: t(`funnel.measure.${measure}`) })}>
      {text}
    </button>
  );
  return (
    <div className="card pad head analysis">
      {tile(
        t('analysis.created'),
        t('funnel.def.population'),
        link('created', r.population.created.toLocaleString()),
        b?.population.created.toLocaleString(),
        <Change now={r.population.created} before={b?.population.created} />,
      )}
      {tile(
        t('funnel.winRate'),
        t('funnel.def.winRate'),
        <>
          {percent(r.closedWinRate.bp)}{' '}
          <small className="ink2">
            {link('won', r.closedWinRate.won)} : {link('lost', r.closedWinRate.lost)}
          </small>
        </>,
        percent(b?.closedWinRate.bp),
        <Change now={r.closedWinRate.bp} before={b?.closedWinRate.bp} points />,
      )}
      {tile(
        t('funnel.wonAmount'),
        t('funnel.def.wonAmount'),
        link('won', <Money minor={r.wonAmountMinor} currency={r.currency} tooLarge={r.tooLarge.won} />),
        <Money minor={b?.wonAmountMinor} currency={r.currency} tooLarge={b?.tooLarge.won} />,
        <Change now={r.wonAmountMinor} before={b?.wonAmountMinor} />,
      )}
      {tile(
        t('funnel.cycle'),
        t('funnel.def.cycle'),
        num(r.cycleDays.won.median),
        num(b?.cycleDays.won.median),
        <Change now={r.cycleDays.won.median} before={b?.cycleDays.won.median} less />,
      )}
      {tile(
        t('funnel.velocity'),
        t('funnel.def.velocity', { stage: r.velocity.qualifiedStage }),
        <>
          <Money minor={r.velocity.perDayMinor} currency={r.currency} />
          <small className="ink2"> {t('funnel.perDay')}</small>
        </>,
        <Money minor={b?.velocity.perDayMinor} currency={r.currency} />,
        <Change now={r.velocity.perDayMinor} before={b?.velocity.perDayMinor} />,
      )}
      {tile(
        t('funnel.flow'),
        t('funnel.def.flow'),
        percent(r.flow.onTimeBp),
        percent(b?.flow.onTimeBp),
        <Change now={r.flow.onTimeBp} before={b?.flow.onTimeBp} points />,
      )}
    </div>
  );
}
