import { Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, must } from '../../../api/client';
import { recordKinds } from '../../../api/enums.gen';
import { type FieldDef, type RecordKind, useAllFields } from '../../../app/CustomFields';
import { useWrite } from '../../../app/useWrite';
import { Missing, ProblemBox } from '../../../ui/Problem';
import { swapped } from '../../../ui/swapped';
import { AddField } from './AddField';
import { ChangeField, changesOf, type FieldChange } from './ChangeField';

/** Fields are the company's own, on accounts, contacts and opportunities. */
export function Fields() {
  const { t } = useTranslation();
  const list = useAllFields();
  const [open, setOpen] = useState<{ f: FieldDef; change: FieldChange } | null>(null);
  if (!list.data) return <Missing of={list} />;
  return (
    <div className="cols">
      <div>
        {recordKinds.map((kind) => (
          <FieldsOf
            key={kind}
            kind={kind}
            list={list.data.filter((f) => f.record === kind)}
            onChange={(f, change) => setOpen({ f, change })}
          />
        ))}
        {list.data.length === 0 && <div className="card pad ink2">{t('settings.noFields')}</div>}
      </div>
      <AddField />
      {open && <ChangeField f={open.f} change={open.change} onClose={() => setOpen(null)} />}
    </div>
  );
}

/** FieldsOf are those of one kind of record, in the order of its forms; retired ones come last. */
function FieldsOf({ kind, list, onChange }: Shown) {
  const { t } = useTranslation();
  // Refused where another has added a field meanwhile: the list then shows it.
  const order = useWrite((ids: string[]) => must(api.PUT('/api/fields/order', { body: { record: kind, ids } })), {
    stale: [['fields']],
    parts: true,
  });
  if (list.length === 0) return null;
  const ids = list.filter((f) => !f.retired).map((f) => f.id);
  return (
    <section className="card scroll">
      <h2 className="pad">{t(`record.of.${kind}`)}</h2>
      {order.error && <ProblemBox error={order.error} />}
      <table className="t">
        <thead>
          <tr>
            <th>{t('settings.fieldLabel')}</th>
            <th className="l">{t('settings.fieldKey')}</th>
            <th className="l">{t('settings.fieldType')}</th>
            <th />
          </tr>
        </thead>
        <tbody>
          {list.map((f) => (
            <tr key={f.id}>
              <td>
                {f.label} {f.retired && <span className="chip">{t('fieldChange.isRetired')}</span>}
                {f.options.length > 0 && <div className="ink3">{f.options.join(t('fieldChange.between'))}</div>}
              </td>
              <td className="l">
                <code>{f.key}</code>
              </td>
              <td className="l">{t(`fieldType.${f.type}`)}</td>
              <td>
                {!f.retired && (
                  <Moves at={ids.indexOf(f.id)} ids={ids} label={f.label} busy={order.isPending} move={order.mutate} />
                )}
                {changesOf(f).map((change) => (
                  <Button key={change} size="small" onClick={() => onChange(f, change)}>
                    {t(`fieldChange.${change}`)}
                  </Button>
                ))}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
type Shown = { kind: RecordKind; list: FieldDef[]; onChange: (f: FieldDef, change: FieldChange) => void };

/** Moves change places with the one before or behind. */
function Moves({ at, ids, label, busy, move }: Moving) {
  const { t } = useTranslation();
  return ([-1, 1] as const).map((by) => (
    <Button
      key={by}
      size="small"
      type="text"
      disabled={busy || !ids[at + by]}
      aria-label={t(by < 0 ? 'fieldChange.up' : 'fieldChange.down', { label })}
      onClick={() => move(swapped(ids, at, at + by))}
    >
      {by < 0 ? '↑' : '↓'}
    </Button>
  ));
}
type Moving = { at: number; ids: string[]; label: string; busy: boolean; move: (ids: string[]) => void };
