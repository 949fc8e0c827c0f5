import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { useNames } from '../../../app/session';
import { Amount } from '../../../ui/Amount';
import { percent } from '../../../ui/format';
import type { RecordBody } from '../queries';
import type { Open } from './dialogs';

function Heading({ text, note, onEdit }: { text: string; note?: string; onEdit?: () => void }) {
  const { t } = useTranslation();
  return (
    <h2>
      {text}
      <span>
        {note}{' '}
        {onEdit && (
          <Button size="small" type="text" aria-label={`${t('record.edit')} ${text}`} onClick={onEdit}>
            {t('record.edit')}
          </Button>
        )}
      </span>
    </h2>
  );
}

/** People are ours in the deal with their shares; the customer's stand above, or are asked for. */
export function People({ r, open }: { r: RecordBody; open: Open }) {
  const { t } = useTranslation();
  const names = useNames();
  const editing = r.mayWrite && r.state === 'open';
  return (
    <div>
      {r.contacts.length === 0 && (
        <div className="card">
          <Heading text={t('record.people')} onEdit={r.mayWrite ? () => open({ kind: 'contacts' }) : undefined} />
          <div className="pad ink2">{t('record.noPeople')}</div>
        </div>
      )}
      <div className="card">
        <Heading
          text={t('record.shares')}
          note={r.state === 'won' ? t('record.frozen') : undefined}
          onEdit={editing ? () => open({ kind: 'shares' }) : undefined}
        />
        {r.shares.map((s) => (
          <div className="kv" key={s.memberId + s.kind}>
            <span>
              {names.member(s.memberId)} {s.kind === 'overlay' && <span className="chip">{t('record.overlay')}</span>}
            </span>
            <b>{percent(s.shareBp)}</b>
          </div>
        ))}
        {r.credit.length > 0 && (
          <div className="pad ink2">
            {r.credit.map((c) => (
              <div key={c.memberId + c.kind}>
                {t(r.provisional ? 'record.creditedLater' : 'record.credited')} {names.member(c.memberId)} ·{' '}
                {names.team(c.teamId)} · <Amount minor={c.amountMinor} currency={c.currency} />
              </div>
            ))}
          </div>
        )}
      </div>
      <div className="card">
        <Heading text={t('record.dealTeam')} onEdit={r.mayWrite ? () => open({ kind: 'team' }) : undefined} />
        {r.team.map((m) => (
          <div className="kv" key={m.memberId}>
            <span>{names.member(m.memberId)}</span>
            <b>{m.role}</b>
          </div>
        ))}
        {r.team.length === 0 && <div className="pad ink2">{t('record.noTeam')}</div>}
      </div>
    </div>
  );
}
