import { Button, Dropdown } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useMe, useNames } from '../../../app/session';
import { type Form, forms, formsOf } from '../settings/TeamForms';
import { Appoint } from './Appoint';
import { OpenDeals } from './ChartRow';
import type { Row } from './rows';

type Props = { row: Extract<Row, { kind: 'team' }>; edit: boolean; onToggle: (team: string) => void };

/** TeamRow is a team: who leads it or stands in, how many are in it, what they have open. */
export function TeamRow({ row, edit, onToggle }: Props) {
  const { t } = useTranslation();
  const { team, open } = row;
  return (
    <>
      <Button size="small" type="text" tabIndex={-1} aria-hidden className="fold" onClick={() => onToggle(team.id)}>
        {open ? '▾' : '▸'}
      </Button>
      <b className="who">{team.name}</b>
      {team.region && <span className="chip">{team.region}</span>}
      <Lead row={row} />
      <Link className="count" to={`/settings?tab=people&team=${team.id}`}>
        {t('chart.people', { count: team.people })}
      </Link>
      <OpenDeals parent={row.parent.slice('team '.length)} team={team.id} />
      {team.people === 0 && <span className="ink3">{t(edit ? 'chart.emptyEdit' : 'chart.empty')}</span>}
      {edit && <Acts row={row} />}
    </>
  );
}

/** Lead names who leads a team, or that nobody does and who stands in. */
function Lead({ row: { team } }: { row: Props['row'] }) {
  const { t } = useTranslation();
  const names = useNames();
  const said = (ids: string[]) => ids.map(names.member).join(t('fieldChange.between'));
  if (team.heads.length > 0) return <span className="ink2">{t('chart.ledBy', { who: said(team.heads) })}</span>;
  return (
    <>
      <span className="chip w">{t('chart.noHead')}</span>
      <span className="ink2">
        {team.standIn.length > 0 ? t('chart.standIn', { who: said(team.standIn) }) : t('chart.nobodyAbove')}
      </span>
    </>
  );
}

/** Acts are what may be done with a team in place. */
function Acts({ row: { team } }: { row: Props['row'] }) {
  const { t } = useTranslation();
  const today = useMe().today;
  const [form, setForm] = useState<Form | 'appoint' | null>(null);
  const Shown = form && form !== 'appoint' ? forms[form] : null;
  const items = [
    { key: 'appoint', label: t('chart.appoint') },
    ...formsOf(team, today).map((key) => ({ key, label: t(`team.${key}`) })),
  ];
  return (
    <>
      <Dropdown trigger={['click']} menu={{ items, onClick: ({ key }) => setForm(key as Form | 'appoint') }}>
        <Button size="small" className="acts" aria-label={t('chart.acts', { name: team.name })}>
          ⋯
        </Button>
      </Dropdown>
      {Shown && <Shown team={team} onClose={() => setForm(null)} />}
      {form === 'appoint' && (
        <Appoint
          teamId={team.id}
          name={team.name}
          seat={team.vacant.find((s) => s.leads)}
          leads
          onClose={() => setForm(null)}
        />
      )}
    </>
  );
}
