import { useQuery } from '@tanstack/react-query';
import { Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, must } from '../../api/client';
import { tieDirections } from '../../api/enums.gen';
import { asRead } from '../../api/version';
import { useCan } from '../../app/session';
import { useWrite } from '../../app/useWrite';
import { Field } from '../../ui/bits';
import { Chips } from '../../ui/Chips';
import { DateField } from '../../ui/DateField';
import { Dialog } from '../../ui/Dialog';
import { BackgroundDialog } from './BackgroundDialog';
import { KnownBy } from './KnownBy';
import { backgroundOf, type Tie, tieKeys, tiesOf } from './queries';

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
          contact={id}
          name={name}
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

const kinds = {
  classmate: 1,
  ex_colleague: 1,
  hometown: 1,
  family: 1,
  superior: 1,
  ally: 1,
  rival: 1,
} satisfies Record<Tie['kind'], 1>;
const visibilities = { private: 1, askable: 1, shown: 1 } satisfies Record<Tie['visibility'], 1>;
const keysOf = <K extends string>(all: Record<K, 1>) => Object.keys(all) as K[];

function TieDialog({ contact, name, tie, onClose }: { contact: string; name: string; tie?: Tie; onClose: () => void }) {
  const { t } = useTranslation();
  const [said, setSaid] = useState({
    kind: tie?.kind ?? ('classmate' as Tie['kind']),
    direction: (tie?.direction || 'above') as (typeof tieDirections)[number],
    strength: tie?.strength ?? 2,
    from: tie?.from ?? '',
    to: tie?.to ?? '',
    visibility: tie?.visibility ?? ('askable' as Tie['visibility']),
    avoid: tie?.avoid ?? false,
  });
  const body = {
    ...said,
    direction: said.kind === 'superior' ? said.direction : undefined,
    from: said.from || undefined,
    to: said.to || undefined,
  };
  const save = useWrite(
    (_: undefined, key) =>
      tie
        ? must(api.PUT('/api/ties/{id}', { params: asRead(tie), body }))
        : must(api.POST('/api/ties', { body: { id: key(body), contactId: contact, ...body } })),
    { done: onClose, stale: [tieKeys.all] },
  );
  const drop = useWrite(() => must(api.DELETE('/api/ties/{id}', { params: { path: { id: tie?.id ?? '' } } })), {
    told: true,
    done: onClose,
    stale: [tieKeys.all],
  });
  return (
    <Dialog
      title={t('tie.mineWith', { name })}
      read
      pending={save.isPending}
      error={save.error}
      onOk={() => save.mutate(undefined)}
      onClose={onClose}
      footer={(form) => (
        <div className="ends">
          {tie && (
            <Button danger loading={drop.isPending} onClick={() => drop.mutate()}>
              {t('tie.takeBack')}
            </Button>
          )}
          <Button type="primary" htmlType="submit" form={form} loading={save.isPending}>
            {t('common.save')}
          </Button>
        </div>
      )}
    >
      <Field label={t('tie.kindOf')} at="kind">
        <Chips
          label={t('tie.kindOf')}
          chosen={[said.kind]}
          options={keysOf(kinds).map((value) => ({ value, label: t(`tie.kind.${value}`) }))}
          onTap={(kind) => setSaid({ ...said, kind: kind as Tie['kind'] })}
        />
      </Field>
      {said.kind === 'superior' && (
        <Field label={t('tie.direction')} at="direction">
          <Chips
            label={t('tie.direction')}
            chosen={[said.direction]}
            options={tieDirections.map((value) => ({ value, label: t(`tie.${value}`, { name }) }))}
            onTap={(d) => setSaid({ ...said, direction: d as (typeof tieDirections)[number] })}
          />
        </Field>
      )}
      <Field label={t('tie.strength')} at="strength">
        <Chips
          label={t('tie.strength')}
          chosen={[String(said.strength)]}
          options={['1', '2', '3'].map((value) => ({ value, label: t(`tie.strengthOf.${value}`) }))}
          onTap={(n) => setSaid({ ...said, strength: Number(n) })}
        />
      </Field>
      <div className="grid2">
        <Field label={t('tie.from')} at="from">
          <DateField value={said.from} onChange={(from) => setSaid({ ...said, from })} />
        </Field>
        <Field label={t('tie.to')} at="to">
          <DateField value={said.to} onChange={(to) => setSaid({ ...said, to })} />
        </Field>
      </div>
      <Field label={t('tie.who2')} at="visibility">
        <Chips
          label={t('tie.who2')}
          chosen={[said.avoid ? 'avoid' : said.visibility]}
          options={[
            ...keysOf(visibilities).map((value) => ({ value, label: t(`tie.visibility.${value}`) })),
            { value: 'avoid', label: t('tie.avoid'), sub: t('tie.avoidSub') },
          ]}
          onTap={(v) =>
            setSaid(
              v === 'avoid' ? { ...said, avoid: true } : { ...said, avoid: false, visibility: v as Tie['visibility'] },
            )
          }
        />
        <p className="hint">{t(said.avoid ? 'tie.seen.avoid' : `tie.seen.${said.visibility}`)}</p>
      </Field>
      <p className="ink3">{t('tie.leaving')}</p>
    </Dialog>
  );
}
