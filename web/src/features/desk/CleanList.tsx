import { useQuery } from '@tanstack/react-query';
import { Button, Drawer, Skeleton } from 'antd';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCan, useMe, useNames } from '../../app/session';
import { Amount } from '../../ui/Amount';
import { day } from '../../ui/format';
import { useForm } from '../../ui/forms';
import { ProblemBox } from '../../ui/Problem';
import { RecordLink } from '../../ui/RecordLink';
import { ClockChips } from '../opportunity/Clocks';
import { listOf, type Opp, ofDeals } from '../opportunity/queries';
import { CleanForm, type Way, ways } from './CleanForm';
import { CureLine } from './CureLine';
import { type Cleaning, cureOf } from './cleanup';
import { cures } from './cures';
import { useLines } from './useLines';

/** CleanList is the deals that something is wrong with, the largest first; what is done about one takes it out. */
export function CleanList({ of, onClose }: { of: Cleaning; onClose: () => void }) {
  const { t } = useTranslation();
  useForm();
  const may = useCan('opportunity.write');
  const list = useQuery({
    ...listOf({ ...of.filter, sort: 'amount', desc: 'true', limit: '50' }),
    placeholderData: (old) => old,
  });
  const [at, setAt] = useState<{ id: string; way: Way }>();
  const cure = cureOf(of);
  const lines = useLines(cure && cures[cure], [...ofDeals, ['accounts'], ['contacts']]);
  const deals = list.data?.items ?? [];
  const written = deals.filter((o) => lines.ready(o.id));
  const left = list.data?.totals.reduce((n, x) => n + x.count, 0) ?? 0;
  return (
    <Drawer
      open
      size="large"
      title={of.title}
      onClose={onClose}
      footer={
        cure &&
        may && (
          <Button
            type="primary"
            disabled={written.length === 0}
            loading={lines.running}
            onClick={() => lines.saveAll(written)}
          >
            {t('desk.fillSave', { count: written.length })}
          </Button>
        )
      }
    >
      {list.isPending && <Skeleton active />}
      {list.error && <ProblemBox error={list.error} retry={list.refetch} />}
      {list.data && <p className="ink2">{left ? t('cleanup.left', { count: left }) : t('cleanup.none')}</p>}
      {deals.map((o) => (
        <Row
          key={o.id}
          o={o}
          way={at?.id === o.id ? at.way : undefined}
          onWay={(way) => setAt(way && { id: o.id, way })}
          // Where the list puts a step in each line, there is no other way to it.
          without={cure === 'noNextStep' ? 'step' : undefined}
        >
          {cure && may && (
            <CureLine
              of={cure}
              o={o}
              line={lines.of(o.id)}
              ready={lines.ready(o.id)}
              onChange={(part) => lines.write(o.id, part)}
              onSave={() => lines.save(o)}
              onEnter={() => lines.ready(o.id) && lines.save(o)}
            />
          )}
        </Row>
      ))}
    </Drawer>
  );
}

function Row({
  o,
  way,
  onWay,
  without,
  children,
}: {
  o: Opp;
  way?: Way;
  onWay: (way?: Way) => void;
  without?: Way;
  children?: ReactNode;
}) {
  const { t } = useTranslation();
  const me = useMe();
  const names = useNames();
  const may = useCan('opportunity.write');
  return (
    <div className="stack-6 fill-line">
      <div>
        <RecordLink kind="opportunity" id={o.id}>
          <b>{o.name}</b>
        </RecordLink>{' '}
        <Amount minor={o.amountMinor} currency={o.currency} />
        <div className="ink2">
          {[o.account, o.stage, names.member(o.ownerId)].filter(Boolean).join(' · ')}
          {o.expectedOn && ` · ${t('opp.expectedOn')} ${day(o.expectedOn, me.today)}`}
        </div>
        <ClockChips opp={o} />
      </div>
      {children}
      {may && (
        <div className="row-6">
          {ways
            .filter((w) => w !== without)
            .map((w) => (
              <Button
                key={w}
                size="small"
                type={way === w ? 'primary' : 'default'}
                aria-expanded={way === w}
                aria-label={`${t(`cleanup.way.${w}`)} · ${o.name}`}
                onClick={() => onWay(way === w ? undefined : w)}
              >
                {t(`cleanup.way.${w}`)}
              </Button>
            ))}
        </div>
      )}
      {way && <CleanForm key={way} o={o} way={way} onDone={() => onWay(undefined)} />}
    </div>
  );
}
