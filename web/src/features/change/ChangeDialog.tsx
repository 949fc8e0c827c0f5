import { Button, Input } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { changeKinds } from '../../api/enums.gen';
import { SamePeople, samePeople } from '../../app/SamePeople';
import { useMe } from '../../app/session';
import { useWrite } from '../../app/useWrite';
import { Field } from '../../ui/bits';
import { Chips } from '../../ui/Chips';
import { DateField } from '../../ui/DateField';
import { Dialog } from '../../ui/Dialog';
import { addDays } from '../../ui/format';
import { type Change, ofChange, tell } from './queries';
import { type Somebody, Successor } from './Successor';

const sources = ['self', 'colleague', 'public', 'other'] as const;

type HowTold = Pick<Change, 'kind' | 'on' | 'source'>;

/** ChangeDialog tells that somebody at a customer changed: four fields, three of them filled in. */
export function ChangeDialog({
  contact,
  opportunityId = '',
  onTold,
  onClose,
}: {
  contact: { id: string; name: string };
  /** The deal it is told at: of "handed on" it is that one alone. */
  opportunityId?: string;
  /** Takes in what was told. */
  onTold?: (c: Change) => void;
  onClose: () => void;
}) {
  const { t } = useTranslation();
  const me = useMe();
  const [told, setTold] = useState<HowTold>({ kind: 'moved', on: me.today, source: 'colleague' });
  const [successor, setSuccessor] = useState<Somebody>({ id: '', name: '' });
  const [title, setTitle] = useState('');
  const retitled = told.kind === 'retitled';
  const save = useWrite(
    (how: { suspect: boolean; evenIfSame: boolean }, key) => {
      const all = {
        contactId: contact.id,
        ...told,
        successorId: retitled ? '' : successor.id,
        successorName: retitled || successor.id ? '' : successor.name.trim(),
        title: retitled ? title.trim() : '',
        opportunityId: told.kind === 'handed' ? opportunityId : '',
        ...how,
      };
      return tell(key(all), all);
    },
    {
      said: (c) => t(`change.told.${c.state}`),
      done: (c) => {
        onTold?.(c);
        onClose();
      },
      stale: ofChange,
    },
  );
  const same = samePeople(save.error);
  const ready = !!told.on && (!retitled || !!title.trim());
  return (
    <Dialog
      title={t('change.title', { name: contact.name })}
      ready={ready}
      pending={save.isPending}
      error={same ? null : save.error}
      onOk={() => save.mutate({ suspect: false, evenIfSame: !!same })}
      onClose={onClose}
      footer={(id) => (
        <div className="ends">
          {!retitled && (
            <Button
              disabled={!ready || save.isPending}
              onClick={() => save.mutate({ suspect: true, evenIfSame: !!same })}
            >
              {t('change.suspect')}
            </Button>
          )}
          <Button type="primary" htmlType="submit" form={id} loading={save.isPending} disabled={!ready}>
            {t(same ? 'change.stillNew' : retitled ? 'change.note' : 'change.start')}
          </Button>
        </div>
      )}
    >
      {same && (
        <SamePeople
          people={same}
          choose={t('change.thisOne')}
          onChoose={(p) => {
            setSuccessor({ id: p.id, name: p.name });
            save.reset();
          }}
        />
      )}
      {!retitled && <Successor of={contact.id} value={successor} onChange={setSuccessor} />}
      {retitled && (
        <Field at="title" label={t('change.newTitle')}>
          <Input value={title} maxLength={100} onChange={(e) => setTitle(e.target.value)} />
        </Field>
      )}
      <How told={told} onChange={setTold} />
      {!retitled && <p className="ink3">{t('change.suspectHint')}</p>}
    </Dialog>
  );
}

/** How are the three fields that are filled in: what happened, since when, and who says so. */
function How({ told, onChange }: { told: HowTold; onChange: (to: HowTold) => void }) {
  const { t } = useTranslation();
  const me = useMe();
  const yesterday = addDays(me.today, -1);
  const when = (on: string) => onChange({ ...told, on });
  return (
    <>
      <Field at="kind" label={t('change.kindOf')}>
        <Chips
          label={t('change.kindOf')}
          chosen={[told.kind]}
          options={changeKinds.map((value) => ({ value, label: t(`change.kind.${value}`) }))}
          onTap={(kind) => onChange({ ...told, kind: kind as Change['kind'] })}
        />
      </Field>
      <Field at="on" label={t('change.on')}>
        <Chips
          label={t('change.on')}
          chosen={[told.on]}
          options={[
            { value: me.today, label: t('change.today') },
            { value: yesterday, label: t('change.yesterday') },
          ]}
          onTap={when}
        >
          <DateField label={t('change.on')} value={told.on} max={me.today} onChange={when} />
        </Chips>
      </Field>
      <Field at="source" label={t('change.sourceOf')}>
        <Chips
          label={t('change.sourceOf')}
          chosen={[told.source]}
          options={sources.map((value) => ({ value, label: t(`change.source.${value}`) }))}
          onTap={(source) => onChange({ ...told, source: source as Change['source'] })}
        />
      </Field>
    </>
  );
}
