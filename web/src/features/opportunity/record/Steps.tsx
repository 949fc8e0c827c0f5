import { useInfiniteQuery } from '@tanstack/react-query';
import { Button, Checkbox, Input } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useMe, useNames } from '../../../app/session';
import { DateField } from '../../../ui/DateField';
import { day } from '../../../ui/format';
import { ProblemBox } from '../../../ui/Problem';
import { Finish } from '../../task/Finish';
import { addStep, openSteps, type RecordBody, stepsShown, useChange } from '../queries';

/** Steps is what was promised next. */
export function Steps({ r }: { r: RecordBody }) {
  const { t } = useTranslation();
  const me = useMe();
  const names = useNames();
  const [what, setWhat] = useState('');
  const [due, setDue] = useState(me.today);
  const [agreed, setAgreed] = useState(false);
  const add = useChange(r.id, (_, key) => addStep(r.id, { what, dueOn: due, customerAgreed: agreed }, key()), {
    done: () => {
      setWhat('');
      setAgreed(false);
    },
  });
  const [whole, setWhole] = useState(false);
  const pages = useInfiniteQuery({ ...openSteps(r.id), enabled: whole });
  const first = r.nextSteps.filter((n) => !n.doneOn);
  const open = pages.data?.pages.flatMap((p) => p.items) ?? first;
  const more = pages.data ? pages.hasNextPage : first.length >= stepsShown;
  return (
    <div className="card">
      <h2>{t('nextStep.title')}</h2>
      {open.map((n) => (
        <div className="ms" key={n.id}>
          <i className="box" />
          <div>
            {n.what}
            <small className={n.overdue ? 'bad' : ''}>
              {day(n.dueOn, me.today)} {n.overdue && t('nextStep.overdue')} · {names.member(n.memberId)}
              {n.customerAgreed && ` · ${t('nextStep.agreed')}`}
            </small>
          </div>
          {(r.mayWrite || n.memberId === me.memberId) && <Finish s={n} size="small" />}
        </div>
      ))}
      {pages.isError && <ProblemBox error={pages.error} retry={pages.refetch} />}
      {more && (
        <div className="pad">
          <Button
            size="small"
            loading={pages.isFetching}
            onClick={() => (whole ? pages.fetchNextPage() : setWhole(true))}
          >
            {t('nextStep.more')}
          </Button>
        </div>
      )}
      {open.length === 0 && r.state === 'open' && <div className="pad warn">{t('nextStep.none')}</div>}
      {r.mayWrite && r.state === 'open' && (
        <div className="pad stack-6">
          {add.error && <ProblemBox error={add.error} />}
          <Input
            aria-label={t('nextStep.what')}
            placeholder={t('nextStep.what')}
            value={what}
            onChange={(e) => setWhat(e.target.value)}
            onPressEnter={(e) => !e.nativeEvent.isComposing && what.trim() && !add.isPending && add.mutate()}
            maxLength={200}
          />
          {what.trim() && (
            <Checkbox checked={agreed} onChange={(e) => setAgreed(e.target.checked)}>
              {t('nextStep.agreed')}
            </Checkbox>
          )}
          <div className="row-6">
            <DateField label={t('nextStep.due')} value={due} min={me.today} onChange={setDue} />
            <Button disabled={!what.trim()} loading={add.isPending} onClick={() => add.mutate()}>
              {t('nextStep.add')}
            </Button>
          </div>
        </div>
      )}
    </div>
  );
}
