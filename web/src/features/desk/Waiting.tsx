import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import type { Schemas } from '../../api/client';
import { useNames } from '../../app/session';
import { useWrite } from '../../app/useWrite';
import { LinkButton } from '../../ui/LinkButton';
import { Written } from '../../ui/Written';
import { ofDeals } from '../opportunity/queries';
import { Exceptions } from './Exceptions';
import { Item } from './Item';
import { confirmHandover } from './queries';

type Desk = Schemas['DeskDeskBody'];

/** Waiting is what others wait for: what was handed over, milestones to accept, exceptions. */
export function Waiting({ data }: { data: Desk }) {
  const { t } = useTranslation();
  const names = useNames();
  const kindsOf = (counts: Record<string, number>) =>
    Object.entries(counts)
      .filter(([, count]) => count > 0)
      .map(([kind, count]) => t(`handover.kind.${kind}`, { count }))
      .join(t('common.comma'));
  const confirm = useWrite(confirmHandover, { told: true, stale: [...ofDeals, ['accounts']] });
  return (
    <>
      {data.handovers.map((h) => (
        <Item
          key={h.id}
          kind="w"
          title={t('desk.handedToYou', { what: kindsOf(h.counts) })}
          em={names.member(h.fromId)}
          actions={
            <Button
              type="primary"
              loading={confirm.isPending && confirm.variables === h.id}
              onClick={() => confirm.mutate(h.id)}
            >
              {t('handover.confirm')}
            </Button>
          }
        >
          <Written>{h.reason}</Written>
        </Item>
      ))}
      {data.waiting.map((w) => (
        <Item
          key={w.id}
          kind="w"
          title={w.milestone ? t('desk.waitingFor', { milestone: w.milestone }) : t('desk.waiting')}
          em={w.opportunity}
          actions={
            <LinkButton to={`/opportunities/${w.opportunityId}`} type="primary">
              {t('desk.decide')}
            </LinkButton>
          }
        >
          {names.member(w.submittedBy)} · {t('desk.waitingDays', { count: w.waitingDays })}
          {w.stage && ` · ${w.stage}`} {w.text && `· ${w.text}`}
        </Item>
      ))}
      <Exceptions data={data} />
    </>
  );
}
