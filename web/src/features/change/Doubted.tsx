import { App, Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { useCan } from '../../app/session';
import { useWrite } from '../../app/useWrite';
import { type Change, confirm, ofChange, oneChange, refute } from './queries';

const asTold = { successorId: '', successorName: '', evenIfSame: false };

/** Doubted says with one tap whether a suspected change is so; who follows is the one that was told. */
export function Doubted({ id, name }: { id: string; name: string }) {
  return <Verdict name={name} read={() => oneChange(id)} />;
}

/** useRefute asks once more before it says that a change did not hold: nothing brings it back. */
export function useRefute(read: () => Promise<Change> | Change, suspected: boolean) {
  const { t } = useTranslation();
  const { modal } = App.useApp();
  const not = useWrite(async () => refute(await read()), { said: t('change.refuted'), told: true, stale: ofChange });
  const ask = () =>
    modal.confirm({
      title: t('change.refuteTitle'),
      content: t(suspected ? 'change.refuteAsked' : 'change.refuteHint'),
      okText: t('change.refute'),
      onOk: () => not.mutateAsync().catch(() => {}),
    });
  return { ask, pending: not.isPending };
}

/** Verdict is both answers to a suspected change. */
export function Verdict({ name, read }: { name: string; read: () => Promise<Change> | Change }) {
  const { t } = useTranslation();
  const canWrite = useCan('account.write');
  const holds = useWrite(async () => confirm(await read(), asTold), {
    said: t('change.told.confirmed'),
    told: true,
    stale: ofChange,
  });
  const not = useRefute(read, true);
  if (!canWrite) return null;
  return (
    <>
      <Button
        type="primary"
        aria-label={`${t('change.holds')} · ${name}`}
        loading={holds.isPending}
        onClick={() => holds.mutate()}
      >
        {t('change.holds')}
      </Button>
      <Button aria-label={`${t('change.refute')} · ${name}`} loading={not.pending} onClick={not.ask}>
        {t('change.refute')}
      </Button>
    </>
  );
}
