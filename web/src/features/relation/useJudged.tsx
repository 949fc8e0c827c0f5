import { useTranslation } from 'react-i18next';
import { contactRoles } from '../../api/enums.gen';
import { type RecordBody, useChange } from '../opportunity/queries';
import { Cell } from './Cell';
import { type Judgement, judge, type Related } from './queries';

/** scales are what can be thought of somebody, from the least to the most. */
export const scales = { attitude: [-2, -1, 0, 1, 2], influence: [1, 2, 3, 4, 5], coverage: [0, 1, 2, 3, 4] } as const;
export type Scale = keyof typeof scales;

/** standsOf is the colour of which side somebody is on: whom nobody knows is as bad as one against us. */
export const standsOf = (attitude: number | undefined) =>
  attitude === undefined || attitude < 0 ? 'bad' : attitude === 0 ? 'warn' : 'good';

/** Judging are the four cells of a person, each edited by a tap where the deal may be written. */
export function useJudging(r: RecordBody, p: Related) {
  const { t } = useTranslation();
  const save = useChange<Judgement>(r.id, (say) => judge(r, p, say), { told: true });
  const name = p.name || t('contact.erased');
  const editing = r.mayWrite && r.state === 'open' && !r.deleted && !p.former;
  const roleCell = () => (
    <Cell
      label={t('relation.edit', { name, what: t('relation.role'), value: t(`role.${p.role}`) })}
      value={p.role}
      options={contactRoles.map((k) => ({ value: k, label: t(`role.${k}`) }))}
      onChoose={editing ? (role) => !save.isPending && save.mutate({ role: role as Related['role'] }) : undefined}
    >
      {p.former ? t('relation.was', { role: t(`role.${p.role}`) }) : t(`role.${p.role}`)}
    </Cell>
  );
  const words = {
    attitude: (n: number) => t(`relation.attitudeOf.${n}`),
    influence: (n: number) => t(`relation.influenceOf.${n}`),
    coverage: (n: number) => t(`relation.coverageOf.${n}`),
  };
  const scaleCell = (of: Scale) => {
    const at = p[of];
    const value = at === undefined ? t('relation.unknown') : words[of](at);
    return (
      <Cell
        label={t('relation.edit', { name, what: t(`relation.${of}`), value })}
        value={at === undefined ? '' : String(at)}
        options={[
          ...scales[of].map((n) => ({ value: String(n), label: words[of](n) })),
          { value: '', label: t('relation.unknown') },
        ]}
        onChoose={
          editing ? (n) => !save.isPending && save.mutate({ [of]: n === '' ? undefined : Number(n) }) : undefined
        }
      >
        {of === 'attitude' && <i className={`side-of ${p.former ? '' : standsOf(at)}`} aria-hidden />}
        {value}
      </Cell>
    );
  };
  return { name, roleCell, scaleCell };
}
