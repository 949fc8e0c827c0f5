import { useQuery } from '@tanstack/react-query';
import { Button, Input, Modal } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { under } from '../../api/base';
import { api, must, type Schemas } from '../../api/client';
import { asRead } from '../../api/version';
import { CustomInputs } from '../../app/CustomFields';
import { type Same, SamePeople, samePeople } from '../../app/SamePeople';
import { SaveLink } from '../../app/SaveLink';
import { useCan, useMe } from '../../app/session';
import { useWrite } from '../../app/useWrite';
import { Field } from '../../ui/bits';
import { DateField } from '../../ui/DateField';
import { Dialog } from '../../ui/Dialog';
import { day } from '../../ui/format';
import { Missing } from '../../ui/Problem';
import { useAsOpened } from '../../ui/useAsOpened';
import { ChangeDialog } from '../change/later';
import { Conversation } from '../conversation/later';
import { Guidance } from '../guidance/later';
import { KnownBy, Ties } from '../tie/later';
import { Timeline } from '../timeline/Timeline';
import { AccountSelect } from './AccountForm';
import { MergeDialog } from './dialogs';
import { EraseDialog } from './EraseDialog';
import { Merges } from './Merges';
import { PasteCard } from './PasteCard';
import { accountOf, contactOf } from './queries';

type Contact = Schemas['AccountContactBody'];
const plain = ['name', 'department', 'title', 'mobile', 'phone', 'wechat', 'email'] as const;

/** ContactDialog adds a person, or opens one with the jobs held so far. */
export function ContactDialog({
  id: asked,
  accountId: at,
  accountName: named,
  onClose,
}: {
  id?: string;
  accountId: string;
  accountName: string;
  onClose: () => void;
}) {
  const { t } = useTranslation();
  const [instead, setInstead] = useState<Same>();
  const id = instead?.id ?? asked;
  const [accountId, accountName] = instead ? [instead.accountId, instead.account] : [at, named];
  const contact = useQuery({ ...contactOf(id ?? ''), enabled: !!id });
  if (id && !contact.data)
    return (
      <Modal open title={t('contact.open')} onCancel={onClose} footer={null}>
        <Missing of={contact} />
      </Modal>
    );
  return (
    <Form
      key={id}
      c={contact.data}
      accountId={accountId}
      accountName={accountName}
      onClose={onClose}
      onInstead={setInstead}
    />
  );
}

