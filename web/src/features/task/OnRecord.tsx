import { useQuery } from '@tanstack/react-query';
import { useDeferredValue, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { recordKinds } from '../../api/enums.gen';
import { Field } from '../../ui/bits';
import { Select } from '../../ui/Select';
import { found } from '../search/queries';

type On = { kind: string; id: string; name: string };

/** OnRecord searches for the record a task is about; none is allowed. */
export function OnRecord({ value, onChange }: { value?: On; onChange: (on?: On) => void }) {
  const { t } = useTranslation();
  const [typed, setTyped] = useState('');
  const q = useDeferredValue(typed.trim());
  const hits = useQuery(found(q)).data?.groups ?? [];
  const key = (kind: string, id: string) => `${kind}/${id}`;
  const options = [...recordKinds].reverse().flatMap((kind) => {
    // opportunities in front
    const items = q ? (hits.find((g) => g.kind === kind)?.items ?? []) : [];
    return items.length === 0
      ? []
      : [
          {
            label: t(`search.kind.${kind}`),
            options: items.map((h) => ({
              value: key(kind, h.id),
              label: [h.name, h.account].filter(Boolean).join(' · '),
              on: { kind, id: h.id, name: h.name },
            })),
          },
        ];
  });
  const all = options.flatMap((o) => o.options);
  return (
    <Field label={t('task.on')} at="on">
      <Select<string>
        className="wide"
        allowClear
        showSearch={{ onSearch: setTyped, filterOption: false }}
        placeholder={t('task.onHint')}
        notFoundContent={q ? t('search.none', { q }) : null}
        value={value && key(value.kind, value.id)}
        labelRender={() => value?.name}
        options={options}
        onChange={(chosen?: string) => onChange(all.find((o) => o.value === chosen)?.on)}
      />
    </Field>
  );
}
