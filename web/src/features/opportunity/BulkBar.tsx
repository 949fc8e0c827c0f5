import { App, Button, Modal, Select } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiError } from '../../api/client';
import { useCan, usePipeline } from '../../app/session';
import { useWrite } from '../../app/useWrite';
import { useProblemText } from '../../ui/problemText';
import { HandoverDialog } from './dialogs';
import { moveMany, ofDeals } from './queries';

/** counted are texts with how often each stands there, the most frequent first. */
const counted = (texts: string[]) =>
  [...new Set(texts)]
    .map((x): [string, number] => [x, texts.filter((y) => y === x).length])
    .sort((a, b) => b[1] - a[1]);

/** BulkBar acts on a selection; each record passes the same gate alone. */
export function BulkBar({
  selected,
  pipelineId,
  onDone,
}: {
  selected: string[];
  pipelineId: string | undefined;
  /** What stays chosen. */
  onDone: (left: string[]) => void;
}) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const text = useProblemText();
  const pipeline = usePipeline(pipelineId);
  const mayHandOver = useCan('opportunity.handover');
  const [to, setTo] = useState<string>();
  const [handing, setHanding] = useState(false);
  const [reasons, setReasons] = useState<[string, number][]>([]);
  const move = useWrite((stage: string) => moveMany(selected, stage), {
    done: (results) => {
      const refused = results.filter((r) => !r.moved);
      const moved = results.length - refused.length;
      message.info(t(refused.length ? 'list.bulkDone' : 'list.bulkAll', { moved, refused: refused.length }));
      // What was refused stays chosen, with why.
      setReasons(counted(refused.map((r) => text(new ApiError({ code: r.code, params: r.params })))));
      onDone(refused.map((r) => r.id));
    },
    ...{ told: true, parts: true, stale: ofDeals },
  });
  return (
    <div className="filters card pad bulk">
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
      <Button type="text" onClick={() => onDone([])}>
        {t('list.unselect')}
      </Button>
      <Modal
        open={!!to}
        onCancel={() => setTo(undefined)}
        onOk={() => to && move.mutate(to, { onSettled: () => setTo(undefined) })}
        confirmLoading={move.isPending}
        title={t('list.bulkTitle', { count: selected.length })}
        okText={t('list.bulkGo')}
      >
        {t('list.bulkHint')}
      </Modal>
      {reasons.length > 0 && (
        <div className="reasons" role="status">
          {reasons.map(([reason, count]) => (
            <p key={reason}>{t('list.refused', { count, reason })}</p>
          ))}
        </div>
      )}
      {handing && (
        <HandoverDialog
          ids={selected}
          onClose={(done) => {
            setHanding(false);
            if (done) onDone([]);
          }}
        />
      )}
    </div>
  );
}
