import { useQuery } from '@tanstack/react-query';
import { Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type Tie, tiesBetween } from './queries';
import { TieDialog } from './TieDialog';

/** Between are how a customer's people stand to each other, in words, and where it is noted. */
export function Between({ people }: { people: { id: string; name: string }[] }) {
  const { t } = useTranslation();
  const ties = useQuery(tiesBetween(people.map((p) => p.id))).data ?? [];
  const [editing, setEditing] = useState<Tie | 'new'>();
  const first = people[0];
  if (!first || people.length < 2) return null;
  return (
    <section className="pad line-above stack-6" aria-label={t('tie.between')}>
      {ties.map((x) => (
        <div key={x.id} className="between-6">
          <span>
            <b>{t('tie.pair', { one: x.fromContactName, other: x.contactName })}</b>{' '}
            {x.kind === 'superior'
              ? t(`tie.twoDirections.${x.direction === 'below' ? 'below' : 'above'}`, {
                  one: x.fromContactName,
                  other: x.contactName,
                })
              : t(`tie.kind.${x.kind}`)}{' '}
            {x.mine && x.visibility !== 'shown' && <span className="chip">{t(`tie.visibility.${x.visibility}`)}</span>}
          </span>
          {x.mine && (
            <Button size="small" type="text" onClick={() => setEditing(x)}>
              {t('tie.edit')}
            </Button>
          )}
        </div>
      ))}
      <div>
        <Button size="small" onClick={() => setEditing('new')}>
          {t('tie.noteTwo')}
        </Button>
      </div>
      {editing && (
        <TieDialog
          of={first}
          among={people}
          tie={editing === 'new' ? undefined : editing}
          onClose={() => setEditing(undefined)}
        />
      )}
    </section>
  );
}
