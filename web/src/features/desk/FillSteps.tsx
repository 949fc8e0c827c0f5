import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { Button, Drawer, Input, Skeleton } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useMe, useNames } from '../../app/session';
import { useWrite } from '../../app/useWrite';
import { Amount } from '../../ui/Amount';
import { DateField } from '../../ui/DateField';
import { day } from '../../ui/format';
import { ProblemBox } from '../../ui/Problem';
import { RecordLink } from '../../ui/RecordLink';
import { addStep, type Opp, opportunityKeys, withoutStep } from '../opportunity/queries';

type Line = { what: string; dueOn: string; state?: 'saving' | 'saved'; error?: unknown };

/** FillSteps is one list of the deals without a next step: each line is saved by itself, and what is refused stays in it. */
export function FillSteps({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const me = useMe();
  const query = useQueryClient();
  const [lines, setLines] = useState<Record<string, Line>>({});
  const [running, setRunning] = useState(false);
  const found = useInfiniteQuery(withoutStep);
  const deals = found.data?.pages.flatMap((p) => p.items) ?? [];
  const of = (id: string): Line => lines[id] ?? { what: '', dueOn: me.nextWorkingDay };
  const put = (id: string, part: Partial<Line>) =>
    setLines((all) => ({ ...all, [id]: { ...(all[id] ?? { what: '', dueOn: me.nextWorkingDay }), ...part } }));
  const add = useWrite(({ id, ...step }: { id: string; what: string; dueOn: string }, key) =>
    addStep(id, step, key([id, step])),
  );
  const save = async (id: string) => {
    const { what, dueOn } = of(id);
    put(id, { state: 'saving', error: undefined });
    await add.mutateAsync({ id, what, dueOn }).then(
      () => put(id, { state: 'saved' }),
      (error) => put(id, { state: undefined, error }),
    );
  };
  const written = deals.filter((o) => of(o.id).what.trim() && !of(o.id).state).map((o) => o.id);
  const saveAll = async () => {
    setRunning(true);
    for (const id of written) await save(id);
    setRunning(false);
  };
  const close = () => {
    onClose();
    query.invalidateQueries({ queryKey: opportunityKeys.all });
  };
  return (
    <Drawer
      open
      size="large"
      title={t('desk.fillTitle')}
      onClose={close}
      footer={
        <Button type="primary" disabled={written.length === 0} loading={running} onClick={saveAll}>
          {t('desk.fillSave', { count: written.length })}
        </Button>
      }
    >
      {found.isPending && <Skeleton active />}
      {found.error && <ProblemBox error={found.error} retry={found.refetch} />}
      {found.data && deals.length === 0 && <p className="ink2">{t('desk.fillNone')}</p>}
      {deals.map((o) => (
        <FillLine
          key={o.id}
          o={o}
          line={of(o.id)}
          onChange={(part) => put(o.id, { ...part, error: undefined })}
          onSave={() => save(o.id)}
        />
      ))}
      {found.hasNextPage && (
        <Button block loading={found.isFetchingNextPage} onClick={() => found.fetchNextPage()}>
          {t('common.more')}
        </Button>
      )}
    </Drawer>
  );
}

function FillLine({
  o,
  line,
  onChange,
  onSave,
}: {
  o: Opp;
  line: Line;
  onChange: (part: Partial<Line>) => void;
  onSave: () => void;
}) {
  const { t } = useTranslation();
  const me = useMe();
  const names = useNames();
  return (
    <div className="stack-6 fill-line">
      <div>
        <RecordLink kind="opportunity" id={o.id}>
          <b>{o.name}</b>
        </RecordLink>{' '}
        <span className="ink2">
          {o.stage} · {names.member(o.ownerId)} · <Amount minor={o.amountMinor} currency={o.currency} />
          {o.lastContactOn && ` · ${t('opp.lastContactOn', { on: day(o.lastContactOn, me.today) })}`}
        </span>
      </div>
      {line.state === 'saved' ? (
        <div className="good" role="status">
          ✓ {line.what} · {day(line.dueOn, me.today)}
        </div>
      ) : (
        <div className="row-6">
          <Input
            aria-label={`${t('nextStep.what')} · ${o.name}`}
            placeholder={t('nextStep.what')}
            value={line.what}
            maxLength={200}
            onChange={(e) => onChange({ what: e.target.value })}
            onPressEnter={(e) => !e.nativeEvent.isComposing && line.what.trim() && !line.state && onSave()}
          />
          <DateField
            label={`${t('nextStep.due')} · ${o.name}`}
            value={line.dueOn}
            min={me.today}
            onChange={(dueOn) => onChange({ dueOn })}
          />
          <Button
            aria-label={`${t('common.save')} · ${o.name}`}
            disabled={!line.what.trim()}
            loading={line.state === 'saving'}
            onClick={onSave}
          >
            {t('common.save')}
          </Button>
        </div>
      )}
      {line.error !== undefined && <ProblemBox error={line.error} />}
    </div>
  );
}
