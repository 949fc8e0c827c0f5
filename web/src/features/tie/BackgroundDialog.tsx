import { Input } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, must } from '../../api/client';
import { useMe } from '../../app/session';
import { useWrite } from '../../app/useWrite';
import { Field } from '../../ui/bits';
import { Chips } from '../../ui/Chips';
import { DateField } from '../../ui/DateField';
import { Dialog } from '../../ui/Dialog';
import { begun, named, type Past, Pasts } from './Pasts';
import { type Background, tieKeys } from './queries';

type Source = NonNullable<Background['source']>;
const sources = { self: 1, card: 1, public: 1, colleague: 1 } satisfies Record<Source, 1>;

/** BackgroundDialog says where a contact learnt and worked, who says so, when, and what it is kept for. */
export function BackgroundDialog({
  id,
  name,
  was,
  onClose,
}: {
  id: string;
  name: string;
  was: { items: Background[]; version: number };
  onClose: () => void;
}) {
  const { t } = useTranslation();
  const me = useMe();
  const of = (kind: Background['kind']): Past[] => was.items.filter((p) => p.kind === kind);
  const [schools, setSchools] = useState(begun(of('school')));
  const [employers, setEmployers] = useState(begun(of('employer')));
  const [town, setTown] = useState(of('home')[0]?.name ?? '');
  const [source, setSource] = useState<Source>(was.items[0]?.source ?? 'self');
  const [on, setOn] = useState(was.items[0]?.on || me.today);
  const [purpose, setPurpose] = useState(was.items[0]?.purpose || t('tie.purposeIs'));
  const save = useWrite(
    () => {
      // What is as it was keeps who said so, and when.
      const said = (kind: Background['kind'], all: Past[]) =>
        named(all).map((p) => {
          const old = was.items.find(
            (x) => x.kind === kind && x.name === p.name && x.fromYear === p.fromYear && x.toYear === p.toYear,
          );
          return old ?? { kind, name: p.name, fromYear: p.fromYear, toYear: p.toYear, source, on, purpose };
        });
      const items = [...said('school', schools), ...said('employer', employers), ...said('home', [{ name: town }])];
      return must(
        api.PUT('/api/contacts/{id}/background', { params: { path: { id } }, body: { items, version: was.version } }),
      );
    },
    { done: onClose, stale: [tieKeys.all] },
  );
  return (
    <Dialog
      title={t('tie.backgroundOf', { name })}
      ready={!!on}
      pending={save.isPending}
      error={save.error}
      onOk={() => save.mutate()}
      onClose={onClose}
    >
      <Pasts label={t('tie.mine.schools')} value={schools} onChange={setSchools} />
      <Pasts label={t('tie.mine.employers')} value={employers} onChange={setEmployers} />
      <Field label={t('tie.mine.town')}>
        <Input value={town} maxLength={100} onChange={(e) => setTown(e.target.value)} />
      </Field>
      <Field label={t('tie.sourceOf')}>
        <Chips
          label={t('tie.sourceOf')}
          chosen={[source]}
          options={(Object.keys(sources) as Source[]).map((value) => ({ value, label: t(`tie.source.${value}`) }))}
          onTap={(s) => setSource(s as Source)}
        />
      </Field>
      <div className="grid2">
        <Field label={t('tie.saidOn')}>
          <DateField value={on} max={me.today} onChange={setOn} />
        </Field>
        <Field label={t('tie.purpose')}>
          <Input value={purpose} maxLength={200} onChange={(e) => setPurpose(e.target.value)} />
        </Field>
      </div>
      <p className="ink3">{t('tie.notKept')}</p>
    </Dialog>
  );
}
