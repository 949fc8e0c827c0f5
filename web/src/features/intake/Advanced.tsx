import { useQuery } from '@tanstack/react-query';
import { Button, Input } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, must } from '../../api/client';
import { useWrite } from '../../app/useWrite';
import { Field } from '../../ui/bits';
import { Select } from '../../ui/Select';
import type { Mapping } from './mapping';
import { mappingsOf } from './queries';

/** Advanced uses, shows and saves the mapping as the small file it is. */
export function Advanced({
  mapping,
  suggested,
  yaml,
  setYaml,
}: {
  mapping: Mapping;
  suggested: string;
  yaml: string;
  setYaml: (y: string) => void;
}) {
  const { t } = useTranslation();
  const saved = useQuery(mappingsOf);
  const [name, setName] = useState('');
  const save = useWrite(() => must(api.POST('/api/mappings', { body: { name, ...(yaml ? { yaml } : { mapping }) } })), {
    said: t('common.saved'),
    told: true,
    stale: [['mappings']],
  });
  return (
    <details className="advanced">
      <summary>{t('import.advanced')}</summary>
      <p className="ink2">{t('import.advancedHint')}</p>
      <div className="grid2">
        <Field label={t('import.savedMapping')}>
          <Select
            className="wide"
            allowClear
            placeholder={t('import.useSaved')}
            onChange={(v?: string) => setYaml(saved.data?.find((s) => s.id === v)?.yaml ?? '')}
            options={saved.data?.map((s) => ({ value: s.id, label: s.name }))}
          />
        </Field>
        <Field label={t('import.saveAs')}>
          <span className="row-8">
            <Input
              aria-label={t('import.saveAs')}
              value={name}
              onChange={(e) => setName(e.target.value)}
              maxLength={60}
            />
            <Button disabled={!name.trim()} loading={save.isPending} onClick={() => save.mutate()}>
              {t('common.save')}
            </Button>
          </span>
        </Field>
      </div>
      <Button size="small" onClick={() => setYaml(yaml ? '' : suggested)}>
        {yaml ? t('import.form') : 'YAML'}
      </Button>
      {yaml && (
        <Field label={t('import.yaml')} hint={t('import.yamlHint')}>
          <Input.TextArea rows={18} value={yaml} onChange={(e) => setYaml(e.target.value)} className="mono" />
        </Field>
      )}
    </details>
  );
}
