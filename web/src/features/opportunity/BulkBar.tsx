import { useQueryClient } from '@tanstack/react-query';
import { App, Button, Modal, Select } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, must } from '../../api/client';
import { useCan, usePipeline } from '../../app/session';
import { useProblemText } from '../../ui/problemText';
import { HandoverDialog } from './dialogs';
import { opportunityKeys } from './queries';

/** BulkBar acts on a selection; each record passes the same gate alone. */
export function BulkBar({
  selected,
  pipelineId,
  onDone,
}: {
  selected: string[];
  pipelineId: string | undefined;
  onDone: () => void;
}) {
  const { t } = useTranslation();
  const query = useQueryClient();
  const { message } = App.useApp();
  const text = useProblemText();
  const pipeline = usePipeline(pipelineId);
  const mayHandOver = useCan('opportunity.handover');
  const [to, setTo] = useState<string>();
  const [handing, setHanding] = useState(false);
  const moveAll = async () => {
    try {
      const results = await must(
        api.POST('/api/bulk/move', { headers: { 'Yunchou-Path': 'bulk' }, body: { ids: selected, to: to ?? '' } }),
      );
      const moved = results.filter((r) => r.moved).length;
      message.info(t('list.bulkDone', { moved, refused: results.length - moved }));
      onDone();
    } catch (e) {
      message.error(text(e));
    }
    setTo(undefined);
    await query.invalidateQueries({ queryKey: opportunityKeys.all });
  };
  return (
    <div className="filters card pad">
      {t('list.selected', { count: selected.length })}
      <Select
        aria-label={t('list.moveTo')}
        placeholder={pipeline.data ? t('list.moveTo') : t('list.choosePipeline')}
        disabled={!pipeline.data}
        value={to}
        onChange={setTo}
        className="minw-160"
        options={pipeline.data?.stages.filter((s) => s.kind === 'open').map((s) => ({ value: s.id, label: s.name }))}
      />
      {mayHandOver && <Button onClick={() => setHanding(true)}>{t('handover.title')}</Button>}
      <Button type="text" onClick={onDone}>
        {t('list.unselect')}
      </Button>
      <Modal
        open={!!to}
        onCancel={() => setTo(undefined)}
        onOk={moveAll}
        title={t('list.bulkTitle', { count: selected.length })}
        okText={t('list.bulkGo')}
      >
        {t('list.bulkHint')}
      </Modal>
      {handing && (
        <HandoverDialog
          ids={selected}
          onClose={(done) => {
            setHanding(false);
            if (done) onDone();
          }}
        />
      )}
    </div>
  );
}
