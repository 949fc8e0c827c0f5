import { useQuery } from '@tanstack/react-query';
import { Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCan } from '../../app/session';
import { BackgroundDialog } from './BackgroundDialog';
import { KnownBy } from './KnownBy';
import { backgroundOf, type Tie, tiesOf } from './queries';
import { TieDialog } from './TieDialog';

/** Ties are who of us knows a contact, the ties the reader may see, and what is known of the contact's life before. */
export function Ties({ id, name }: { id: string; name: string }) {
  const { t } = useTranslation();
  const canWrite = useCan('account.write');
  const ties = useQuery({ ...tiesOf(id), retry: false }).data ?? [];
  const background = useQuery({ ...backgroundOf(id), retry: false }).data;
  const [editing, setEditing] = useState<Tie | 'new'>();
  const [telling, setTelling] = useState(false);
  return (
    <section className="stack-6" aria-label={t('tie.title')}>
      <KnownBy id={id} name={name} />
      {ties.map((x) => (
        <div key={x.id} className="between-6">
          <span>
            <b>{x.memberName || x.fromContactName}</b> {t(`tie.kind.${x.kind}`)}{' '}
            {x.mine && <span className="chip">{t(x.avoid ? 'tie.avoid' : `tie.visibility.${x.visibility}`)}</span>}
          </span>
          {x.mine && (
            <Button size="small" type="text" onClick={() => setEditing(x)}>
              {t('tie.edit')}
            </Button>
          )}
        </div>
      ))}
      {background?.items.map((p) => (
        <div key={p.kind + p.name + p.fromYear}>
          {t(`tie.past.${p.kind}`, { name: p.name })} {p.fromYear ? `${p.fromYear}–${p.toYear || ''}` : ''}{' '}
          <small className="ink2">
            {[p.source && t(`tie.source.${p.source}`), p.on, p.purpose].filter(Boolean).join(' · ')}
          </small>
        </div>
      ))}
      <div className="wrap-8">
        <Button size="small" onClick={() => setEditing('new')}>
          {t('tie.iKnow')}
        </Button>
        {canWrite && background && (
          <Button size="small" onClick={() => setTelling(true)}>
            {t('tie.background')}
          </Button>
        )}
      </div>
      {editing && (
        <TieDialog
          of={{ id, name }}
          tie={editing === 'new' ? undefined : editing}
          onClose={() => setEditing(undefined)}
        />
      )}
      {telling && background && (
        <BackgroundDialog id={id} name={name} was={background} onClose={() => setTelling(false)} />
      )}
    </section>
  );
}
