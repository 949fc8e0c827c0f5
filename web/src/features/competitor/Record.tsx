import { useQuery } from '@tanstack/react-query';
import { Segmented, Select } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { usePipelines } from '../../app/session';
import { Scroll } from '../../ui/bits';
import { percent } from '../../ui/format';
import { Missing } from '../../ui/Problem';
import { type Group, type Profile, recordAgainst, segments } from './queries';

type Share = { bp: number | null; lowBp: number | null; highBp: number | null };

/** useShare is a share with its interval, "—" of nothing. */
function useShare() {
  const { t } = useTranslation();
  return (s: Share) =>
    s.bp === null
      ? '—'
      : t('competitor.share', { share: percent(s.bp, 0), low: percent(s.lowBp, 0), high: percent(s.highBp, 0) });
}

/** Record is how what closed went where a competitor was present, by the stage lost from and by segment, beside the rest. */
export function RecordAgainst({ c }: { c: Profile }) {
  const { t } = useTranslation();
  const share = useShare();
  const pipelines = usePipelines().data ?? [];
  const [chosen, setPipeline] = useState('');
  const [by, setBy] = useState<(typeof segments)[number]>('account-industry');
  const pipeline = chosen || pipelines[0]?.id || '';
  const answer = useQuery({ ...recordAgainst(c.id, pipeline, by), enabled: pipeline !== '' });
  const r = answer.data;
  const few = (n: number) => (n < 10 ? 'few' : undefined);
  return (
    <section className="card" aria-label={t('competitor.record')}>
      <h2>
        {t('competitor.record')}
        {pipelines.length > 1 && (
          <Segmented
            size="small"
            aria-label={t('competitor.pipeline')}
            value={pipeline}
            onChange={setPipeline}
            options={pipelines.map((p) => ({ value: p.id, label: p.name }))}
          />
        )}
      </h2>
      {!r && <Missing of={answer} className="pad" />}
      {r && (
        <>
          <div className="pad">
            {t('competitor.metRate', { won: r.winRate.won, lost: r.winRate.lost, rate: share(r.winRate) })}
            <div className="ink2">
              {t('competitor.withoutRate', { n: r.without.won + r.without.lost, rate: share(r.without) })}
            </div>
          </div>
          {r.stages.length > 0 && (
            <Scroll label={t('competitor.byStage')}>
              <table className="t">
                <thead>
                  <tr>
                    <th>{t('competitor.byStage')}</th>
                    <th>{t('competitor.lostHere')}</th>
                    <th>{t('competitor.ofLost')}</th>
                    <th>{t('competitor.elsewhere')}</th>
                  </tr>
                </thead>
                <tbody>
                  {r.stages.map((s) => (
                    <tr key={s.stageId} className={few(s.lost.of)}>
                      <td>{s.stage || t('competitor.stageUnknown')}</td>
                      <td>{s.lost.n}</td>
                      <td>{share(s.lost)}</td>
                      <td>{share(s.without)}</td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </Scroll>
          )}
          <div className="pad line-above">
            <Select
              aria-label={t('competitor.segment')}
              value={by}
              onChange={setBy}
              options={segments.map((value) => ({ value, label: t(`competitor.segmentOf.${value}`) }))}
            />
          </div>
          <Segments groups={r.groups} />
          <p className="pad ink2">{t('competitor.few')}</p>
        </>
      )}
    </section>
  );
}

function Segments({ groups }: { groups: Group[] }) {
  const { t } = useTranslation();
  const share = useShare();
  if (groups.length === 0) return <p className="pad ink2">{t('competitor.noSegment')}</p>;
  return (
    <Scroll label={t('competitor.segment')}>
      <table className="t">
        <thead>
          <tr>
            <th>{t('competitor.segment')}</th>
            <th>{t('competitor.order.closed')}</th>
            <th>{t('competitor.rate')}</th>
            <th>{t('competitor.rateWithout')}</th>
          </tr>
        </thead>
        <tbody>
          {groups.slice(0, 30).map((g) => (
            <tr key={g.id} className={g.winRate.won + g.winRate.lost < 10 ? 'few' : undefined}>
              <td>{g.key || t('competitor.noneOf')}</td>
              <td className="whole">{t('competitor.went', { won: g.winRate.won, lost: g.winRate.lost })}</td>
              <td>{share(g.winRate)}</td>
              <td>{share(g.without)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Scroll>
  );
}
