import { Tooltip } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Amount } from '../../ui/Amount';
import { num, percent } from '../../ui/format';
import { Opens } from '../funnel/Opens';
import { type OpenFigure, type Report, windowOf } from '../funnel/report';
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
    <Opens open={open} of={{ measure, title: t(`funnel.measure.${measure}`) }}>
      {text}
    </Opens>
  );
  const then = (measure: string, text: ReactNode) =>
    b && (
      <Opens
        open={open}
        of={{ measure, ...windowOf(b), title: `${t(`funnel.measure.${measure}`)} · ${t('analysis.before')}` }}
      >
        {text}
      </Opens>
    );
  return (
    <div className="card pad head analysis">
      {tile(
        t('analysis.created'),
        t('funnel.def.population'),
        link('created', r.population.created.toLocaleString()),
        then('created', b?.population.created.toLocaleString()),
        <Change now={r.population.created} before={b?.population.created} />,
      )}
      {tile(
        t('funnel.winRate'),
        t('funnel.def.winRate'),
        <>
          {link('closed', percent(r.closedWinRate.bp))}{' '}
          <small className="ink2">
            {link('won', r.closedWinRate.won)} : {link('lost', r.closedWinRate.lost)}
          </small>
        </>,
        then('closed', percent(b?.closedWinRate.bp)),
        <Change now={r.closedWinRate.bp} before={b?.closedWinRate.bp} points />,
      )}
      {tile(
        t('funnel.wonAmount'),
        t('funnel.def.wonAmount'),
        link('won', <Amount minor={r.wonAmountMinor} currency={r.currency} tooLarge={r.tooLarge.won} />),
        then('won', <Amount minor={b?.wonAmountMinor} currency={r.currency} tooLarge={b?.tooLarge.won} />),
        <Change now={r.wonAmountMinor} before={b?.wonAmountMinor} />,
      )}
      {tile(
        t('funnel.cycle'),
        t('funnel.def.cycle'),
        link('won', num(r.cycleDays.won.median)),
        then('won', num(b?.cycleDays.won.median)),
        <Change now={r.cycleDays.won.median} before={b?.cycleDays.won.median} less />,
      )}
      {tile(
        t('funnel.velocity'),
        t('funnel.def.velocity', { stage: r.velocity.qualifiedStage }),
        <>
          {link('qualified_won', <Amount minor={r.velocity.perDayMinor} currency={r.currency} />)}
          <small className="ink2"> {t('funnel.perDay')}</small>
        </>,
        then('qualified_won', <Amount minor={b?.velocity.perDayMinor} currency={r.currency} />),
        <Change now={r.velocity.perDayMinor} before={b?.velocity.perDayMinor} />,
      )}
      {tile(
        t('funnel.flow'),
        t('funnel.def.flow'),
        link('stayed', percent(r.flow.onTimeBp)),
        then('stayed', percent(b?.flow.onTimeBp)),
        <Change now={r.flow.onTimeBp} before={b?.flow.onTimeBp} points />,
      )}
    </div>
  );
}
