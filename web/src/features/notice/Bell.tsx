import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { later } from '../../ui/later';
import { waitingOf } from './queries';
import './bell.css';

const Told = later(() => import('./Told').then((m) => m.Told));
const MOST = 99;

/** Bell says how much one was told that one has not read, and opens it. */
export function Bell() {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  const unread = useQuery({ ...waitingOf, enabled: false }).data?.unread ?? 0;
  return (
    <>
      <button
        type="button"
        className="bell"
        aria-label={unread > 0 ? `${t('notice.title')} · ${t('notice.unread', { count: unread })}` : undefined}
        onClick={() => setOpen(true)}
      >
        {t('notice.title')}
        {unread > 0 && <span className="count">{unread > MOST ? `${MOST}+` : unread}</span>}
      </button>
      {open && <Told onClose={() => setOpen(false)} />}
    </>
  );
}
