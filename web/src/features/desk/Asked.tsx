import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { guidanceKeys } from '../../app/queries';
import { useWrite } from '../../app/useWrite';
import { RecordLink } from '../../ui/RecordLink';
import { ofDeals } from '../opportunity/queries';
import { Item } from './Item';
import type { Desk } from './matters';
import { recallNote } from './queries';
import { Said } from './Said';

/** Asked are the lines the reader asked about: they wait for their answer, and a question is taken back here. */
export function Asked({ lines }: { lines: Desk['lines'] }) {
  const { t } = useTranslation();
  const recall = useWrite(recallNote, {
    said: t('desk.asked.back'),
    told: true,
    stale: [...ofDeals, guidanceKeys.all],
  });
  if (lines.asked.length === 0) return null;
  return (
    <section className="card" aria-label={t('desk.asked.title')}>
      <h2>
        {t('desk.asked.title')} <span>{t('desk.asked.count', { count: lines.waiting })}</span>
      </h2>
      {lines.asked.map((line) => {
        const note = line.signs.find((s) => s.kind === 'asked');
        return (
          <Item
            key={line.kind + line.id}
            kind="i"
            title={
              line.kind === 'opportunity' || line.kind === 'account' ? (
                <RecordLink kind={line.kind} id={line.id}>
                  {line.name}
                </RecordLink>
              ) : (
                line.name
              )
            }
            actions={
              note && (
                <Button loading={recall.isPending} onClick={() => recall.mutate(note.id)}>
                  {t('desk.asked.takeBack')}
                </Button>
              )
            }
          >
            {note && <Said s={note} line={line} />}
          </Item>
        );
      })}
    </section>
  );
}
