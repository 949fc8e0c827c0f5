import { App, Button, Input } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, must } from '../../api/client';
import { asRead } from '../../api/version';
import { useCan, useMe, useNames } from '../../app/session';
import { useWrite } from '../../app/useWrite';
import { Field } from '../../ui/bits';
import { Dialog } from '../../ui/Dialog';
import { Facts } from '../../ui/Facts';
import { day } from '../../ui/format';
import { Written } from '../../ui/Written';
import { type Entry, type Profile, rivalKeys } from './queries';
import { BySource, When } from './SightingDialog';

/** Entries are what it sells, or how it goes about things and what helped against it. */
export function Entries({ c, kind }: { c: Profile; kind: Entry['kind'] }) {
  const { t } = useTranslation();
  const me = useMe();
  const names = useNames();
  const canWrite = useCan('account.write');
  const [editing, setEditing] = useState<Entry | 'new'>();
  const list = c.entries.filter((e) => e.kind === kind);
  return (
    <section className="card" aria-label={t(`competitor.kind.${kind}`)}>
      <h2>
        {t(`competitor.kind.${kind}`)}
        {canWrite && (
          <Button size="small" onClick={() => setEditing('new')}>
            {t(`competitor.addKind.${kind}`)}
          </Button>
        )}
      </h2>
      {list.length === 0 && <div className="pad ink2">{t(`competitor.noKind.${kind}`)}</div>}
      {list.map((e) => (
        <div key={e.id} className="pad line-below stack-4">
          <div className="between-6">
            <b>{e.title}</b>
            {e.mine && (
              <Button
                size="small"
                type="text"
                aria-label={`${t('record.edit')} ${e.title}`}
                onClick={() => setEditing(e)}
              >
                {t('record.edit')}
              </Button>
            )}
          </div>
          {e.words && <Written>{e.words}</Written>}
          {e.helped && (
            <div className="good">
              {t('competitor.helped')} <Written>{e.helped}</Written>
            </div>
          )}
          <Facts>
            {t(`sighting.source.${e.source}`)}
            {names.member(e.saidBy)}
            {day(e.on, me.today)}
          </Facts>
        </div>
      ))}
      {editing && (
        <EntryDialog
          of={c.id}
          kind={kind}
          e={editing === 'new' ? undefined : editing}
          onClose={() => setEditing(undefined)}
        />
      )}
    </section>
  );
}

function EntryDialog({ of, kind, e, onClose }: { of: string; kind: Entry['kind']; e?: Entry; onClose: () => void }) {
  const { t } = useTranslation();
  const me = useMe();
  const [said, setSaid] = useState({
    title: e?.title ?? '',
    words: e?.words ?? '',
    helped: e?.helped ?? '',
    source: e?.source ?? ('colleague' as Entry['source']),
    on: e?.on ?? me.today,
  });
  const save = useWrite(
    (_: undefined, key) => {
      const body = { ...said, title: said.title.trim(), words: said.words.trim(), helped: said.helped.trim() };
      if (e) return must(api.PUT('/api/competitor-entries/{id}', { params: asRead(e), body }));
      const all = { ...body, kind };
      return must(
        api.POST('/api/competitors/{id}/entries', { params: { path: { id: of } }, body: { id: key(all), ...all } }),
      );
    },
    { done: onClose, stale: [rivalKeys.all] },
  );
  return (
    <Dialog
      title={t(`competitor.${e ? 'editKind' : 'addKind'}.${kind}`)}
      ready={!!said.title.trim() && !!said.on}
      pending={save.isPending}
      error={save.error}
      ok={t('common.save')}
      onOk={() => save.mutate(undefined)}
      onClose={onClose}
      footer={e && ((form) => <Ends e={e} form={form} pending={save.isPending} onClose={onClose} />)}
    >
      <Field at="title" label={t(`competitor.titleOf.${kind}`)}>
        <Input value={said.title} maxLength={100} onChange={(x) => setSaid({ ...said, title: x.target.value })} />
      </Field>
      <Field at="words" label={t(`competitor.wordsOf.${kind}`)}>
        <Input.TextArea
          autoSize={{ minRows: 2 }}
          maxLength={1000}
          value={said.words}
          onChange={(x) => setSaid({ ...said, words: x.target.value })}
        />
      </Field>
      {kind === 'tactic' && (
        <Field at="helped" label={t('competitor.helped')}>
          <Input.TextArea
            autoSize={{ minRows: 2 }}
            maxLength={1000}
            value={said.helped}
            onChange={(x) => setSaid({ ...said, helped: x.target.value })}
          />
        </Field>
      )}
      <BySource value={said.source} onChange={(source) => setSaid({ ...said, source: source ?? said.source })} />
      <When value={said.on} onChange={(on) => setSaid({ ...said, on })} />
    </Dialog>
  );
}

function Ends({ e, form, pending, onClose }: { e: Entry; form: string; pending: boolean; onClose: () => void }) {
  const { t } = useTranslation();
  const { modal } = App.useApp();
  const drop = useWrite(() => must(api.DELETE('/api/competitor-entries/{id}', { params: asRead(e) })), {
    said: t('sighting.takenBack'),
    told: true,
    done: onClose,
    stale: [rivalKeys.all],
  });
  const ask = () =>
    modal.confirm({
      title: t('competitor.takeBackTitle'),
      okText: t('sighting.takeBack'),
      okButtonProps: { danger: true },
      onOk: () => drop.mutateAsync().catch(() => {}),
    });
  return (
    <div className="ends">
      <Button danger loading={drop.isPending} onClick={ask}>
        {t('sighting.takeBack')}
      </Button>
      <Button type="primary" htmlType="submit" form={form} loading={pending}>
        {t('common.save')}
      </Button>
    </div>
  );
}
