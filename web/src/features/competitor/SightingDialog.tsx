import { App, Button, Input } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { sightingKinds, sightingSources } from '../../api/enums.gen';
import { useMe } from '../../app/session';
import { useWrite } from '../../app/useWrite';
import { AmountField } from '../../ui/Amount';
import { Field } from '../../ui/bits';
import { Chips } from '../../ui/Chips';
import { DateField } from '../../ui/DateField';
import { Dialog } from '../../ui/Dialog';
import { addDays } from '../../ui/format';
import { AtCustomer } from './AtCustomer';
import { correct, note, ofSighting, type Said, type Sighting, takeBack } from './queries';
import { RivalInput, type Whose } from './RivalInput';

type Of = {
  /** One that is put right. */
  x?: Sighting;
  /** Where it was seen: without both, one says at which customer. */
  opportunity?: string;
  account?: string;
  /** Whom one looks at, or who is there already. */
  whose?: Whose;
  present?: readonly Whose[];
  currency?: string;
  onClose: () => void;
};

/** SightingDialog notes that a competitor was seen: four fields, of which two are filled in and one may stay empty. */
export function SightingDialog({ x, opportunity, account, whose, present, currency, onClose }: Of) {
  const { t } = useTranslation();
  const me = useMe();
  const [rival, setRival] = useState<Whose>(whose ?? { id: x?.competitorId ?? '', name: x?.competitorName ?? '' });
  const [customer, setCustomer] = useState<Whose>({ id: '', name: '' });
  const [said, setSaid] = useState<Said>({
    kind: x?.kind ?? 'visit',
    on: x?.on ?? me.today,
    source: x?.source ?? 'customer',
    priceMinor: x?.priceMinor ?? undefined,
    currency: x?.currency || currency || me.currency,
    words: x?.words ?? '',
  });
  const [more, setMore] = useState(!!x);
  const anywhere = !x && !opportunity && !account;
  const save = useWrite(
    (_: undefined, key) => {
      const body: Said = {
        ...said,
        currency: said.priceMinor === undefined ? undefined : said.currency,
        words: said.words?.trim() || undefined,
      };
      if (x) return correct(x, { ...body, seenBy: x.seenBy });
      const all = {
        ...body,
        ...(rival.id ? { competitorId: rival.id } : { competitor: rival.name.trim() }),
        ...(opportunity ? { opportunityId: opportunity } : { accountId: account || customer.id }),
      };
      return note(key(all), all);
    },
    {
      said: (s) => t(x ? 'sighting.changed' : 'sighting.noted', { name: s.competitorName }),
      done: onClose,
      stale: ofSighting,
    },
  );
  const set = (to: Partial<Said>) => setSaid({ ...said, ...to });
  return (
    <Dialog
      title={x ? t('sighting.edit', { name: x.competitorName }) : t('sighting.title')}
      ready={!!said.on && (!!x || !!rival.name.trim()) && (!anywhere || !!customer.id)}
      pending={save.isPending}
      error={save.error}
      ok={t('common.save')}
      onOk={() => save.mutate(undefined)}
      onClose={onClose}
      footer={x && ((form) => <Ends x={x} form={form} pending={save.isPending} onClose={onClose} />)}
    >
      {anywhere && <AtCustomer value={customer} onChange={setCustomer} />}
      {!x && !whose && <RivalInput first={present} value={rival} onChange={setRival} />}
      <Field at="kind" label={t('sighting.kind')}>
        <Chips
          label={t('sighting.kind')}
          chosen={[said.kind]}
          options={sightingKinds.map((value) => ({ value, label: t(`sightingKind.${value}`) }))}
          onTap={(kind) => set({ kind: kind as Said['kind'] })}
        />
      </Field>
      <When value={said.on ?? ''} onChange={(on) => set({ on })} />
      <Field at="priceMinor" label={t('common.aside', { name: t('sighting.price'), value: said.currency })}>
        <AmountField
          minor={said.priceMinor}
          currency={said.currency ?? me.currency}
          label={t('sighting.price')}
          onChange={(minor) => set({ priceMinor: minor ?? undefined })}
        />
      </Field>
      {more ? (
        <Details said={said} set={set} />
      ) : (
        <Button type="text" size="small" onClick={() => setMore(true)}>
          {t('sighting.more')}
        </Button>
      )}
    </Dialog>
  );
}

/** When is the day: today and yesterday are a tap away. */
export function When({ value, onChange }: { value: string; onChange: (on: string) => void }) {
  const { t } = useTranslation();
  const me = useMe();
  return (
    <Field at="on" label={t('sighting.on')}>
      <Chips
        label={t('sighting.on')}
        chosen={[value]}
        options={[
          { value: me.today, label: t('sighting.today') },
          { value: addDays(me.today, -1), label: t('sighting.yesterday') },
        ]}
        onTap={onChange}
      >
        <DateField label={t('sighting.on')} value={value} max={me.today} onChange={onChange} />
      </Chips>
    </Field>
  );
}

/** BySource is by whose word it is known. */
export function BySource({ value, onChange }: { value: string | undefined; onChange: (to: Said['source']) => void }) {
  const { t } = useTranslation();
  return (
    <Field at="source" label={t('sighting.sourceOf')}>
      <Chips
        label={t('sighting.sourceOf')}
        chosen={[value ?? '']}
        options={sightingSources.map((s) => ({ value: s, label: t(`sighting.source.${s}`) }))}
        onTap={(s) => onChange(s as Said['source'])}
      />
    </Field>
  );
}

function Details({ said, set }: { said: Said; set: (to: Partial<Said>) => void }) {
  const { t } = useTranslation();
  return (
    <>
      <BySource value={said.source} onChange={(source) => set({ source })} />
      <Field at="words" label={t('sighting.words')}>
        <Input.TextArea
          autoSize={{ minRows: 2 }}
          maxLength={1000}
          placeholder={t('sighting.wordsHint')}
          value={said.words}
          onChange={(e) => set({ words: e.target.value })}
        />
      </Field>
      <Field at="currency" label={t('sighting.currency')}>
        <Input
          maxLength={3}
          className="w-110"
          value={said.currency}
          onChange={(e) => set({ currency: e.target.value.toUpperCase() })}
        />
      </Field>
    </>
  );
}

function Ends({ x, form, pending, onClose }: { x: Sighting; form: string; pending: boolean; onClose: () => void }) {
  const { t } = useTranslation();
  const { modal } = App.useApp();
  const drop = useWrite(() => takeBack(x), {
    said: t('sighting.takenBack'),
    told: true,
    done: onClose,
    stale: ofSighting,
  });
  const ask = () =>
    modal.confirm({
      title: t('sighting.takeBackTitle'),
      content: t('sighting.takeBackHint'),
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
