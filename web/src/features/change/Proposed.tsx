import { useQuery } from '@tanstack/react-query';
import { App, Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { useCan } from '../../app/session';
import { useWrite } from '../../app/useWrite';
import { Facts } from '../../ui/Facts';
import { RecordLink } from '../../ui/RecordLink';
import { Verdict } from './Doubted';
import { type Change, confirm, ofChange, proposedBy, toPlace } from './queries';

/** Proposed are the changes of people a list told of: each is confirmed, or does not hold; nothing is so before. */
export function Proposed({ batch }: { batch: string }) {
  const { t } = useTranslation();
  const list = useQuery(proposedBy(batch)).data ?? [];
  const open = list.filter((c) => c.state === 'suspected');
  if (list.length === 0) return null;
  return (
    <section className="mt-8" aria-label={t('change.proposed.title')}>
      <h3>{t('change.proposed.title')}</h3>
      <p className="ink2">{t('change.proposed.hint')}</p>
      {list.map((c) => (
        <One key={c.id} c={c} />
      ))}
      {open.length > 1 && <All list={open} />}
    </section>
  );
}

function One({ c }: { c: Change }) {
  const { t } = useTranslation();
  const where = [c.toAccountName, c.department, c.title].filter(Boolean).join(' ');
  return (
    <div className="ex i">
      <s />
      <div>
        <b>{c.contactName}</b>{' '}
        <RecordLink kind="account" id={c.accountId}>
          {c.accountName}
        </RecordLink>
        <Facts>
          {t(`change.kind.${c.kind}`)}
          {where && t(toPlace(c) ? 'change.to' : 'change.becomes', { where })}
          {c.successorName && t('change.follows', { who: c.successorName })}
          {c.deals.length > 0 && t('change.touches', { count: c.deals.length })}
        </Facts>
      </div>
      <div className="act">
        {c.state === 'suspected' ? (
          <Verdict name={c.contactName} read={() => c} />
        ) : (
          <span className="ink2">{t(`change.state.${c.state}`)}</span>
        )}
      </div>
    </div>
  );
}

/** All confirms one after another; what is refused stays, and says why. */
function All({ list }: { list: Change[] }) {
  const { t } = useTranslation();
  const { modal } = App.useApp();
  const canWrite = useCan('account.write');
  const all = useWrite(
    async () => {
      for (const c of list) await confirm(c, { successorId: '', successorName: '', evenIfSame: false });
    },
    { said: t('change.proposed.done', { count: list.length }), told: true, parts: true, stale: ofChange },
  );
  if (!canWrite) return null;
  const ask = () =>
    modal.confirm({
      title: t('change.proposed.ask'),
      content: t('change.proposed.allHint'),
      okText: t('change.proposed.ok'),
      onOk: () => all.mutateAsync().catch(() => {}),
    });
  return (
    <Button className="mt-8" loading={all.isPending} onClick={ask}>
      {t('change.proposed.all', { count: list.length })}
    </Button>
  );
}
