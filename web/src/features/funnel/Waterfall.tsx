import { useQuery } from '@tanstack/react-query';
import { Skeleton } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Schemas } from '../../api/client';
import { useMe } from '../../app/session';
import { Amount } from '../../ui/Amount';
import type { Query } from '../../ui/address';
import { Scroll } from '../../ui/bits';
import { addDays } from '../../ui/format';
import { ProblemBox } from '../../ui/Problem';
import { waterfallOf } from './queries';
import type { OpenFigure } from './report';

type Step = Schemas['FunnelStep'];

const out = new Set(['decreased', 'moved_out', 'transferred_out', 'won', 'lost', 'withdrawn']);

/** Waterfall says how the open pipeline of one day became that of another; it balances to the cent. */
export function Waterfall({ q, open }: { q: Query; open: OpenFigure }) {
  const { t } = useTranslation();
  const me = useMe();
  const from = (q.from as string | undefined) ?? `${me.today.slice(0, 8)}01`;
  const ask = { ...q, from };
  const answer = useQuery({ ...waterfallOf(ask), enabled: !!q.pipeline });
  const w = answer.data;
  const link = (step: Step, text: ReactNode) => (
    <button
      type="button"
      className="open"
      disabled={step.count === 0}
      onClick={() => open({ measure: '', step: step.name, from, title: t(`waterfall.${step.name}`) })}
    >
      {text}
    </button>
  );
  return (
    <div className="card mt-16">
      <h2>
        {t('waterfall.title')}
        <span>{t('waterfall.hint', { from, to: w ? addDays(w.to, -1) : '…' })}</span>
      </h2>
      {answer.isError && (
        <div className="pad">
          <ProblemBox error={answer.error} retry={answer.refetch} />
        </div>
      )}
      {answer.isPending && <Skeleton active className="pad" />}
      {w && (
        <Scroll label={t('waterfall.title')}>
          <table className="t">
            <tbody>
              {bars(w.steps)
                .filter(({ step }) => step.count > 0 || step.name.startsWith('open_'))
                .map(({ step, left, width }) => (
                  <tr key={step.name}>
                    <td>
                      {step.name.startsWith('open_') ? (
                        <b>{t(`waterfall.${step.name}`)}</b>
                      ) : (
                        t(`waterfall.${step.name}`)
                      )}
                    </td>
                    <td>{link(step, step.count.toLocaleString())}</td>
                    <td>
                      {link(
                        step,
                        <>
                          {out.has(step.name) && step.amountMinor > 0 ? '−' : ''}
                          <Amount minor={step.amountMinor} currency={w.currency} tooLarge={step.tooLarge} />
                        </>,
                      )}
                    </td>
                    <td className="l half">
                      <div className="fall" aria-hidden="true">
                        <i className={kind(step.name)} style={{ marginLeft: `${left}%`, width: `${width}%` }} />
                      </div>
                    </td>
                  </tr>
                ))}
            </tbody>
          </table>
        </Scroll>
      )}
      {w && w.noRate.length > 0 && (
        <div className="pad ink2">
          {w.noRate.map((x) => (
            <span key={x.currency}>
              {t('funnel.noRate', { count: x.count })}{' '}
              <Amount minor={x.amountMinor} currency={x.currency} tooLarge={x.tooLarge} />{' '}
            </span>
          ))}
        </div>
      )}
    </div>
  );
}

const kind = (name: string) =>
  name.startsWith('open_') ? 'whole' : name === 'won' ? 'good' : out.has(name) ? 'bad' : 'in';

/** bars places each step where the one before it ended, in percent of the widest point. */
function bars(steps: Step[]) {
  let at = 0;
  let most = 1;
  const placed = steps.map((step) => {
    if (step.name.startsWith('open_')) {
      at = step.amountMinor;
      most = Math.max(most, at);
      return { step, left: 0, width: step.amountMinor };
    }
    const to = out.has(step.name) ? at - step.amountMinor : at + step.amountMinor;
    const bar = { step, left: Math.min(at, to), width: step.amountMinor };
    at = to;
    most = Math.max(most, bar.left + bar.width);
    return bar;
  });
  return placed.map((b) => ({ ...b, left: (100 * b.left) / most, width: (100 * b.width) / most }));
}
