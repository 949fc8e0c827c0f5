import { useQuery } from '@tanstack/react-query';
import { Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useWrite } from '../../app/useWrite';
import { MineDialog } from './later';
import { giveMine, mineOf, ofTies } from './queries';

/** AskMine asks at the desk where one learnt and worked, until it was said or skipped; neither is asked again. */
export function AskMine() {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  const mine = useQuery({ ...mineOf, retry: false, enabled: open }).data;
  const skip = useWrite(() => giveMine({ state: 'skipped' }), { told: true, stale: ofTies });
  return (
    <section className="card pad" aria-label={t('tie.mine.title')}>
      <b>{t('tie.mine.ask')}</b>
      <p className="ink2">{t('tie.mine.hint')}</p>
      <div className="wrap-8">
        <Button type="primary" onClick={() => setOpen(true)}>
          {t('tie.mine.fill')}
        </Button>
        <Button loading={skip.isPending} onClick={() => skip.mutate()}>
          {t('tie.mine.skip')}
        </Button>
      </div>
      {open && mine && <MineDialog mine={mine} onClose={() => setOpen(false)} />}
    </section>
  );
}
