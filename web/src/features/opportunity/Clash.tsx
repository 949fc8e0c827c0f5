import { Alert, Button, Input } from 'antd';
import { useTranslation } from 'react-i18next';
import { ApiError } from '../../api/client';
import { useMe, useNames } from '../../app/session';
import { Field } from '../../ui/bits';
import { useProblemText } from '../../ui/problemText';
import { RecordLink } from '../../ui/RecordLink';
import { addTask, useTaskChange } from '../task/queries';

type Params = { ownerIds: string[]; deals: { id: string; name: string; ownerId: string }[] };

/** clashOf is what the server says of a customer others work on; undefined of any other answer. */
export const clashOf = (error: unknown): Params | undefined =>
  error instanceof ApiError && error.problem.code === 'opportunity.clash'
    ? (error.problem.params as Params)
    : undefined;

/** Clash (撞单) says who works on the customer already, and the ways on: to ask him, or to say why all the same. */
export function Clash({
  clash,
  customer,
  reason,
  onReason,
}: {
  clash: Params;
  customer: string;
  reason: string;
  onReason: (reason: string) => void;
}) {
  const { t } = useTranslation();
  const names = useNames();
  return (
    <>
      <Alert
        type="warning"
        showIcon
        className="problem"
        title={t('clash.said', { owners: clash.ownerIds.map(names.member).join(t('common.comma')), customer })}
        description={clash.deals.map((d) => (
          <p key={d.id}>
            <RecordLink kind="opportunity" id={d.id}>
              {d.name}
            </RecordLink>{' '}
            · {names.member(d.ownerId)}
          </p>
        ))}
      />
      {clash.ownerIds.map((id) => (
        <Ask key={id} owner={id} customer={customer} />
      ))}
      <Field label={t('clash.why')} at="clashReason" hint={t('clash.whyHint')}>
        <Input.TextArea rows={2} value={reason} onChange={(e) => onReason(e.target.value)} maxLength={300} />
      </Field>
    </>
  );
}

/** Ask gives the owner a task: who else is at the customer, and that they should talk. */
function Ask({ owner, customer }: { owner: string; customer: string }) {
  const { t } = useTranslation();
  const me = useMe();
  const names = useNames();
  const text = useProblemText();
  const ask = useTaskChange<void>((_, key) =>
    addTask({ what: t('clash.task', { name: me.name, customer }), memberId: owner, dueOn: me.today }, key),
  );
  if (ask.isSuccess) return <p className="good">{t('clash.asked', { name: names.member(owner) })}</p>;
  return (
    <>
      <Button block className="problem" loading={ask.isPending} onClick={() => ask.mutate()}>
        {t('clash.ask', { name: names.member(owner) })}
      </Button>
      {ask.error && <p className="bad">{text(ask.error)}</p>}
    </>
  );
}
