import { useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { Navigate, useParams } from 'react-router';
import { useNames } from '../../app/session';
import { useWrite } from '../../app/useWrite';
import { Missing } from '../../ui/Problem';
import { pathOf } from './lines';
import { noticeKeys, noticeOf, readNotices } from './queries';

/** NoticePage is where a link in a mail or a group leads: on to what the notice is about, for whom it is. */
export default function NoticePage() {
  const { id = '' } = useParams();
  if (id === 'choices') return <Navigate to="/settings?tab=notices" replace />;
  return <Onward seq={Number(id)} />;
}

function Onward({ seq }: { seq: number }) {
  const { t } = useTranslation();
  const names = useNames();
  const asked = useQuery(noticeOf(seq));
  const n = asked.data;
  const { mutate } = useWrite(readNotices, { stale: [noticeKeys.all] });
  const unread = n?.readAt === null;
  useEffect(() => {
    if (unread) mutate({ seqs: [seq] });
  }, [unread, seq, mutate]);
  if (!n) return <Missing of={asked} />;
  const path = pathOf(n);
  if (path) return <Navigate to={path} replace />;
  return <p className="pad">{t('notice.hidden', { who: n.actorId ? names.member(n.actorId) : t('notice.clock') })}</p>;
}
