import { useQuery } from '@tanstack/react-query';
import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { useCan, useMe, useNames } from '../../app/session';
import { day } from '../../ui/format';
import { useProblemText } from '../../ui/problemText';
import { useUnmerge } from './merges';
import { type MergeKind, mergesOf } from './queries';

/** Merges is what went into a record, with the way back. */
export function Merges({ kind, id }: { kind: MergeKind; id: string }) {
  const { t } = useTranslation();
  const me = useMe();
  const names = useNames();
  const may = useCan('account.write');
  const text = useProblemText();
  const list = useQuery(mergesOf(kind, id));
  const undo = useUnmerge();
  if (!list.data?.length) return null;
  return (
    <div className="card">
      <h2>{t('merge.history')}</h2>
      {list.data.map((m) => (
        <div className="kv" key={m.id}>
          <span>
            {t('merge.from', { name: m.name })}
            <small>
              {' '}
              {day(m.madeAt.slice(0, 10), me.today)} · {names.member(m.madeBy)}
            </small>
          </span>
          {m.undoneAt ? (
            <b>{t('merge.wasUndone')}</b>
          ) : (
            may && (
              <Button
                size="small"
                aria-label={`${t('merge.undo')} ${m.name}`}
                loading={undo.isPending}
                onClick={() => undo.mutate(m.id)}
              >
                {t('merge.undo')}
              </Button>
            )
          )}
        </div>
      ))}
      {undo.error && <p className="bad pad">{text(undo.error)}</p>}
    </div>
  );
}
