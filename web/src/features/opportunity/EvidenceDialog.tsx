import { useQuery } from '@tanstack/react-query';
import { App, Input, InputNumber, Select } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, must, type Schemas, upload } from '../../api/client';
import { Field } from '../../ui/bits';
import { DateField } from '../../ui/DateField';
import { Dialog } from '../../ui/Dialog';
import { FilePick } from '../../ui/FilePick';
import { useLimits } from '../../ui/limits';
import { bytes } from '../../ui/size';
import { useChange } from './queries';

type Milestone = Schemas['PipelineMilestone'];

/** EvidenceDialog takes the one kind of evidence a milestone asks for. */
export function EvidenceDialog({
  id,
  accountId,
  stageId,
  milestone,
  onClose,
}: {
  id: string;
  accountId: string;
  stageId: string;
  milestone: Milestone;
  onClose: () => void;
}) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const [text, setText] = useState('');
  const [date, setDate] = useState('');
  const [number, setNumber] = useState<number | null>(null);
  const [contact, setContact] = useState<string>();
  const [file, setFile] = useState<File | null>(null);
  const limits = useLimits();
  const given = { text, link: text, date, number: number !== null, contact, file };
  const people = useQuery({
    queryKey: ['contacts', accountId],
    queryFn: () => must(api.GET('/api/contacts', { params: { query: { account: accountId, limit: 100 } } })),
    enabled: milestone.evidence === 'contact' && accountId !== '',
  });
  const save = useChange(id, async () => {
    let fileId: string | undefined;
    if (file) {
      const f = await upload<Schemas['OpportunityFileOut']>(
        `/api/opportunities/${id}/files?name=${encodeURIComponent(file.name)}`,
        file,
      );
      fileId = f.id;
    }
    return must(
      api.POST('/api/opportunities/{id}/evidence', {
        params: { path: { id } },
        body: {
          stageId,
          milestoneKey: milestone.key,
          ...(text ? { text } : {}),
          ...(date ? { date } : {}),
          ...(number !== null ? { numberMilli: Math.round(number * 1000) } : {}),
          ...(contact ? { contactId: contact } : {}),
          ...(fileId ? { fileId } : {}),
        },
      }),
    );
  });
  return (
    <Dialog
      title={t('evidence.title', { name: milestone.name })}
      ok={t('evidence.submit')}
      ready={!!given[milestone.evidence as keyof typeof given]}
      pending={save.isPending}
      error={save.error}
      onOk={() =>
        save.mutate(undefined, {
          onSuccess: () => {
            message.success(milestone.acceptance ? t('evidence.waiting') : t('evidence.saved'));
            onClose();
          },
        })
      }
      onClose={onClose}
    >
      {milestone.evidence === 'file' && (
        <Field label={t('evidence.file')} hint={limits && t('evidence.fileHint', { size: bytes(limits.maxFileBytes) })}>
          <FilePick max={limits?.maxFileBytes} chosen={file} onPick={([f]) => setFile(f ?? null)} />
        </Field>
      )}
      {(milestone.evidence === 'text' || milestone.evidence === 'file') && (
        <Field label={milestone.evidence === 'text' ? t('evidence.text') : t('evidence.note')} at="text">
          <Input.TextArea rows={3} value={text} onChange={(e) => setText(e.target.value)} maxLength={1000} />
        </Field>
      )}
      {milestone.evidence === 'link' && (
        <Field label={t('evidence.link')} at="text">
          <Input value={text} onChange={(e) => setText(e.target.value)} placeholder="https://" maxLength={1000} />
        </Field>
      )}
      {milestone.evidence === 'date' && (
        <Field label={t('evidence.date')} at="date">
          <DateField value={date} onChange={setDate} />
        </Field>
      )}
      {milestone.evidence === 'number' && (
        <Field label={t('evidence.number')} at="numberMilli">
          <InputNumber<number> value={number} onChange={setNumber} className="wide" />
        </Field>
      )}
      {milestone.evidence === 'contact' && (
        <Field label={t('evidence.contact')} at="contactId" hint={t('evidence.contactHint')}>
          <Select
            className="wide"
            value={contact}
            onChange={setContact}
            showSearch
            optionFilterProp="label"
            options={people.data?.items.map((c) => ({ value: c.id, label: `${c.name} ${c.title}` }))}
          />
        </Field>
      )}
    </Dialog>
  );
}
