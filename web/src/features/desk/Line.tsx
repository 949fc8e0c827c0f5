import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { useNames } from '../../app/session';
import { useWrite } from '../../app/useWrite';
import { LinkButton } from '../../ui/LinkButton';
import { type Linked, RecordLink } from '../../ui/RecordLink';
import { Written } from '../../ui/Written';
import { ofDeals } from '../opportunity/queries';
import { DealLine, type DeskLine } from './DealLine';
import { Ends } from './Ends';
import { Item } from './Item';
import { Leaver } from './Leaver';
import type { Desk } from './matters';
import { NoStep } from './NoStep';
import { confirmHandover } from './queries';
import { Said } from './Said';

/** Line is what waits, as its kind is shown and seen to. */
export function Line({ line, desk, team }: { line: DeskLine; desk: Desk; team: boolean }) {
  const handed = desk.handovers.find((h) => line.kind === 'handover' && h.id === line.id);
  const left = desk.leavers.find((l) => line.kind === 'member' && l.memberId === line.id);
  if (line.deal) return <DealLine line={line} team={team} />;
  if (handed) return <Handed h={handed} />;
  if (left) return <Leaver l={left} />;
  if (line.kind === 'group') return desk.deals && <NoStep deals={desk.deals} />;
  if (line.kind === 'limit') return <Limit line={line} />;
  return <OfNote line={line} />;
}

/** Handed is what came to the reader, and waits for him to confirm it. */
function Handed({ h }: { h: Desk['handovers'][number] }) {
  const { t } = useTranslation();
  const names = useNames();
  const confirm = useWrite(confirmHandover, { told: true, stale: [...ofDeals, ['accounts']] });
  const what = Object.entries(h.counts)
    .filter(([, count]) => count > 0)
    .map(([kind, count]) => t(`handover.kind.${kind}`, { count }))
    .join(t('common.comma'));
  return (
    <Item
      kind="w"
      title={t('desk.handedToYou', { what })}
      em={names.member(h.fromId)}
      actions={
        <Button type="primary" loading={confirm.isPending} onClick={() => confirm.mutate(h.id)}>
          {t('handover.confirm')}
        </Button>
      }
    >
      <Written>{h.reason}</Written>
    </Item>
  );
}

/** Limit asks who sets limits for another: what it finds is mostly waved away. */
function Limit({ line }: { line: DeskLine }) {
  const { t } = useTranslation();
  const s = line.signs[0];
  return (
    <Item
      kind="i"
      title={t('desk.limitAsks', { kind: t(`desk.kind.${line.id}`) })}
      actions={
        <>
          <LinkButton to="/settings?tab=desk" type="primary">
            {t('desk.limitSee')}
          </LinkButton>
          <Ends line={line} />
        </>
      }
    >
      {t('desk.limitWaved', { waved: s?.count, count: s?.limit })}
    </Item>
  );
}

/** OfNote is a line of notes alone: about an account or a person, or something the reader does not see. */
function OfNote({ line }: { line: DeskLine }) {
  const { t } = useTranslation();
  const linked = line.kind === 'account' || line.kind === 'opportunity';
  return (
    <Item
      kind={line.late ? '' : 'w'}
      title={
        linked ? (
          <RecordLink kind={line.kind as Linked} id={line.id}>
            {line.name}
          </RecordLink>
        ) : (
          line.name || t('desk.note.unseen')
        )
      }
      actions={
        <>
          <LinkButton to="/guidance">{t('desk.open')}</LinkButton>
          <Ends line={line} />
        </>
      }
    >
      {line.signs.map((s) => (
        <Said key={s.kind + s.id} s={s} line={line} />
      ))}
    </Item>
  );
}
