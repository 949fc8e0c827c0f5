import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { App, Button, InputNumber } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, must, tagged } from '../../api/client';
import { Field } from '../../ui/bits';
import { ProblemBox } from '../../ui/Problem';

/** SessionPolicy is how long a company's sessions last. */
export function SessionPolicy() {
  const policy = useQuery({
    queryKey: ['sign-in-policy'],
    queryFn: () => tagged(api.GET('/api/settings/sign-in')),
  });
  if (policy.error) return <ProblemBox error={policy.error} />;
  if (!policy.data) return null;
  return <PolicyForm key={policy.data.etag} {...policy.data} />;
}

function PolicyForm(p: { idleMinutes: number; absoluteHours: number; etag: string }) {
  const { t } = useTranslation();
  const query = useQueryClient();
  const { message } = App.useApp();
  const [idle, setIdle] = useState<number | null>(p.idleMinutes);
  const [absolute, setAbsolute] = useState<number | null>(p.absoluteHours);
  const save = useMutation({
    mutationFn: () =>
      must(
        api.PUT('/api/settings/sign-in', {
          params: { header: { 'If-Match': p.etag } },
          body: { idleMinutes: idle ?? 0, absoluteHours: absolute ?? 0 },
        }),
      ),
    onSuccess: async () => {
      message.success(t('common.saved'));
      await query.invalidateQueries({ queryKey: ['sign-in-policy'] });
    },
  });
  return (
    <div className="card pad">
      {save.error && <ProblemBox error={save.error} />}
      <Field label={t('identity.idle')} hint={t('identity.idleHint')}>
        <InputNumber<number> min={5} max={10080} value={idle} onChange={setIdle} />
      </Field>
      <Field label={t('identity.absolute')} hint={t('identity.absoluteHint')}>
        <InputNumber<number> min={1} max={720} value={absolute} onChange={setAbsolute} />
      </Field>
      <Button type="primary" loading={save.isPending} onClick={() => save.mutate()}>
        {t('common.save')}
      </Button>
    </div>
  );
}
