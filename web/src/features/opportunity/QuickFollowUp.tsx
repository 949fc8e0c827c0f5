import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { routeOf } from '../../app/routes';
import { accountOf } from '../account/queries';
import { About, type Topic } from './About';
import { FollowUpDialog } from './FollowUpDialog';
import { opportunityDetail } from './queries';

/** QuickFollowUp is the phone's +: about the deal or the customer one is on, else about one of those talked about last. */
export default function QuickFollowUp({ at, onClose }: { at: ReturnType<typeof routeOf>; onClose: () => void }) {
  const onDeal = at.route === '/opportunities/:id' ? at.id : '';
  const onAccount = at.route === '/accounts/:id' ? at.id : '';
  const [chosen, setChosen] = useState<Topic>();
  const deal = useQuery({ ...opportunityDetail(onDeal), enabled: !!onDeal }).data;
  const account = useQuery({ ...accountOf(onAccount), enabled: !!onAccount }).data;
  const here: Topic | undefined = deal
    ? { id: deal.id, accountId: deal.accountId, name: deal.name, account: deal.account }
    : undefined;
  const topic = chosen ?? here;
  return (
    <FollowUpDialog
      topic={topic}
      at={at.id}
      choose={
        <About
          key={onAccount}
          account={onAccount ? { id: onAccount, name: account?.name ?? '' } : undefined}
          value={topic}
          onChange={setChosen}
        />
      }
      onClose={onClose}
    />
  );
}
