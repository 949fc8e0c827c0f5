import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { formerOf } from './queries';

/** Former are those who have left an account, marked so, with where they are now. */
export function Former({ id, onOpen }: { id: string; onOpen: (contact: string) => void }) {
  const { t } = useTranslation();
  const list = useQuery(formerOf(id));
  return list.data?.map((f) => (
    <div className="ms main-auto" key={f.id || `${f.name} ${f.to}`}>
      <div>
        {f.id ? (
          <button type="button" className="open" onClick={() => onOpen(f.id)}>
            {f.name}
          </button>
        ) : (
          f.name
        )}
        <small>{[f.title, t('account.leftOn', { day: f.to })].filter(Boolean).join(' · ')}</small>
      </div>
      {f.nowAccountId && <Link to={`/accounts/${f.nowAccountId}`}>{f.nowAccount}</Link>}
    </div>
  ));
}
