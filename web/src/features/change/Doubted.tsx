import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { useCan } from '../../app/session';
import { useWrite } from '../../app/useWrite';
import { type Change, confirm, ofChange, oneChange, refute } from './queries';

const asTold = { successorId: '', successorName: '', evenIfSame: false };

/** Doubted says with one tap whether a suspected change is so; who follows is the one that was told. */
export function Doubted({ id, name }: { id: string; name: string }) {
  return <Verdict name={name} read={() => oneChange(id)} />;
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
  const not = useWrite(async () => refute(await read()), { said: t('change.refuted'), told: true, stale: ofChange });
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
      <Button aria-label={`${t('change.refute')} · ${name}`} loading={not.isPending} onClick={() => not.mutate()}>
        {t('change.refute')}
      </Button>
    </>
  );
}
