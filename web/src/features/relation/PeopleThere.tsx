import { Button, Segmented, Skeleton } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { usePhone } from '../../ui/bits';
import { ProblemBox } from '../../ui/Problem';
import { ContactDialog } from '../account/dialogs';
import type { RecordBody } from '../opportunity/queries';
import type { Open } from '../opportunity/record/dialogs';
import { Between } from '../tie/later';
import { Cover, Gaps } from './Gaps';
import { Picture } from './Picture';
import type { Related } from './queries';
import { RolesList, RolesTable } from './RolesTable';
import './relation.css';
import { useRelations } from './useRelations';

/** inOrder has those in front who want something done: key persons, those nobody met before the others. */
const inOrder = (people: readonly Related[]) =>
  [...people].sort(
    (a, b) =>
      Number(a.former) - Number(b.former) ||
      Number(b.key) - Number(a.key) ||
      (b.influence ?? 0) - (a.influence ?? 0) ||
      (a.coverage ?? 0) - (b.coverage ?? 0),
  );

/** PeopleThere are the customer's people in a deal: who stands where, as a table and as a picture, and what is missing. */
export function PeopleThere({ r, open }: { r: RecordBody; open: Open }) {
  const { t } = useTranslation();
  const phone = usePhone();
  const [shown, setShown] = useState<'table' | 'map'>('table');
  const [seen, setSeen] = useState<string>();
  const { relations, changes } = useRelations(r);
  const rel = relations.data;
  const live = r.state === 'open' && !r.deleted;
  return (
    <div className="standing-grid">
      <section className="card" aria-label={t('record.people')}>
        <h2>
          {t('record.people')}
          <span className="wrap-8">
            {rel && t('relation.count', { count: rel.people.filter((p) => !p.former).length, key: rel.key.length })}
            <Segmented
              aria-label={t('relation.shownAs')}
              size="small"
              value={shown}
              onChange={setShown}
              options={[
                { value: 'table', label: t('relation.table') },
                { value: 'map', label: t('relation.map') },
              ]}
            />
            {r.mayWrite && (
              <Button
                size="small"
                type="text"
                aria-label={`${t('record.edit')} ${t('record.people')}`}
                onClick={() => open({ kind: 'contacts' })}
              >
                {t('record.edit')}
              </Button>
            )}
          </span>
        </h2>
        {relations.error && <ProblemBox error={relations.error} retry={relations.refetch} />}
        {!rel && !relations.error && (
          <div className="pad">
            <Skeleton active />
          </div>
        )}
        {rel && shown === 'map' && <Picture r={r} rel={rel} changes={changes} />}
        {rel && shown === 'table' && (
          <Shown
            r={r}
            open={open}
            people={inOrder(rel.people)}
            rel={rel}
            changes={changes}
            onSee={setSeen}
            phone={phone}
          />
        )}
        {rel && (
          <Between people={inOrder(rel.people).flatMap((p) => (p.name ? [{ id: p.contactId, name: p.name }] : []))} />
        )}
      </section>
      {rel && (live || rel.cover.known) && (
        <div>
          {live && <Gaps rel={rel} />}
          <Cover rel={rel} />
        </div>
      )}
      {seen && (
        <ContactDialog id={seen} accountId={r.accountId} accountName={r.account} onClose={() => setSeen(undefined)} />
      )}
    </div>
  );
}

function Shown({ phone, ...of }: Parameters<typeof RolesTable>[0] & { phone: boolean }) {
  return phone ? <RolesList {...of} /> : <RolesTable {...of} />;
}
