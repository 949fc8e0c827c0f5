import { Input, InputNumber } from 'antd';
import { useTranslation } from 'react-i18next';
import { api, must, type Schemas, upload } from '../../api/client';
import { newId } from '../../api/newId';
import { Field } from '../../ui/bits';
import { DateField } from '../../ui/DateField';
import { FilePick } from '../../ui/FilePick';
import { useLimits } from '../../ui/limits';
import { bytes } from '../../ui/size';
import type { RecordBody } from './queries';
import { PeopleChips, type Person } from './WithWhom';

export type Milestone = Schemas['PipelineMilestone'];

/** Given is what is handed in for one milestone. */
export type Given = {
  text: string;
  date: string;
  number: number | null;
  contact: string;
  added: Person[];
  file: File | null;
};
export const nothing: Given = { text: '', date: '', number: null, contact: '', added: [], file: null };

/** filled tells that the kind of evidence a milestone asks for is there. */
export function filled(m: Milestone, g: Given): boolean {
  const has = {
    text: !!g.text.trim(),
    link: !!g.text.trim(),
    date: !!g.date,
    number: g.number !== null,
    contact: !!g.contact,
    file: !!g.file,
  };
  return has[m.evidence];
}

// The same content keeps its id, so that trying again hands it in once.
const ids = new Map<string, string>();
const idOf = (content: string) => {
  const id = ids.get(content) ?? newId();
  ids.set(content, id);
  return id;
};

/** handIn hands in what is given for a milestone of a deal, with who is met for the first time. */
export async function handIn(
  deal: { id: string; accountId: string },
  stageId: string,
  m: Milestone,
  g: Given,
): Promise<RecordBody> {
  const met = g.added.find((p) => p.id === g.contact);
  if (met) await must(api.POST('/api/contacts', { body: { ...met, accountId: deal.accountId, evenIfSame: true } }));
  let fileId: string | undefined;
  if (g.file) {
    const url = `/api/opportunities/${deal.id}/files?name=${encodeURIComponent(g.file.name)}`;
    fileId = (await upload<Schemas['OpportunityFileOut']>(url, g.file)).id;
  }
  const body = {
    stageId,
    milestoneKey: m.key,
    ...(g.text ? { text: g.text } : {}),
    ...(g.date ? { date: g.date } : {}),
    ...(g.number !== null ? { numberMilli: Math.round(g.number * 1000) } : {}),
    ...(g.contact ? { contactId: g.contact } : {}),
    ...(fileId ? { fileId } : {}),
  };
  const id = idOf(JSON.stringify([deal.id, body]));
  return must(
    api.POST('/api/opportunities/{id}/evidence', { params: { path: { id: deal.id } }, body: { id, ...body } }),
  );
}

/** EvidenceFields asks for the one kind of evidence a milestone wants. */
export function EvidenceFields({
  milestone,
  deal,
  value,
  onChange,
  named,
}: {
  milestone: Milestone;
  deal: { id: string; accountId: string };
  value: Given;
  onChange: (g: Given) => void;
  /** The milestone's name stands in the label: there are several. */
  named?: boolean;
}) {
  const { t } = useTranslation();
  const limits = useLimits();
  const set = (part: Partial<Given>) => onChange({ ...value, ...part });
  const kind = milestone.evidence;
  const labelled = (label: string) => (named ? `${milestone.name} · ${label}` : label);
  if (kind === 'contact')
    return (
      <fieldset className="field bare">
        <legend>{labelled(t('evidence.contact'))}</legend>
        <PeopleChips
          label={labelled(t('evidence.contact'))}
          accountId={deal.accountId}
          deal={deal.id}
          chosen={value.contact ? [value.contact] : []}
          added={value.added}
          onTap={(contact) => set({ contact })}
          onAdd={(p) => set({ added: [...value.added, p], contact: p.id })}
        />
      </fieldset>
    );
  if (kind === 'date')
    return (
      <Field label={labelled(t('evidence.date'))} at="date">
        <DateField value={value.date} onChange={(date) => set({ date })} />
      </Field>
    );
  if (kind === 'number')
    return (
      <Field label={labelled(t('evidence.number'))} at="numberMilli">
        <InputNumber<number>
          controls={false}
          value={value.number}
          onChange={(number) => set({ number })}
          className="wide"
        />
      </Field>
    );
  if (kind === 'link')
    return (
      <Field label={labelled(t('evidence.link'))} at="text">
        <Input
          value={value.text}
          onChange={(e) => set({ text: e.target.value })}
          placeholder="https://"
          inputMode="url"
          maxLength={1000}
        />
      </Field>
    );
  return (
    <>
      {kind === 'file' && (
        <Field
          label={labelled(t('evidence.file'))}
          hint={limits && t('evidence.fileHint', { size: bytes(limits.maxFileBytes) })}
        >
          <FilePick max={limits?.maxFileBytes} chosen={value.file} onPick={([f]) => set({ file: f ?? null })} />
        </Field>
      )}
      <Field label={labelled(kind === 'text' ? t('evidence.text') : t('evidence.note'))} at="text">
        <Input.TextArea
          rows={kind === 'text' ? 3 : 1}
          value={value.text}
          onChange={(e) => set({ text: e.target.value })}
          maxLength={1000}
        />
      </Field>
    </>
  );
}
