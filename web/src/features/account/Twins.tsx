import { useQuery } from '@tanstack/react-query';
import { Button, Drawer, Skeleton } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { Schemas } from '../../api/client';
import { useNames } from '../../app/session';
import { ProblemBox } from '../../ui/Problem';
import { MergeDialog } from './dialogs';
import { type MergeKind, twinsOf } from './queries';

type Twin = Schemas['AccountTwin'];

/** TwinsList is the accounts and people that look the same, made one where they lie. */
export function TwinsList({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const asked = useQuery(twinsOf);
  const twins = asked.data;
  const [pair, setPair] = useState<{ kind: MergeKind; one: Twin; other: Twin }>();
  const groups = [
    ...(twins?.accounts ?? []).map((g) => ({ kind: 'account' as const, g })),
    ...(twins?.contacts ?? []).map((g) => ({ kind: 'contact' as const, g })),
  ];
  return (
    <Drawer open size="large" title={t('merge.twins')} onClose={onClose}>
      {asked.isPending && <Skeleton active />}
      {asked.isError && <ProblemBox error={asked.error} retry={asked.refetch} />}
      {twins && groups.length === 0 && <p className="ink2">{t('merge.noTwins')}</p>}
      {groups.map(({ kind, g: [one, ...others] }) =>
        others.map((other) => (
          <Pair key={other.id} kind={kind} one={one} other={other} onMerge={() => setPair({ kind, one, other })} />
        )),
      )}
      {pair && <MergeDialog {...pair} onClose={() => setPair(undefined)} />}
    </Drawer>
  );
}

function Pair({ kind, one, other, onMerge }: { kind: MergeKind; one: Twin; other: Twin; onMerge: () => void }) {
  const { t } = useTranslation();
  const names = useNames();
  return (
    <div className="stack-6 fill-line">
      {[one, other].map((x) => (
        <div key={x.id}>
          <Link to={`/accounts/${x.accountId}`}>
            <b>{x.name}</b>
          </Link>{' '}
          <span className="ink2">{kind === 'account' ? names.member(x.ownerId) : x.account}</span>
        </div>
      ))}
      <div className="row-6">
        <Button size="small" aria-label={`${t('merge.open')} · ${one.name}`} onClick={onMerge}>
          {t('merge.open')}
        </Button>
      </div>
    </div>
  );
}
