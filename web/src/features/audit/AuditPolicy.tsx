import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { App, Button, InputNumber } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, must, tagged } from '../../api/client';
import { Field } from '../../ui/bits';
import { ProblemBox } from '../../ui/Problem';

/** AuditPolicy is how long addresses and failures are kept. */
export function AuditPolicy() {
  const policy = useQuery({
    queryKey: ['audit-policy'],
    queryFn: () => tagged(api.GET('/api/settings/audit')),
  });
  if (policy.error) return <ProblemBox error={policy.error} />;
  if (!policy.data) return null;
  return <Form key={policy.data.etag} {...policy.data} />;
}

function Form(p: { keepDays: number; etag: string }) {
  const { t } = useTranslation();
  const query = useQueryClient();
  const { message } = App.useApp();
  const [days, setDays] = useState<number | null>(p.keepDays);
  const save = useMutation({
    mutationFn: () =>
      must(
        api.PUT('/api/settings/audit', {
          params: { header: { 'If-Match': p.etag } },
          body: { keepDays: days ?? 0 },
        }),
      ),
    onSuccess: async () => {
      message.success(t('common.saved'));
      await query.invalidateQueries({ queryKey: ['audit-policy'] });
      await query.invalidateQueries({ queryKey: ['audit'] });
    },
  });
  return (
    <div className="card pad">
      {save.error && <ProblemBox error={save.error} />}
      <Field label={t('audit.keep')} hint={t('audit.keepHint')}>
        <InputNumber<number> min={180} max={3650} value={days} onChange={setDays} />
      </Field>
      <Button loading={save.isPending} onClick={() => save.mutate()}>
        {t('common.save')}
      </Button>
    </div>
  );
}
