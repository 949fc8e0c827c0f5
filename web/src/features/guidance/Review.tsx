import { useQuery } from '@tanstack/react-query';
import { App, Button, Input } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { lookedAt } from '../../api/enums.gen';
import { guidanceKeys } from '../../app/queries';
import { useMe, useNames } from '../../app/session';
import { useWrite } from '../../app/useWrite';
import { Empty } from '../../ui/bits';
import { Chips, toggled } from '../../ui/Chips';
import { day } from '../../ui/format';
import { Missing, ProblemBox } from '../../ui/Problem';
import { RecordLink } from '../../ui/RecordLink';
import { Written } from '../../ui/Written';
import { Looks } from './Looks';
import { lookAt, lookAtMany, reviewsOf, type ToLook, type What } from './queries';
import { useFacts } from './useFacts';
import { Ways } from './Ways';

/** Review goes through the opportunities with something new, one at a time, what is due first in front. */
export function Review() {
  const { t } = useTranslation();
  const waiting = useQuery(reviewsOf);
  const [at, setAt] = useState(0);
  const list = waiting.data?.items;
  if (!list) return <Missing of={waiting} className="pad" />;
  const one = list[Math.min(at, list.length - 1)];
  if (!one)
    return (
      <div className="card">
        <Empty title={t('guidance.review.none')}>{t('guidance.review.noneHint')}</Empty>
      </div>
    );
  const place = list.indexOf(one);
  return (
    <>
      <div className="filters review-place">
        <span>{t('guidance.review.place', { n: place + 1, count: waiting.data?.count ?? 0 })}</span>
        <Button disabled={place === 0} onClick={() => setAt(place - 1)}>
          {t('guidance.review.before')}
        </Button>
        <Button disabled={place + 1 >= list.length} onClick={() => setAt(place + 1)}>
          {t('guidance.review.next')}
        </Button>
        <span className="sp" />
        <Many ids={list.map((x) => x.opportunityId)} />
      </div>
      <One key={one.opportunityId} of={one} />
    </>
  );
}

/** Many marks all of them at once, and says that it counts for nothing. */
function Many({ ids }: { ids: string[] }) {
  const { t } = useTranslation();
  const { modal } = App.useApp();
  const mark = useWrite(() => lookAtMany(ids), {
    told: true,
    said: t('guidance.review.marked'),
    stale: [guidanceKeys.all],
  });
  const ask = () =>
    modal.confirm({
      title: t('guidance.review.manyAsk', { count: ids.length }),
      content: t('guidance.review.manyHint'),
      okText: t('guidance.review.many'),
      onOk: () => mark.mutateAsync().catch(() => {}), // told
    });
  return (
    <Button type="text" loading={mark.isPending} onClick={ask}>
      {t('guidance.review.many')}
    </Button>
  );
}

/** One is an opportunity as it stands, what is new on it, and what its reader says he looked at. */
function One({ of }: { of: ToLook }) {
  const { t } = useTranslation();
  const me = useMe();
  const names = useNames();
  const on = { kind: 'opportunity', id: of.opportunityId } as const;
  const facts = useFacts(on);
  const [seen, setSeen] = useState<What[]>([]);
  const [text, setText] = useState('');
  const look = useWrite<void>((_, key) => lookAt(of.opportunityId, seen, text.trim(), key), {
    said: t('guidance.review.done'),
    stale: [guidanceKeys.all],
  });
  return (
    <section className="card review" aria-label={of.name}>
      <h2>
        <RecordLink kind="opportunity" id={of.opportunityId}>
          {of.name}
        </RecordLink>
        <span className={of.late ? 'bad' : undefined}>
          {t(of.late ? 'guidance.review.late' : 'guidance.review.due', { on: day(of.dueOn, me.today) })}
        </span>
      </h2>
      <div className="pad">
        <p className="ink2">{t('guidance.review.owner', { who: names.member(of.ownerId) })}</p>
        <p>
          <Written>{facts ?? ''}</Written>
        </p>
        <Looks id={of.opportunityId} />
        {look.error && <ProblemBox error={look.error} />}
        <div className="field">
          <span>{t('guidance.review.what')}</span>
          <Chips
            label={t('guidance.review.what')}
            chosen={seen}
            options={lookedAt.map((value) => ({
              value,
              label: t(`guidance.what.${value}`),
              ...(of.news.includes(value) ? { sub: t('guidance.review.new') } : {}),
            }))}
            onTap={(value) => setSeen(toggled(seen, value) as What[])}
          />
        </div>
        <div className="field">
          <Input
            value={text}
            maxLength={500}
            aria-label={t('guidance.review.words')}
            placeholder={t('guidance.review.words')}
            onChange={(e) => setText(e.target.value)}
          />
        </div>
        <div className="note-acts">
          <Button type="primary" disabled={seen.length === 0} loading={look.isPending} onClick={() => look.mutate()}>
            {t('guidance.review.look')}
          </Button>
          {seen.length === 0 && <span className="ink3">{t('guidance.review.whatFirst')}</span>}
          <Ways kind="opportunity" id={of.opportunityId} ownerId={of.ownerId} />
        </div>
      </div>
    </section>
  );
}
