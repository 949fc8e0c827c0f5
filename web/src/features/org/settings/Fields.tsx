import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Button, Input, Select } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, must, type Schemas } from '../../../api/client';
import { Field } from '../../../ui/bits';
import { ProblemBox } from '../../../ui/Problem';

/** Fields are the company's own, on accounts, contacts and opportunities. */
export function Fields() {
  const { t } = useTranslation();
  const query = useQueryClient();
  const list = useQuery({ queryKey: ['fields'], queryFn: () => must(api.GET('/api/fields')) });
  const empty = { record: 'opportunity' as const, key: '', label: '', type: 'text' as const, options: '' };
  const [f, setF] = useState<{
    record: 'account' | 'contact' | 'opportunity';
    key: string;
    label: string;
    type: Schemas['FieldField']['type'];
    options: string;
  }>(empty);
  const add = useMutation({
    mutationFn: () =>
      must(
        api.POST('/api/fields', {
          body: {
            ...f,
            options: f.options
              .split(/[,,\n]/)
              .map((x) => x.trim())
              .filter(Boolean),
          },
        }),
      ),
    onSuccess: async () => {
      setF(empty);
      await query.invalidateQueries({ queryKey: ['fields'] });
    },
  });
  return (
    <div className="cols">
      <div className="card scroll">
        <table className="t">
          <thead>
            <tr>
              <th>{t('settings.fieldLabel')}</th>
              <th className="l">{t('settings.fieldRecord')}</th>
              <th className="l">{t('settings.fieldKey')}</th>
              <th className="l">{t('settings.fieldType')}</th>
            </tr>
          </thead>
          <tbody>
            {list.data?.map((x) => (
              <tr key={x.id}>
                <td>{x.label}</td>
                <td className="l">{t(`record.of.${x.record}`)}</td>
                <td className="l">
                  <code>{x.key}</code>
                </td>
                <td className="l">{t(`fieldType.${x.type}`)}</td>
              </tr>
            ))}
          </tbody>
        </table>
        {list.data?.length === 0 && <div className="pad ink2">{t('settings.noFields')}</div>}
      </div>
      <div className="card pad">
        {add.error && <ProblemBox error={add.error} />}
        <Field label={t('settings.fieldLabel')}>
          <Input value={f.label} onChange={(e) => setF({ ...f, label: e.target.value })} maxLength={40} />
        </Field>
        <Field label={t('settings.fieldKey')} hint={t('settings.fieldKeyHint')}>
          <Input value={f.key} onChange={(e) => setF({ ...f, key: e.target.value })} maxLength={40} />
        </Field>
        <div className="grid2">
          <Field label={t('settings.fieldRecord')}>
            <Select
              className="wide"
              value={f.record}
              onChange={(v) => setF({ ...f, record: v })}
              options={(['account', 'contact', 'opportunity'] as const).map((v) => ({
                value: v,
                label: t(`record.of.${v}`),
              }))}
            />
          </Field>
          <Field label={t('settings.fieldType')}>
            <Select
              className="wide"
              value={f.type}
              onChange={(v) => setF({ ...f, type: v })}
              options={(['text', 'number', 'money', 'date', 'choice', 'person'] as const).map((v) => ({
                value: v,
                label: t(`fieldType.${v}`),
              }))}
            />
          </Field>
        </div>
        {f.type === 'choice' && (
          <Field label={t('settings.options')}>
            <Input.TextArea value={f.options} onChange={(e) => setF({ ...f, options: e.target.value })} />
          </Field>
        )}
        <Button type="primary" loading={add.isPending} disabled={!f.label || !f.key} onClick={() => add.mutate()}>
          {t('settings.addField')}
        </Button>
      </div>
    </div>
  );
}
