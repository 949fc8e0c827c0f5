import { Tooltip } from 'antd';
import { useTranslation } from 'react-i18next';
import { Amount } from '../../ui/Amount';
import { Scroll } from '../../ui/bits';
import { num, percent } from '../../ui/format';
import { Bottleneck, Immature } from './Bottleneck';
import { type OpenFigure, type Report, stated } from './report';

/** StageTable is the funnel: what reached each stage, what became of it, how long it took, what is there. */
export function StageTable({ r, open }: { r: Report; open: OpenFigure }) {
  const { t } = useTranslation();
  const most = Math.max(1, ...r.stages.map((s) => s.reached));
  const link = (measure: string, stage: Report['stages'][number], text: React.ReactNode) => (
    <button
      type="button"
      className="open"
      onClick={() => open({ measure, stage: stage.id, title: `${stage.name} · ${t(`funnel.measure.${measure}`)}` })}
    >
      {text}
    </button>
  );
  return (
    <div className="card">
      <h2>
        {t('funnel.stages')} <span>{t('funnel.stagesHint')}</span>
      </h2>
      <Scroll label={t('funnel.stages')}>
        <table className="t beside">
          <thead>
            <tr>
              <th>{t('opp.stage')}</th>
              <th>{t('funnel.reached')}</th>
              <th className="l minw-110">{t('funnel.became')}</th>
              <th>{t('funnel.onward')}</th>
              <th>{t('state.lost')}</th>
              <th>{t('state.open')}</th>
              <th>{t('funnel.stay')}</th>
              <th>p80</th>
              <th>{t('funnel.onTime')}</th>
              <th>{t('funnel.openNow')}</th>
              <th>{t('funnel.amount')}</th>
              <th>{t('funnel.weighted')}</th>
            </tr>
          </thead>
          <tbody>
            {r.stages.map((s) => (
              <tr key={s.id}>
                <td>
                  <b>{s.name}</b>{' '}
                  {s.id === r.bottleneck?.stageId && <span className="chip b">{t('funnel.bottleneck')}</span>}
                </td>
                <td>
                  {s.kind === 'lost'
                    ? link('lost', s, s.reached.toLocaleString())
                    : link('reached', s, s.reached.toLocaleString())}
                  {(s.cohort?.undated ?? 0) > 0 && (
                    <small className="ink3"> +{link('stage_undated', s, s.cohort?.undated)}?</small>
                  )}
                </td>
                <td className="l">
                  <div
                    className="bar"
                    style={{ width: `${Math.max(4, (100 * s.reached) / most)}%` }}
                    title={t('funnel.became')}
                  >
                    {s.cohort ? (
                      <>
                        <i style={{ width: `${(s.cohort.advancedBp ?? 0) / 100}%`, background: 'var(--primary)' }} />
                        <i
                          style={{ width: `${(s.cohort.lostBp ?? 0) / 100}%`, background: 'var(--bad)', opacity: 0.55 }}
                        />
                        <i
                          style={{ width: `${(s.cohort.openBp ?? 0) / 100}%`, background: 'var(--ink3)', opacity: 0.4 }}
                        />
                      </>
                    ) : (
                      <i style={{ width: '100%', background: s.kind === 'won' ? 'var(--good)' : 'var(--bad)' }} />
                    )}
                  </div>
                </td>
                <td>{s.cohort ? link('advanced', s, percent(s.cohort.advancedBp)) : ''}</td>
                <td>{s.cohort ? link('stage_lost', s, percent(s.cohort.lostBp)) : ''}</td>
                <td>
                  {s.cohort ? link('stage_open', s, percent(s.cohort.openBp)) : ''}
                  {(s.cohort?.takenOut ?? 0) > 0 && (
                    <small className="ink3" title={t('funnel.measure.taken_out')}>
                      {' '}
                      −{link('taken_out', s, s.cohort?.takenOut)}
                    </small>
                  )}
                </td>
                <td>
                  {s.dwell ? (
                    <Tooltip
                      title={t('funnel.stayDetail', {
                        n: s.dwell.working.n,
                        open: s.dwell.open,
                        survival: num(s.dwell.survivalMedian),
                        calendar: num(s.dwell.calendar.median),
                        forward: num(s.dwell.forward.median),
                        moved: s.dwell.forward.n,
                      })}
                    >
                      {link('stayed', s, num(s.dwell.working.median))}
                    </Tooltip>
                  ) : (
                    ''
                  )}
                </td>
                <td>{s.dwell ? link('stayed', s, num(s.dwell.working.p80)) : ''}</td>
                <td>{s.dwell ? link('stayed', s, percent(s.dwell.onTimeBp, 0)) : ''}</td>
                <td>{s.kind === 'open' ? link('stage_now', s, s.open) : ''}</td>
                <td>
                  {s.weighted &&
                    link(
                      'stage_now',
                      s,
                      <Amount minor={s.weighted.amountMinor} currency={r.currency} tooLarge={s.weighted.tooLarge} />,
                    )}
                </td>
                <td>
                  {s.weighted && (
                    <Tooltip
                      title={t('funnel.weightedDetail', {
                        expected: percent(s.weighted.expectedBp, 0),
                        calibrated: percent(s.weighted.calibratedBp, 0),
                        n: s.weighted.resolved,
                        none: s.weighted.noConfidence,
                      })}
                    >
                      <span className="ink2 nowrap">
                        {link(
                          'stage_now',
                          s,
                          <>
                            <Amount
                              minor={s.weighted.expectedMinor}
                              currency={r.currency}
                              tooLarge={s.weighted.tooLarge}
                            />{' '}
                            /{' '}
                            <Amount
                              minor={stated(s.weighted, s.open)}
                              currency={r.currency}
                              tooLarge={s.weighted.tooLarge}
                            />{' '}
                            /{' '}
                            <Amount
                              minor={s.weighted.calibratedMinor}
                              currency={r.currency}
                              tooLarge={s.weighted.tooLarge}
                            />
                          </>,
                        )}
                      </span>
                    </Tooltip>
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
      <div className="pad ink2">
        <Bottleneck r={r} />
        <Immature r={r} />
      </div>
    </div>
  );
}
