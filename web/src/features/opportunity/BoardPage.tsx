import {
  DndContext,
  type DragEndEvent,
  KeyboardSensor,
  PointerSensor,
  useDraggable,
  useDroppable,
  useSensor,
  useSensors,
} from '@dnd-kit/core';
import { useQuery } from '@tanstack/react-query';
import { Button, Skeleton } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { SavedViews } from '../../app/SavedViews';
import { useCan, useMe, useNames, usePipeline, usePipelines } from '../../app/session';
import { Empty, Fold, Money, Totals } from '../../ui/bits';
import { day } from '../../ui/format';
import { Missing } from '../../ui/Problem';
import { Search } from '../../ui/Search';
import { useUrl } from '../../ui/useUrl';
import { ClockChips } from './Clocks';
import { CreateDialog, MoveDialog } from './dialogs';
import { ClearFilters, FilterBar, FilterChips, MoreFilters } from './Filters';
import { NextStep } from './NextStep';
import { boardOf, type Card } from './queries';
import { useSpoken } from './useSpoken';
import { wholeLane } from './wholeLane';

function Deal({ opp, onMove }: { opp: Card; onMove: () => void }) {
  const { t } = useTranslation();
  const me = useMe();
  const names = useNames();
  const { setNodeRef, listeners, attributes, transform } = useDraggable({
    id: opp.id,
    data: opp,
    attributes: { roleDescription: t('board.card') },
  });
  // Not a button: it holds a link and a button of its own.
  const { role: _, ...reachable } = attributes;
  return (
    <article
      ref={setNodeRef}
      className={opp.stalled ? 'deal stalled' : 'deal'}
      data-testid={`deal-${opp.name}`}
      style={
        transform
          ? { transform: `translate(${transform.x}px,${transform.y}px)`, zIndex: 10, position: 'relative' }
          : undefined
      }
      {...listeners}
      {...reachable}
      aria-label={opp.name}
    >
      <Link to={`/opportunities/${opp.id}`}>{opp.name}</Link>
      <p>
        <Money minor={opp.amountMinor} currency={opp.currency} /> · {names.member(opp.ownerId)}
        {opp.expectedOn && (
          <>
            {' '}
            · <span className="whole">{day(opp.expectedOn, me.today)}</span>
          </>
        )}
      </p>
      <p>
        <NextStep opp={opp} />
      </p>
      <div className="between-6">
        <ClockChips opp={opp} />
        <Button size="small" type="text" onClick={onMove} onPointerDown={(e) => e.stopPropagation()}>
          {t('board.moveTo')}
        </Button>
      </div>
    </article>
  );
}

function Lane({ id, children, over }: { id: string; children: React.ReactNode; over?: boolean }) {
  const { setNodeRef, isOver } = useDroppable({ id });
  return (
    <section ref={setNodeRef} className={isOver || over ? 'lane over' : 'lane'} data-testid={`lane-${id}`}>
      {children}
    </section>
  );
}

/** BoardPage: the open opportunities by stage. A drag is a move, through the same gate. */
export default function BoardPage() {
  const { t } = useTranslation();
  const { get, query, params } = useUrl();
  const pipelines = usePipelines();
  const id = get('pipeline') ?? pipelines.data?.[0]?.id;
  const pipeline = usePipeline(id);
  const canWrite = useCan('opportunity.write');
  const board = useQuery({
    ...boardOf({ ...query, pipeline: id }),
    enabled: !!id,
    // Lanes of another pipeline are none of this one's.
    placeholderData: (old, of) => (of?.queryKey[2].pipeline === id ? old : undefined),
  });
  const [moving, setMoving] = useState<{ opp: Card; to?: string } | null>(null);
  const [creating, setCreating] = useState(false);
  const sensors = useSensors(
    useSensor(PointerSensor, { activationConstraint: { distance: 6 } }),
    useSensor(KeyboardSensor),
  );
  const end = (e: DragEndEvent) => {
    const opp = e.active.data.current as Card;
    if (e.over && e.over.id !== opp.stageId) setMoving({ opp, to: String(e.over.id) });
  };
  const stages = pipeline.data?.stages ?? [];
  const told = useSpoken(stages);
  const none = board.data?.every((c) => c.items.length === 0);
  return (
    <>
      <div className="top">
        <h1>{t('board.title')}</h1>
        <div className="sp" />
        {canWrite && (
          <Button type="primary" onClick={() => setCreating(true)}>
            {t('create.title')}
          </Button>
        )}
      </div>
      <Fold first={<Search className="w-200" />}>
        <SavedViews screen="board" />
        <FilterBar fallback={id} />
        <MoreFilters />
        <ClearFilters />
      </Fold>
      <FilterChips />
      {(pipelines.isError && !id) || board.isError ? (
        <Missing of={board.isError ? board : pipelines} />
      ) : (
        board.isPending && <Skeleton active />
      )}
      {none && (
        <Empty title={t('board.empty')}>
          <p>{t('board.emptyHint')}</p>
          <ClearFilters type="default" />{' '}
          {canWrite && <Button onClick={() => setCreating(true)}>{t('create.title')}</Button>}
        </Empty>
      )}
      {!none && board.data && (
        <DndContext sensors={sensors} onDragEnd={end} accessibility={told}>
          <div className={board.isPlaceholderData ? 'board stale' : 'board'} aria-busy={board.isPlaceholderData}>
            {board.data.map((c) => {
              const st = stages.find((s) => s.id === c.stageId);
              const total = c.totals.reduce((n, x) => n + x.count, 0);
              return (
                <Lane key={c.stageId} id={c.stageId}>
                  <h2>
                    {st?.name}
                    <Link to={wholeLane(params, id ?? '', c.stageId)}>
                      {c.counting ? t('list.computing') : total.toLocaleString()}
                      {total > 0 && ' · '}
                      <Totals of={c.totals} />
                    </Link>
                  </h2>
                  {c.items.map((o) => (
                    <Deal key={o.id} opp={o} onMove={() => setMoving({ opp: o })} />
                  ))}
                  {c.next && id && (
                    <Link to={wholeLane(params, id, c.stageId)}>
                      {t('board.more', { count: total - c.items.length })}
                    </Link>
                  )}
                </Lane>
              );
            })}
            {stages
              .filter((s) => s.kind !== 'open')
              .map((s) => (
                <Lane key={s.id} id={s.id}>
                  <h2>{s.name}</h2>
                  <p className="ink3 m-4">{t('board.dropHere')}</p>
                </Lane>
              ))}
          </div>
        </DndContext>
      )}
      {moving && pipeline.data && (
        <MoveDialog
          opp={moving.opp}
          pipeline={pipeline.data}
          target={moving.to}
          path="board"
          onClose={() => setMoving(null)}
        />
      )}
      {creating && <CreateDialog onClose={() => setCreating(false)} pipelineId={id} />}
    </>
  );
}
