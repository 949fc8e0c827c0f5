import { useQueryClient } from '@tanstack/react-query';
import { App, Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { api, must, type Schemas } from '../../api/client';
import { useNames } from '../../app/session';
import { LinkButton } from '../../ui/LinkButton';
import { useProblemText } from '../../ui/problemText';
import { Exceptions } from './Exceptions';
import { Item } from './Item';

type Desk = Schemas['FunnelDeskBody'];

/** Waiting is what others wait for: what was handed over, milestones to accept, exceptions. */
export function Waiting({ data }: { data: Desk }) {
  const { t } = useTranslation();
  const names = useNames();
  const query = useQueryClient();
  const { message } = App.useApp();
  const text = useProblemText();
  const kindsOf = (counts: Record<string, number>) =>
    Object.entries(counts)
      .filter(([, count]) => count > 0)
      .map(([kind, count]) => t(`handover.kind.${kind}`, { count }))
      .join(t('common.comma'));
  const run = async (call: Promise<unknown>) => {
    try {
      await call;
      await query.invalidateQueries({ queryKey: ['opportunity'] });
    } catch (e) {
      message.error(text(e));
    }
  };
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
              onClick={() => run(must(api.POST('/api/handovers/{id}/confirm', { params: { path: { id: h.id } } })))}
            >
              {t('handover.confirm')}
            </Button>
          }
        >
          {h.reason}
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
