import { Button, Select } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, must } from '../../api/client';
import { tieDirections } from '../../api/enums.gen';
import { asRead } from '../../api/version';
import { useWrite } from '../../app/useWrite';
import { Field } from '../../ui/bits';
import { Chips } from '../../ui/Chips';
import { DateField } from '../../ui/DateField';
import { Dialog } from '../../ui/Dialog';
import { type Tie, tieKeys } from './queries';

const kinds = {
  classmate: 1,
  ex_colleague: 1,
  hometown: 1,
  family: 1,
  superior: 1,
  teammate: 1,
  ally: 1,
  rival: 1,
} satisfies Record<Tie['kind'], 1>;
const visibilities = { private: 1, askable: 1, shown: 1 } satisfies Record<Tie['visibility'], 1>;
const keysOf = <K extends string>(all: Record<K, 1>) => Object.keys(all) as K[];

type Who = { id: string; name: string };

/** TieDialog takes how the reader stands to somebody or, among people, how two of them stand to each other. */
export function TieDialog({ of, among, tie, onClose }: { of: Who; among?: Who[]; tie?: Tie; onClose: () => void }) {
  const { t } = useTranslation();
  const [from, setFrom] = useState(tie?.fromContactId ?? among?.find((p) => p.id !== of.id)?.id ?? '');
  const [to, setTo] = useState(of.id);
  const called = (id: string) => among?.find((p) => p.id === id)?.name ?? '';
  const name = among ? called(to) : of.name;
  const two = tie ? !!tie.fromContactId : !!among;
  const [said, setSaid] = useState({
    kind: tie?.kind ?? ((among ? 'superior' : 'classmate') as Tie['kind']),
    direction: (tie?.direction || 'above') as (typeof tieDirections)[number],
    strength: tie?.strength ?? 2,
    from: tie?.from ?? '',
    to: tie?.to ?? '',
    visibility: tie?.visibility ?? ((among ? 'shown' : 'askable') as Tie['visibility']),
    avoid: tie?.avoid ?? false,
  });
  const direction = (d: (typeof tieDirections)[number]) =>
    two
      ? t(`tie.twoDirections.${d}`, { one: tie?.fromContactName ?? called(from), other: tie?.contactName ?? name })
      : t(`tie.${d}`, { name });
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
        : must(
            api.POST('/api/ties', {
              body: { id: key({ ...body, from, to }), contactId: to, fromContactId: two ? from : undefined, ...body },
            }),
          ),
    { done: onClose, stale: [tieKeys.all] },
  );
  const drop = useWrite(() => must(api.DELETE('/api/ties/{id}', { params: { path: { id: tie?.id ?? '' } } })), {
    told: true,
    done: onClose,
    stale: [tieKeys.all],
  });
  return (
    <Dialog
      title={two ? t('tie.twoOf') : t('tie.mineWith', { name })}
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
      {among && !tie && <Which among={among} from={from} to={to} setFrom={setFrom} setTo={setTo} />}
      {tie && two && <b>{t('tie.pair', { one: tie.fromContactName, other: tie.contactName })}</b>}
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
            options={tieDirections.map((value) => ({ value, label: direction(value) }))}
            onTap={(d) => setSaid({ ...said, direction: d as (typeof tieDirections)[number] })}
          />
        </Field>
      )}
      <Depth said={said} setSaid={setSaid} />
      <Field label={t('tie.who2')} at="visibility">
        <Chips
          label={t('tie.who2')}
          chosen={[said.avoid ? 'avoid' : said.visibility]}
          options={[
            ...keysOf(visibilities).map((value) => ({ value, label: t(`tie.visibility.${value}`) })),
            ...(two ? [] : [{ value: 'avoid', label: t('tie.avoid'), sub: t('tie.avoidSub') }]),
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

type Two = { among: Who[]; from: string; to: string; setFrom: (id: string) => void; setTo: (id: string) => void };

/** Which are the two it is about: nobody stands to himself. */
function Which({ among, from, to, setFrom, setTo }: Two) {
  const { t } = useTranslation();
  const rest = (not: string) => among.filter((p) => p.id !== not).map((p) => ({ value: p.id, label: p.name }));
  return (
    <div className="grid2">
      <Field label={t('tie.one')} at="fromContactId">
        <Select value={from || undefined} onChange={setFrom} options={rest(to)} />
      </Field>
      <Field label={t('tie.other')} at="contactId">
        <Select value={to || undefined} onChange={setTo} options={rest(from)} />
      </Field>
    </div>
  );
}

type Lasting = { strength: number; from: string; to: string };

/** Depth is how close they are, and since when until when. */
function Depth<S extends Lasting>({ said, setSaid }: { said: S; setSaid: (s: S) => void }) {
  const { t } = useTranslation();
  return (
    <>
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
    </>
  );
}
