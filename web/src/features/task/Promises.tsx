import { useQuery } from '@tanstack/react-query';
import { Button, Skeleton } from 'antd';
import { useTranslation } from 'react-i18next';
import { useMe, useNames } from '../../app/session';
import { Empty, Scroll } from '../../ui/bits';
import { day, percent } from '../../ui/format';
import { ProblemBox } from '../../ui/Problem';
import { useUrl } from '../../ui/useUrl';
import { Written } from '../../ui/Written';
import { type Promises, promisesOf } from './queries';

/** PromisesView is what became of what customers were promised: by team and person, each figure with its records. */
export function PromisesView() {
  const { t } = useTranslation();
  const me = useMe();
  const names = useNames();
  const url = useUrl();
  const of = { member: url.get('member'), team: url.get('team') };
  const all = useQuery(promisesOf(of));
  if (!all.data)
    return all.isError ? <ProblemBox error={all.error} retry={all.refetch} /> : <Skeleton active className="pad" />;
  const p = all.data;
  const who = of.member ? names.member(of.member) : of.team && names.team(of.team);
  return (
    <>
      <p className="ink2">{t('promise.hint', { from: day(p.from, me.today), to: day(p.to, me.today) })}</p>
      <Counts
        title={t('promise.teams')}
        of={p.teams}
        name={names.team}
        onOpen={(team) => url.set({ team, member: undefined })}
      />
      <Counts
        title={t('promise.people')}
        of={p.people}
        name={names.member}
        onOpen={(member) => url.set({ member, team: undefined })}
      />
      {p.people.length === 0 && <Empty title={t('promise.none')}>{t('promise.noneHint')}</Empty>}
      {who && <Records title={t('promise.of', { who })} of={p.records} />}
    </>
  );
}

type Count = Promises['people'][number];

function Counts({
  title,
  of,
  name,
  onOpen,
}: {
  title: string;
  of: Count[];
  name: (id: string) => string;
  onOpen: (id: string) => void;
}) {
  const { t } = useTranslation();
  if (of.length === 0) return null;
  return (
    <div className="card">
      <h2>{title}</h2>
      <Scroll label={title}>
        <table className="t">
          <thead>
            <tr>
              <th>{t('promise.who')}</th>
              <th>{t('promise.rate')}</th>
              {(['kept', 'broken', 'withdrawn', 'standing', 'reagreed'] as const).map((k) => (
                <th key={k}>{t(`promise.${k}`)}</th>
              ))}
            </tr>
          </thead>
          <tbody>
            {of.map((c) => (
              <tr key={c.id}>
                <td>
                  <Button type="link" className="open" onClick={() => onOpen(c.id)}>
                    {name(c.id)}
                  </Button>
                </td>
                <td>{c.rateBp < 0 ? '—' : `${percent(c.rateBp, 0)} (${c.kept}/${c.kept + c.broken})`}</td>
                <td>{c.kept}</td>
                <td>{c.broken}</td>
                <td>{c.withdrawn}</td>
                <td>{c.standing}</td>
                <td>{c.reagreed}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
    </div>
  );
}

function Records({ title, of }: { title: string; of: Promises['records'] }) {
  const { t } = useTranslation();
  const me = useMe();
  const names = useNames();
  return (
    <div className="card">
      <h2>{title}</h2>
      {of.map((r) => (
        <div key={r.id} className="ms">
          <i className={r.outcome === 'kept' ? 'box on' : 'box'} />
          <div>
            <Written>{r.what || t('promise.hidden')}</Written>
            <small className={r.outcome === 'broken' ? 'bad' : ''}>
              {[
                t(`promise.${r.outcome}`),
                r.on && day(r.on, me.today),
                r.first === r.last
                  ? t('promise.due', { on: day(r.last, me.today) })
                  : t('promise.moved', { first: day(r.first, me.today), last: day(r.last, me.today) }),
                names.member(r.memberId),
              ]
                .filter(Boolean)
                .join(' · ')}
            </small>
          </div>
        </div>
      ))}
    </div>
  );
}
