import { useQuery } from '@tanstack/react-query';
import { Radio } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { newId } from '../../api/newId';
import { useFields } from '../../app/CustomFields';
import { useNames } from '../../app/session';
import { Field } from '../../ui/bits';
import { Dialog } from '../../ui/Dialog';
import { PersonPicker } from '../../ui/PersonPicker';
import { Missing } from '../../ui/Problem';
import { AccountSelect } from './AccountForm';
import { useMerge } from './merges';
import { contactsLike, type Look, lookOf, type Merge, type Mergeable, type MergeKind } from './queries';

/** MergeDialog makes two records one: which stays, whose value stays field by field, and what moves. */
export function MergeDialog({
  kind,
  one,
  other,
  onClose,
  onDone,
}: {
  kind: MergeKind;
  one: Mergeable;
  /** The other one; where it is not settled it is searched for. */
  other?: Mergeable;
  onClose: () => void;
  onDone?: (m: Merge) => void;
}) {
  const { t } = useTranslation();
  const [id] = useState(newId);
  const [found, setFound] = useState(other?.id ?? '');
  const [swapped, setSwapped] = useState(false);
  const [take, setTake] = useState<string[]>([]);
  const [kept, gone] = swapped ? [found, one.id] : [one.id, found];
  const look = useQuery({ ...lookOf(kind, kept, gone), enabled: found !== '' });
  const merge = useMerge(kind, (m) => {
    onDone?.(m);
    onClose();
  });
  const shown = found ? look.data : undefined;
  return (
    <Dialog
      title={t(`merge.title.${kind}`)}
      ok={t('merge.go')}
      width={640}
      ready={!!shown}
      pending={merge.isPending}
      error={merge.error}
      onOk={() => shown && merge.mutate({ id, kept, gone, look: shown, take })}
      onClose={onClose}
    >
      {!other && (
        <Field label={t('merge.with', { name: one.name })}>
          {kind === 'account' ? (
            <AccountSelect value={found} onChange={setFound} without={one.id} />
          ) : (
            <PersonSelect value={found} onChange={setFound} without={one.id} />
          )}
        </Field>
      )}
      {found && !shown && <Missing of={look} />}
      {shown && (
        <>
          <Field label={t('merge.stays')}>
            <Radio.Group
              value={swapped}
              onChange={(e) => {
                setSwapped(e.target.value);
                setTake([]);
              }}
              options={[
                { value: false, label: whose(swapped ? shown.goneName : shown.keptName, t('merge.first')) },
                { value: true, label: whose(swapped ? shown.keptName : shown.goneName, t('merge.second')) },
              ]}
            />
          </Field>
          <Differing kind={kind} look={shown} take={take} onTake={setTake} />
          <Moving look={shown} />
        </>
      )}
    </Dialog>
  );
}

const whose = (name: string, which: string) => `${name} · ${which}`;

/** Differing are the fields in which the two differ; one value of each stays. */
function Differing({
  kind,
  look,
  take,
  onTake,
}: {
  kind: MergeKind;
  look: Look;
  take: string[];
  onTake: (take: string[]) => void;
}) {
  const { t } = useTranslation();
  const own = useFields(kind);
  const label = (field: string) =>
    field.startsWith('custom.')
      ? (own.find((f) => `custom.${f.key}` === field)?.label ?? field.slice(7))
      : t(`merge.field.${field}`);
  if (look.fields.length === 0) return <p className="ink2">{t('merge.alike')}</p>;
  return (
    <fieldset className="field bare">
      <legend>{t('merge.choose')}</legend>
      {look.fields.map((f) => (
        <div className="merge-field" key={f.field}>
          <span className="ink2">{label(f.field)}</span>
          <Radio.Group
            aria-label={label(f.field)}
            value={take.includes(f.field)}
            onChange={(e) => onTake(e.target.value ? [...take, f.field] : take.filter((x) => x !== f.field))}
            options={[
              { value: false, label: f.kept || t('merge.empty') },
              { value: true, label: f.gone || t('merge.empty') },
            ]}
          />
        </div>
      ))}
    </fieldset>
  );
}

const moves = ['deals', 'people', 'followUps', 'tasks', 'files', 'children', 'jobs', 'evidence', 'external'] as const;

/** Moving is what goes along, and what becomes of who owned the one that goes. */
function Moving({ look }: { look: Look }) {
  const { t } = useTranslation();
  const names = useNames();
  const some = moves.filter((k) => look.moves[k] > 0);
  return (
    <>
      <p>
        {some.length === 0
          ? t('merge.movesNothing')
          : t('merge.moves', {
              what: some.map((k) => t(`merge.move.${k}`, { count: look.moves[k] })).join(t('common.comma')),
            })}
      </p>
      {look.goneOwnerId !== look.keptOwnerId && (
        <p className="ink2">
          {t('merge.owner', { kept: names.member(look.keptOwnerId), gone: names.member(look.goneOwnerId) })}
        </p>
      )}
      <p className="ink2">{t('merge.hint', { name: look.goneName })}</p>
    </>
  );
}

/** PersonSelect finds a contact by name, pinyin or initials. */
function PersonSelect({
  value,
  onChange,
  without,
}: {
  value: string;
  onChange: (id: string) => void;
  without: string;
}) {
  const { t } = useTranslation();
  const [search, setSearch] = useState('');
  const found = useQuery(contactsLike(search));
  return (
    <PersonPicker
      clearable
      placeholder={t('common.searchHint')}
      onSearch={setSearch}
      value={value}
      onChange={(v) => onChange(v ?? '')}
      people={found.data?.items.filter((c) => c.id !== without).map((c) => ({ ...c, beside: c.account }))}
    />
  );
}
