import { App, Button, Input, Select } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { api, must } from '../../api/client';
import { asRead } from '../../api/version';
import { useCan } from '../../app/session';
import { useWrite } from '../../app/useWrite';
import { Field } from '../../ui/bits';
import { Dialog } from '../../ui/Dialog';
import { type Named, ofName, type Profile } from './queries';
import { RivalInput, type Whose } from './RivalInput';

/** versioned is one as it was read; of a competitor nobody named the document may leave the version out. */
const versioned = (c: Named) => ({ id: c.id, version: c.version ?? 0 });

/** NamesDialog says what a competitor is called, and besides. */
export function NamesDialog({ c, onClose }: { c: Profile; onClose: () => void }) {
  const { t } = useTranslation();
  const [name, setName] = useState(c.name);
  const [aliases, setAliases] = useState(c.aliases ?? []);
  const save = useWrite(
    () =>
      must(api.PUT('/api/competitors/{id}', { params: asRead(versioned(c)), body: { name: name.trim(), aliases } })),
    { done: onClose, stale: ofName },
  );
  return (
    <Dialog
      title={t('competitor.names')}
      ready={!!name.trim()}
      pending={save.isPending}
      error={save.error}
      ok={t('common.save')}
      onOk={() => save.mutate()}
      onClose={onClose}
    >
      <Field at="name" label={t('competitor.name')}>
        <Input value={name} maxLength={100} onChange={(e) => setName(e.target.value)} />
      </Field>
      <Field at="aliases" label={t('competitor.aliases')} hint={t('competitor.aliasesHint')}>
        <Select
          mode="tags"
          open={false}
          suffixIcon={null}
          aria-label={t('competitor.aliases')}
          className="wide"
          value={aliases}
          tokenSeparators={['、', '，', ',', ';', '；']}
          onChange={(to: string[]) => setAliases(to)}
        />
      </Field>
    </Dialog>
  );
}

/** MergeDialog says that this one is another spelling of another: all that was written of it is read as the other's. */
export function MergeDialog({ c, onClose }: { c: Profile; onClose: () => void }) {
  const { t } = useTranslation();
  const go = useNavigate();
  const [into, setInto] = useState<Whose>({ id: '', name: '' });
  const save = useWrite(
    () => must(api.POST('/api/competitors/{id}/merge', { params: asRead(versioned(c)), body: { into: into.id } })),
    {
      said: t('competitor.merged', { from: c.name, to: into.name }),
      stale: ofName,
      done: (kept) => {
        onClose();
        go(`/competitors/${kept.id}`);
      },
    },
  );
  return (
    <Dialog
      title={t('competitor.mergeTitle', { name: c.name })}
      ready={!!into.id}
      pending={save.isPending}
      error={save.error}
      ok={t('competitor.merge')}
      onOk={() => save.mutate()}
      onClose={onClose}
    >
      <p className="ink2">{t('competitor.mergeHint', { name: c.name })}</p>
      <RivalInput not={c.id} value={into} onChange={setInto} />
    </Dialog>
  );
}

/** Spellings are those that are read as it; an administrator takes them apart again. */
export function Spellings({ c }: { c: Profile }) {
  const { t } = useTranslation();
  const canSplit = useCan('settings.edit');
  if (c.spellings.length === 0) return null;
  return (
    <section className="card" aria-label={t('competitor.spellings')}>
      <h2>{t('competitor.spellings')}</h2>
      {c.spellings.map((s) => (
        <div key={s.id} className="kv">
          <span>{s.name}</span>
          {canSplit && <Split s={s} />}
        </div>
      ))}
    </section>
  );
}

function Split({ s }: { s: Named }) {
  const { t } = useTranslation();
  const { modal } = App.useApp();
  const split = useWrite(() => must(api.POST('/api/competitors/{id}/split', { params: asRead(versioned(s)) })), {
    said: t('competitor.splitDone', { name: s.name }),
    told: true,
    stale: ofName,
  });
  const ask = () =>
    modal.confirm({
      title: t('competitor.splitTitle'),
      content: t('competitor.splitHint', { name: s.name }),
      okText: t('competitor.split'),
      onOk: () => split.mutateAsync().catch(() => {}),
    });
  return (
    <Button size="small" loading={split.isPending} aria-label={`${t('competitor.split')} ${s.name}`} onClick={ask}>
      {t('competitor.split')}
    </Button>
  );
}
