import { useQuery } from '@tanstack/react-query';
import { App, Button, Input } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, must } from '../../api/client';
import { backgroundSeen } from '../../api/enums.gen';
import { useWrite } from '../../app/useWrite';
import { Field } from '../../ui/bits';
import { Chips } from '../../ui/Chips';
import { Dialog } from '../../ui/Dialog';
import { begun, named, Pasts } from './Pasts';
import { giveMine, type Mine, mineOf, ofTies } from './queries';

/** MyBackground is what one said, in one's own settings: to be changed and withdrawn. */
export function MyBackground() {
  const { t } = useTranslation();
  const { modal } = App.useApp();
  const mine = useQuery({ ...mineOf, retry: false }).data;
  const [open, setOpen] = useState(false);
  const withdraw = useWrite(() => must(api.DELETE('/api/me/background')), {
    told: true,
    said: t('tie.mine.gone'),
    stale: ofTies,
  });
  if (!mine) return null;
  const given = mine.state === 'given';
  return (
    <section className="card" aria-label={t('tie.mine.title')}>
      <h2>{t('tie.mine.title')}</h2>
      <div className="pad stack-6">
        <p className="ink2">{t('tie.mine.hint')}</p>
        {[...mine.schools, ...mine.employers].map((p) => (
          <div key={p.name + p.fromYear}>
            {p.name} {p.fromYear ? `${p.fromYear}–${p.toYear || ''}` : ''}
          </div>
        ))}
        {mine.homeTown && <div>{t('tie.mine.from', { town: mine.homeTown })}</div>}
        {given && <div className="ink2">{t(`tie.seen.${mine.visibility}`)}</div>}
        <div className="wrap-8">
          <Button onClick={() => setOpen(true)}>{t(given ? 'tie.mine.change' : 'tie.mine.fill')}</Button>
          {given && (
            <Button
              onClick={() =>
                modal.confirm({
                  title: t('tie.mine.withdraw'),
                  content: t('tie.mine.withdrawHint'),
                  okText: t('tie.mine.withdraw'),
                  onOk: () => withdraw.mutateAsync().catch(() => {}),
                })
              }
            >
              {t('tie.mine.withdraw')}
            </Button>
          )}
        </div>
      </div>
      {open && <MineDialog mine={mine} onClose={() => setOpen(false)} />}
    </section>
  );
}

/** MineDialog takes where one learnt and worked, and who is told. */
export function MineDialog({ mine, onClose }: { mine: Mine; onClose: () => void }) {
  const { t } = useTranslation();
  const [schools, setSchools] = useState(begun(mine.schools));
  const [employers, setEmployers] = useState(begun(mine.employers));
  const [homeTown, setTown] = useState(mine.homeTown);
  const [visibility, setVisibility] = useState(mine.visibility);
  const save = useWrite(
    () =>
      giveMine({
        schools: named(schools),
        employers: named(employers),
        homeTown: homeTown.trim(),
        visibility,
        state: 'given',
      }),
    { done: onClose, stale: ofTies },
  );
  return (
    <Dialog
      title={t('tie.mine.title')}
      pending={save.isPending}
      error={save.error}
      onOk={() => save.mutate()}
      onClose={onClose}
    >
      <p className="ink2">{t('tie.mine.hint')}</p>
      <Pasts label={t('tie.mine.schools')} value={schools} onChange={setSchools} />
      <Pasts label={t('tie.mine.employers')} value={employers} onChange={setEmployers} />
      <Field label={t('tie.mine.town')} at="homeTown">
        <Input value={homeTown} maxLength={100} onChange={(e) => setTown(e.target.value)} />
      </Field>
      <Field label={t('tie.who2')}>
        <Chips
          label={t('tie.who2')}
          chosen={[visibility]}
          options={backgroundSeen.map((v) => ({ value: v, label: t(`tie.visibility.${v}`) }))}
          onTap={(v) => setVisibility(v as Mine['visibility'])}
        />
        <p className="hint">{t(`tie.seen.${visibility}`)}</p>
      </Field>
    </Dialog>
  );
}
