import { useQuery } from '@tanstack/react-query';
import { Input, Modal } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { FollowUpDialog } from './FollowUpDialog';
import { listOf, type Opp } from './queries';

/** QuickFollowUp is the phone's ＋: pick the opportunity touched last, or search. */
export default function QuickFollowUp({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const [q, setQ] = useState('');
  const [picked, setPicked] = useState<Opp | null>(null);
  const list = useQuery(listOf({ q: q || undefined, state: ['open'], sort: 'contact', desc: true, limit: '12' }));
  if (picked)
    return <FollowUpDialog id={picked.id} accountId={picked.accountId} name={picked.name} onClose={onClose} />;
  return (
    <Modal open title={t('followUp.which')} onCancel={onClose} footer={null}>
      <Input.Search
        autoFocus
        allowClear
        aria-label={t('common.search')}
        placeholder={t('common.searchHint')}
        onChange={(e) => setQ(e.target.value)}
      />
      {list.data?.items.map((o) => (
        <button type="button" key={o.id} className="open row-button" onClick={() => setPicked(o)}>
          <b>{o.name}</b> <span className="ink2">{o.account}</span>
        </button>
      ))}
    </Modal>
  );
}