function Form({
  c: contact,
  accountId,
  accountName,
  onClose,
  onInstead,
}: {
  c?: Contact;
  accountId: string;
  accountName: string;
  onClose: () => void;
  onInstead: (p: Same) => void;
}) {
  const { t } = useTranslation();
  const me = useMe();
  const canWrite = useCan('account.write');
  const mayErase = useCan('contact.erase');
  const c = useAsOpened(contact);
  const [form, setForm] = useState({
    name: c?.name ?? '',
    department: c?.department ?? '',
    title: c?.title ?? '',
    mobile: c?.mobile ?? '',
    phone: c?.phone ?? '',
    wechat: c?.wechat ?? '',
    email: c?.email ?? '',
  });
  const [custom, setCustom] = useState<Record<string, string>>(c?.custom ?? {});
  const [employer, setEmployer] = useState(c?.accountId ?? accountId);
  const [merging, setMerging] = useState(false);
  const [changing, setChanging] = useState(false);
  const [movedOn, setMovedOn] = useState(me.today);
  const moved = !!c && employer !== c.accountId;
  const save = useWrite(
    (evenIfSame: boolean, key) =>
      c
        ? must(
            api.PUT('/api/contacts/{id}', {
              params: asRead(c),
              headers: { 'Yunchou-Path': 'form' },
              body: { ...form, accountId: employer, custom, evenIfSame, ...(moved ? { movedOn } : {}) },
            }),
          )
        : must(
            api.POST('/api/contacts', {
              headers: { 'Yunchou-Path': 'form' },
              body: { id: key(), ...form, accountId, custom, evenIfSame },
            }),
          ),
    { done: onClose, stale: [['contacts']] },
  );
  const same = samePeople(save.error);
  return (
    <Dialog
      title={c ? c.name || t('contact.open') : t('account.addPerson')}
      read={!!c}
      ready={canWrite && !!form.name.trim() && !!employer}
      pending={save.isPending}
      error={same ? null : save.error}
      onOk={() => save.mutate(!!same)}
      onClose={onClose}
      footer={(id) => (
        <div className="ends">
          {c && canWrite && <Button onClick={() => setChanging(true)}>{t('contact.replaced')}</Button>}
          {c && canWrite && <Button onClick={() => setMerging(true)}>{t('merge.open')}</Button>}
          {c && mayErase && <PersonalData c={c} onErased={onClose} />}
          {canWrite && (
            <Button
              type="primary"
              loading={save.isPending}
              disabled={!form.name.trim() || !employer}
              htmlType="submit"
              form={id}
            >
              {t(same ? 'contact.stillSave' : 'common.save')}
            </Button>
          )}
        </div>
      )}
    >
      {same && <SamePeople people={same} choose={t('contact.openThat')} onChoose={onInstead} />}
      {c && <Standing c={c} accountName={accountName} />}
      {canWrite && (
        <PasteCard
          form={form}
          onFill={(to) => {
            setForm({ ...form, ...to });
            if (same) save.reset();
          }}
          accountId={c?.accountId ?? accountId}
          contactId={c?.id}
          onInstead={onInstead}
        />
      )}
      <div className="grid2">
        {plain.map((k) => (
          <Field key={k} at={k} label={t(`contact.${k}`)}>
            <Input
              value={form[k]}
              inputMode={k === 'mobile' || k === 'phone' ? 'tel' : 'text'}
              onChange={(e) => {
                setForm({ ...form, [k]: e.target.value });
                if (same) save.reset();
              }}
              maxLength={k === 'email' ? 100 : 40}
            />
          </Field>
        ))}
      </div>
      {c && (
        <div className="grid2">
          <Field label={t('contact.employer')}>
            <AccountSelect value={employer} known={accountName} onChange={setEmployer} />
          </Field>
          {moved && (
            <Field label={t('contact.movedOn')} hint={t('contact.movedHint')}>
              <DateField value={movedOn} max={me.today} onChange={setMovedOn} />
            </Field>
          )}
        </div>
      )}
      <CustomInputs record="contact" value={custom} onChange={setCustom} />
      {c && <Merges kind="contact" id={c.id} />}
      {c && changing && <ChangeDialog contact={{ id: c.id, name: c.name }} onClose={() => setChanging(false)} />}
      {c && merging && (
        <MergeDialog
          kind="contact"
          one={{ id: c.id, name: c.name }}
          onClose={() => setMerging(false)}
          onDone={onClose}
        />
      )}
      {!c && <KnownBy name={form.name} />}
      {c && <Guidance ways kind="contact" id={c.id} />}
      {c && <Conversation kind="contact" id={c.id} />}
      {c && <Timeline of="contact" id={c.id} />}
    </Dialog>
  );
}

/** Standing is where somebody is and was, and who of us knows him: what he is opened for. */
function Standing({ c, accountName }: { c: Contact; accountName: string }) {
  const { t } = useTranslation();
  const me = useMe();
  return (
    <div className="stack-6 mb-16">
      <div className="between-6">
        <span className="ink2">
          {[
            c.account || accountName,
            c.department,
            c.title,
            c.goneOn && t('account.leftOn', { day: day(c.goneOn, me.today) }),
          ]
            .filter(Boolean)
            .join(' · ')}
        </span>
        {c.mobile && <a href={`tel:${c.mobile}`}>{c.mobile}</a>}
      </div>
      {c.jobs.length > 1 && (
        <div>
          <b>{t('contact.jobs')}</b>
          {c.jobs.map((j) => (
            <Job key={j.accountId + j.from} j={j} />
          ))}
        </div>
      )}
      <Ties id={c.id} name={c.name} />
    </div>
  );
}

function Job({ j }: { j: Contact['jobs'][number] }) {
  const { t } = useTranslation();
  const me = useMe();
  const account = useQuery({ ...accountOf(j.accountId), retry: false });
  return (
    <div className="kv py-2">
      <span>
        {account.data?.name ?? (account.isError ? t('contact.unseen') : '…')} {j.title}
      </span>
      <b>
        {j.from ? day(j.from, me.today) : t('contact.sinceUnknown')} – {j.to ? day(j.to, me.today) : t('contact.now')}
      </b>
    </div>
  );
}

/** PersonalData takes out or erases what is kept about a person, at the person's request. */
function PersonalData({ c, onErased }: { c: Contact; onErased: () => void }) {
  const { t } = useTranslation();
  const [erasing, setErasing] = useState(false);
  return (
    <>
      <SaveLink href={under(`/api/contacts/${c.id}/data`)} name={`${c.name}.json`}>
        <Button type="text">{t('contact.takeOut')}</Button>
      </SaveLink>
      <Button type="text" danger onClick={() => setErasing(true)}>
        {t('contact.erase')}
      </Button>
      {erasing && <EraseDialog c={c} onClose={() => setErasing(false)} onErased={onErased} />}
    </>
  );
}
