import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { Query } from '../../ui/address';
import { Empty, Scroll } from '../../ui/bits';
import { Missing } from '../../ui/Problem';
import { Written } from '../../ui/Written';
import type { OpenFigure } from '../funnel/report';
import { reasonsOf } from './queries';

/** Reasons are why deals were lost, in the words of those who closed them: each opens its deals. */
export function Reasons({ q, open }: { q: Query; open: OpenFigure }) {
  const { t } = useTranslation();
  const answer = useQuery(reasonsOf(q));
  if (!answer.data) return <Missing of={answer} />;
  const { rows, lost, read, rest } = answer.data;
  return (
    <div className="card mt-16">
      <h2>
        {t('analysis.byWords')} <span>{t('analysis.def.byWords')}</span>
      </h2>
      {rows.length === 0 ? (
        <Empty title={t('analysis.noReasons')} />
      ) : (
        <Scroll label={t('analysis.byWords')} height={420}>
          <table className="t">
            <tbody>
              {rows.map((x) => (
                <tr key={x.reason}>
                  <td className="l">
                    <Written>{x.reason || t('analysis.noReason')}</Written>
                  </td>
                  <td>
                    <button
                      type="button"
                      className="open"
                      onClick={() =>
                        open({ measure: 'lost_reason', reason: x.reason, title: x.reason || t('analysis.noReason') })
                      }
                    >
                      {x.count.toLocaleString()}
                    </button>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </Scroll>
      )}
      {(rest > 0 || read < lost) && (
        <div className="pad ink2">
          {rest > 0 && <div>{t('analysis.rarer', { n: rest.toLocaleString() })}</div>}
          {read < lost && (
            <div>{t('analysis.readOf', { read: read.toLocaleString(), lost: lost.toLocaleString() })}</div>
          )}
        </div>
      )}
    </div>
  );
}
