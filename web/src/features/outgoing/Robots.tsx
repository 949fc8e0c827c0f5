import { useQuery } from '@tanstack/react-query';
import { Button, Input } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { robotKinds } from '../../api/enums.gen';
import { useOrg } from '../../app/session';
import { useWrite } from '../../app/useWrite';
import { Field } from '../../ui/bits';
import { DataTable } from '../../ui/DataTable';
import { FormDialog } from '../../ui/FormDialog';
import { Select } from '../../ui/Select';
import { outgoingKeys, type Robot, removeRobot, robotsOf, setRobot, testRobot } from './queries';

/** Robots are the group robots of teams: of its address the end is shown, and no more. */
export function Robots() {
  const { t } = useTranslation();
  const robots = useQuery(robotsOf);
  const teams = useOrg().data?.teams ?? [];
  const [open, setOpen] = useState<{ id: string; name: string }>();
  const of = (team: string) => robots.data?.find((r) => r.teamId === team);
  const ended = (r: Robot | undefined) =>
    r && t('outgoing.ends', { maker: t(`outgoing.maker.${r.kind}`), end: r.lastFour });
  const test = useWrite(testRobot, { said: t('outgoing.robotTested'), told: true });
  const remove = useWrite(removeRobot, { said: t('outgoing.robotRemoved'), told: true, stale: [outgoingKeys.all] });
  return (
    <div className="card">
      <h2>
        {t('outgoing.robots')} <span>{t('outgoing.robotsHint')}</span>
      </h2>
      <DataTable
        label={t('outgoing.robots')}
        asked={robots}
        rows={robots.data && teams.filter((x) => of(x.id))}
        id={(x) => x.id}
        none={t('outgoing.noRobot')}
        cards
        columns={[
          { name: t('opp.team'), of: (x) => x.name },
          { name: t('outgoing.robot'), of: (x) => ended(of(x.id)), left: true },
          {
            name: '',
            of: (x) => (
              <span className="rowform">
                <Button size="small" aria-label={t('outgoing.setFor', { team: x.name })} onClick={() => setOpen(x)}>
                  {t('outgoing.replace')}
                </Button>
                <Button size="small" loading={test.isPending} onClick={() => test.mutate(x.id)}>
                  {t('outgoing.try')}
                </Button>
                <Button size="small" danger loading={remove.isPending} onClick={() => remove.mutate(x.id)}>
                  {t('outgoing.remove')}
                </Button>
              </span>
            ),
          },
        ]}
      />
      <div className="pad">
        <Select<string | null>
          showSearch={{ optionFilterProp: 'label' }}
          className="w-240"
          value={null}
          placeholder={t('outgoing.add')}
          aria-label={t('outgoing.add')}
          onChange={(id) => setOpen(teams.find((x) => x.id === id))}
          options={teams.filter((x) => !of(x.id)).map((x) => ({ value: x.id, label: x.name }))}
        />
      </div>
      {open && <SetRobot team={open} onClose={() => setOpen(undefined)} />}
    </div>
  );
}

function SetRobot({ team, onClose }: { team: { id: string; name: string }; onClose: () => void }) {
  const { t } = useTranslation();
  const [kind, setKind] = useState<Robot['kind']>('wecom');
  const [address, setAddress] = useState('');
  const [secret, setSecret] = useState('');
  const write = useWrite(() => setRobot(team.id, kind, address, secret), { done: onClose, stale: [outgoingKeys.all] });
  return (
    <FormDialog
      title={t('outgoing.setFor', { team: team.name })}
      hint={t('outgoing.says')}
      write={write}
      ready={!!address.trim()}
      onClose={onClose}
    >
      <Field label={t('outgoing.platform')} hint={kind === 'feishu' ? t('outgoing.noMention') : undefined} at="kind">
        <Select<Robot['kind']>
          className="wide"
          value={kind}
          onChange={setKind}
          aria-label={t('outgoing.platform')}
          options={robotKinds.map((value) => ({ value, label: t(`outgoing.maker.${value}`) }))}
        />
      </Field>
      <Field label={t('outgoing.address')} hint={t('outgoing.addressHint')} at="address">
        <Input value={address} maxLength={500} autoComplete="off" onChange={(e) => setAddress(e.target.value)} />
      </Field>
      {kind !== 'wecom' && (
        <Field label={t('outgoing.secret')} hint={t('outgoing.secretHint')} at="secret">
          <Input.Password
            value={secret}
            maxLength={200}
            autoComplete="new-password"
            onChange={(e) => setSecret(e.target.value)}
          />
        </Field>
      )}
    </FormDialog>
  );
}
