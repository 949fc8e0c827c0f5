import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { App, Button, Checkbox, Input, Segmented, Select, Switch } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiError, api, must } from '../../api/client';
import { newId } from '../../api/newId';
import { MembersSelect } from '../../app/MemberSelect';
import { useMe } from '../../app/session';
import { DateInput, Field } from '../../ui/bits';
import { Dialog } from '../../ui/Dialog';
import { addDays } from '../../ui/format';
import { opportunityKeys } from './queries';

const channels = ['visit', 'phone', 'wechat', 'email', 'meeting', 'other'] as const;

/** FollowUpDialog: channel, words, and a next step if there is one. Twenty seconds. */
export function FollowUpDialog({
  id,
  accountId,
  name,
  onClose,
}: {
  /** The deal; none where only the customer is concerned. */
  id?: string;
  accountId: string;
  name: string;
  onClose: () => void;
}) {
  const { t } = useTranslation();
  const me = useMe();
  const { message } = App.useApp();
  const [channel, setChannel] = useState<(typeof channels)[number]>('visit');
  const [words, setWords] = useState('');
  const [twoWay, setTwoWay] = useState(true);
  const [on, setOn] = useState(me.today);
  const [contacts, setContacts] = useState<string[]>([]);
  const [colleagues, setColleagues] = useState<string[]>([]);
  const [agreed, setAgreed] = useState(false);
  const [reason, setReason] = useState('');
  const [sent] = useState(() => ({ followUp: newId(), step: newId() }));
  const [step, setStep] = useState('');
  const [due, setDue] = useState(addDays(me.today, 3));
  const people = useQuery({
    queryKey: ['contacts', accountId],
    queryFn: () => must(api.GET('/api/contacts', { params: { query: { account: accountId, limit: 100 } } })),
    enabled: accountId !== '',
  });
  const query = useQueryClient();
  const save = useMutation({
    mutationFn: async () => {
      const body = {
        id: sent.followUp,
        channel,
        words,
        twoWay,
        contactIds: contacts,
        memberIds: colleagues,
        ...(on === me.today ? {} : { happenedOn: on, reason }),
      };
      if (!id) return must(api.POST('/api/accounts/{id}/follow-ups', { params: { path: { id: accountId } }, body }));
      await must(api.POST('/api/opportunities/{id}/follow-ups', { params: { path: { id } }, body }));
      if (step.trim())
        await must(
          api.POST('/api/opportunities/{id}/next-steps', {
            params: { path: { id } },
            body: { id: sent.step, what: step, dueOn: due, customerAgreed: agreed },
          }),
        );
    },
    onSuccess: async () => {
      await query.invalidateQueries({ queryKey: opportunityKeys.all });
      await query.invalidateQueries({ queryKey: ['accounts'] });
      await query.invalidateQueries({ queryKey: ['funnel'] });
      message.success(t('followUp.saved'));
      onClose();
    },
  });
  const backdated = save.error instanceof ApiError && save.error.problem.code === 'org.backdated';
  return (
    <Dialog
      title={t('followUp.title')}
      ready={!!words.trim()}
      pending={save.isPending}
      error={save.error}
      onOk={() => save.mutate()}
      onClose={onClose}
      footer={(form) => (
        <Button
          type="primary"
          size="large"
          block
          loading={save.isPending}
          disabled={!words.trim()}
          htmlType="submit"
          form={form}
        >
          {t('followUp.save')}
        </Button>
      )}
    >
      <p className="ink2 lead">{name}</p>
      <div className="across">
        <Segmented
          value={channel}
          onChange={setChannel}
          options={channels.map((c) => ({ value: c, label: t(`channel.${c}`) }))}
        />
      </div>
      <Field label={t('followUp.words')} at="words">
        <Input.TextArea
          rows={3}
          value={words}
          onChange={(e) => setWords(e.target.value)}
          placeholder={t('followUp.wordsHint')}
          maxLength={2000}
        />
      </Field>
      <Field label={t('followUp.who')}>
        <Select
          mode="multiple"
          className="wide"
          value={contacts}
          onChange={setContacts}
          optionFilterProp="label"
          notFoundContent={t('followUp.noContacts')}
          options={people.data?.items.map((c) => ({ value: c.id, label: `${c.name} ${c.title}` }))}
        />
      </Field>
      <div className="grid2">
        <Field label={t('followUp.on')}>
          <DateInput value={on} max={me.today} onChange={setOn} />
        </Field>
        <Field label={t('followUp.ours')}>
          <MembersSelect value={colleagues} onChange={setColleagues} without={[me.memberId]} />
        </Field>
        <Field label={t('followUp.twoWay')}>
          <Switch checked={twoWay} onChange={setTwoWay} />
        </Field>
        {id && (
          <>
            <Field label={t('nextStep.what')}>
              <Input value={step} onChange={(e) => setStep(e.target.value)} maxLength={200} />
            </Field>
            <Field label={t('nextStep.due')}>
              <DateInput value={due} min={me.today} onChange={setDue} />
            </Field>
            {step.trim() && (
              <Checkbox checked={agreed} onChange={(e) => setAgreed(e.target.checked)}>
                {t('nextStep.agreed')}
              </Checkbox>
            )}
          </>
        )}
      </div>
      {(backdated || reason) && (
        <Field label={t('followUp.why')}>
          <Input value={reason} onChange={(e) => setReason(e.target.value)} maxLength={200} />
        </Field>
      )}
    </Dialog>
  );
}
