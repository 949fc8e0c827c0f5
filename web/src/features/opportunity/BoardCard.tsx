import { useDraggable } from '@dnd-kit/core';
import { Button, Dropdown } from 'antd';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useMe, useNames } from '../../app/session';
import { Amount } from '../../ui/Amount';
import { usePhone } from '../../ui/bits';
import { day } from '../../ui/format';
import { ClockChips } from './Clocks';
import { NextStep } from './NextStep';
import type { Card } from './queries';

type Stages = { id: string; name: string }[];
type OnMove = (to?: string) => void;

/** BoardCard is a deal on the board: dragged, or sent to another stage from its corner. */
export function BoardCard({ opp, stages, onMove }: { opp: Card; stages: Stages; onMove: OnMove }) {
  const { t } = useTranslation();
  const me = useMe();
  const names = useNames();
  const { setNodeRef, listeners, attributes, isDragging } = useDraggable({
    id: opp.id,
    data: opp,
    attributes: { roleDescription: t('board.card') },
  });
  // Not a button: it holds a link and a button of its own.
  const { role: _, ...reachable } = attributes;
  const className = ['deal', opp.stalled && 'stalled', isDragging && 'lifted'].filter(Boolean).join(' ');
  return (
    <article
      ref={setNodeRef}
      className={className}
      data-testid={`deal-${opp.name}`}
      {...listeners}
      {...reachable}
      aria-label={opp.name}
    >
      <div className="top-line">
        <Link to={`/opportunities/${opp.id}`} draggable={false}>
          {opp.name}
        </Link>
        <MoveTo stageId={opp.stageId} stages={stages} onMove={onMove} />
      </div>
      <p>
        <Amount minor={opp.amountMinor} currency={opp.currency} /> · {names.member(opp.ownerId)}
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
      <ClockChips opp={opp} />
    </article>
  );
}

/** MoveTo is the menu of a card's corner: the stages it can be sent to; on a phone a sheet that asks. */
function MoveTo({ stageId, stages, onMove }: { stageId: string; stages: Stages; onMove: OnMove }) {
  const { t } = useTranslation();
  const phone = usePhone();
  // Neither a press nor a key on it takes the card up.
  const own = {
    onPointerDown: stop,
    onMouseDown: stop,
    onTouchStart: stop,
    onKeyDown: stop,
  };
  if (phone)
    return (
      <Button size="small" type="text" className="move-to" onClick={() => onMove()} {...own}>
        {t('board.moveTo')}
      </Button>
    );
  return (
    <Dropdown
      trigger={['click']}
      placement="bottomRight"
      menu={{
        items: stages.map((s) => ({
          key: s.id,
          disabled: s.id === stageId,
          label: s.id === stageId ? `${s.name} · ${t('move.here')}` : s.name,
        })),
        onClick: ({ key, domEvent }) => {
          domEvent.stopPropagation();
          onMove(key);
        },
      }}
    >
      <Button size="small" type="text" className="move-to" {...own}>
        {t('board.moveTo')}
      </Button>
    </Dropdown>
  );
}

const stop = (e: { stopPropagation: () => void }) => e.stopPropagation();

/** Lifted is what is under the pointer while a card is moved. */
export function Lifted({ opp }: { opp: Card }) {
  return (
    <div className="deal moving">
      <b>{opp.name}</b>
      <p>
        <Amount minor={opp.amountMinor} currency={opp.currency} />
      </p>
    </div>
  );
}
