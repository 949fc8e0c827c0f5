import { useQuery } from '@tanstack/react-query';
import { Checkbox, Skeleton } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, must, type Schemas } from '../../api/client';
import { asRead } from '../../api/version';
import { useWrite } from '../../app/useWrite';
import { Scroll } from '../../ui/bits';
import { FormDialog } from '../../ui/FormDialog';
import { ProblemBox } from '../../ui/Problem';
import { mentionsOf } from './queries';

type Contact = Schemas['AccountContactBody'];
type Mention = Schemas['MentionMentionBody'];
const keyOf = (m: Mention) => `${m.kind} ${m.id}`;

/** EraseDialog erases a person, and takes the person out of what others wrote where that is chosen. */
export function EraseDialog({ c, onClose, onErased }: { c: Contact; onClose: () => void; onErased: () => void }) {
  const { t } = useTranslation();
  const [kept, setKept] = useState<ReadonlySet<string>>(new Set());
  const found = useQuery(mentionsOf(c.id));
  const items = found.data?.items ?? [];
  const erase = useWrite(
    () => {
      const chosen = items.filter((m) => !m.byHand && !kept.has(keyOf(m)));
      const places = chosen.map((m) => ({ kind: m.kind, id: m.id }));
      return must(api.POST('/api/contacts/{id}/erase', { params: asRead(c), body: { places } }));
    },
    { done: onErased, stale: 'all' },
  );
  const keep = (m: Mention, yes: boolean) => {
    const next = new Set(kept);
    if (yes) next.add(keyOf(m));
    else next.delete(keyOf(m));
    setKept(next);
  };
  return (
    <FormDialog
      title={t('contact.eraseTitle', { name: c.name })}
      ok={t('contact.erase')}
      danger
      ready={!!found.data}
      write={erase}
      onClose={onClose}
    >
      <p>{t('contact.eraseHint')}</p>
      {found.isError && <ProblemBox error={found.error} retry={found.refetch} />}
      {found.isPending && <Skeleton active />}
      {found.data && items.length === 0 && <p>{t('contact.nowhereElse')}</p>}
      {items.length > 0 && (
        <>
          <b>{t('contact.alsoIn', { count: items.length })}</b>
          {!!found.data?.namesakes && <p>{t('contact.namesakes', { count: found.data.namesakes })}</p>}
          <Scroll label={t('contact.alsoIn', { count: items.length })} height={280}>
            {items.map((m) => (
              <Place key={keyOf(m)} m={m} chosen={!kept.has(keyOf(m))} onChange={(yes) => keep(m, !yes)} />
            ))}
          </Scroll>
          {found.data?.more && <p>{t('contact.moreThere')}</p>}
        </>
      )}
    </FormDialog>
  );
}

/** Place is one text; a record's name is changed in the record, and only told of here. */
function Place({ m, chosen, onChange }: { m: Mention; chosen: boolean; onChange: (yes: boolean) => void }) {
  const { t } = useTranslation();
  const text = m.hidden ? t('contact.outOfSight') : m.text;
  const words = (
    <>
      <b>{t(`contact.place.${m.kind.replace('.', '_')}`)}</b>
      {m.onName && ` · ${m.onName}`}
      <br />
      {m.byHand ? t('common.aside', { name: text, value: t('contact.byHand') }) : text}
    </>
  );
  if (m.byHand) return <p className="py-2">{words}</p>;
  return (
    <Checkbox className="py-2" checked={chosen} onChange={(e) => onChange(e.target.checked)}>
      {words}
    </Checkbox>
  );
}
