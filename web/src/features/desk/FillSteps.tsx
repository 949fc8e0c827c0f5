import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { Button, Drawer, Skeleton } from 'antd';
import { useTranslation } from 'react-i18next';
import { useMe, useNames } from '../../app/session';
import { Amount } from '../../ui/Amount';
import { Facts } from '../../ui/Facts';
import { day } from '../../ui/format';
import { useForm } from '../../ui/forms';
import { ProblemBox } from '../../ui/Problem';
import { RecordLink } from '../../ui/RecordLink';
import { type Opp, opportunityKeys, withoutStep } from '../opportunity/queries';
import { CureLine } from './CureLine';
import { cures } from './cures';
import { type Line, useLines, type Words } from './useLines';

/** FillSteps is one list of the deals without a next step: each line is saved by itself, and what is refused stays in it. */
export function FillSteps({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  useForm();
  const query = useQueryClient();
  const lines = useLines(cures.noNextStep);
  const found = useInfiniteQuery(withoutStep);
  const deals = found.data?.pages.flatMap((p) => p.items) ?? [];
  const written = deals.filter((o) => lines.ready(o.id));
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
        <Button
          type="primary"
          disabled={written.length === 0}
          loading={lines.running}
          onClick={() => lines.saveAll(written)}
        >
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
          line={lines.of(o.id)}
          ready={lines.ready(o.id)}
          onChange={(part) => lines.write(o.id, part)}
          onSave={() => lines.save(o)}
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
  ready,
  onChange,
  onSave,
}: {
  o: Opp;
  line: Line;
  ready: boolean;
  onChange: (part: Partial<Words>) => void;
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
        </RecordLink>
        <Facts>
          {o.stage}
          {names.member(o.ownerId)}
          <Amount minor={o.amountMinor} currency={o.currency} />
          {o.lastContactOn && t('opp.lastContactOn', { on: day(o.lastContactOn, me.today) })}
        </Facts>
      </div>
      {line.state === 'saved' ? (
        <div className="good" role="status">
          ✓ {line.what} · {day(line.dueOn, me.today)}
        </div>
      ) : (
        <CureLine
          of="noNextStep"
          o={o}
          line={line}
          ready={ready}
          onChange={onChange}
          onSave={onSave}
          onEnter={() => ready && onSave()}
        />
      )}
    </div>
  );
}
