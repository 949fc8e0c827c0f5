import {
  type CollisionDetection,
  DndContext,
  type DragEndEvent,
  DragOverlay,
  KeyboardSensor,
  MouseSensor,
  pointerWithin,
  rectIntersection,
  TouchSensor,
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
import { useCan, usePipeline, usePipelines } from '../../app/session';
import { Empty, Fold, Totals } from '../../ui/bits';
import { Missing } from '../../ui/Problem';
import { Search } from '../../ui/Search';
import { useUrl } from '../../ui/useUrl';
import { NoPipeline } from '../pipeline/NoPipeline';
import { BoardCard, Lifted } from './BoardCard';
import { CreateDialog, MoveDialog } from './dialogs';
import { ClearFilters, FilterBar, FilterChips, MoreFilters } from './Filters';
import { OtherView } from './OtherView';
import { boardOf, type Card } from './queries';
import { onBoard } from './sameDeals';
import { useSpoken } from './useSpoken';
import { wholeLane } from './wholeLane';

function Lane({ id, children, over }: { id: string; children: React.ReactNode; over?: boolean }) {
  const { setNodeRef, isOver } = useDroppable({ id });
  return (
    <section ref={setNodeRef} className={isOver || over ? 'lane over' : 'lane'} data-testid={`lane-${id}`}>
      {children}
    </section>
  );
}

/** A card falls where the pointer is; moved by keys, which have none, into the lane it covers most. */
const under: CollisionDetection = (args) => (args.pointerCoordinates ? pointerWithin(args) : rectIntersection(args));

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
    useSensor(MouseSensor, { activationConstraint: { distance: 6 } }),
    // A finger that moves at once scrolls; one that rests takes the card up.
    useSensor(TouchSensor, { activationConstraint: { delay: 250, tolerance: 8 } }),
    useSensor(KeyboardSensor),
  );
  const [lifted, lift] = useState<Card | null>(null);
  const end = (e: DragEndEvent) => {
    lift(null);
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
        <OtherView to="/opportunities" />
        <div className="sp" />
        {canWrite && (
          <Button type="primary" onClick={() => setCreating(true)}>
            {t('create.title')}
          </Button>
        )}
      </div>
      <Fold first={<Search className="w-200" />}>
        <SavedViews screen="board" also={{ screen: 'opportunities', as: onBoard }} />
        <FilterBar fallback={id} />
        <MoreFilters />
        <ClearFilters />
      </Fold>
      <FilterChips />
      {(pipelines.isError && !id) || board.isError ? (
        <Missing of={board.isError ? board : pipelines} />
      ) : (
        id && board.isPending && <Skeleton active />
      )}
      {pipelines.data?.length === 0 && !id && <NoPipeline />}
      {none && (
        <Empty title={t('board.empty')}>
          <p>{t('board.emptyHint')}</p>
          <ClearFilters type="default" />{' '}
          {canWrite && <Button onClick={() => setCreating(true)}>{t('create.title')}</Button>}
        </Empty>
      )}
      {!none && board.data && (
        <DndContext
          sensors={sensors}
          collisionDetection={under}
          onDragStart={(e) => lift(e.active.data.current as Card)}
          onDragCancel={() => lift(null)}
          onDragEnd={end}
          accessibility={told}
        >
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
                    <BoardCard key={o.id} opp={o} stages={stages} onMove={(to) => setMoving({ opp: o, to })} />
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
          <DragOverlay dropAnimation={null}>{lifted && <Lifted opp={lifted} />}</DragOverlay>
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
