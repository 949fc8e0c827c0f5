import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Input } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { newId } from '../../api/newId';
import { type Same, SamePeople } from '../../app/SamePeople';
import { useCan } from '../../app/session';
import { Chips } from '../../ui/Chips';
import { stay } from '../../ui/seen';
import { namesakesOf, peopleOf } from '../account/queries';
import { KnownBy } from '../tie/later';
import { opportunityDetail } from './queries';

/** Person is somebody of the customer; a new one is written down with what was said. */
export type Person = { id: string; name: string };

/** few are as many people as are offered before more are asked for. */
const few = 8;

/** usePeople are a customer's people, those with a role in the deal in front. */
export function usePeople(accountId: string, deal: string | undefined) {
  const people = useQuery({ ...peopleOf(accountId), enabled: accountId !== '' });
  const roles = useQuery({ ...opportunityDetail(deal ?? ''), enabled: !!deal }).data?.contacts ?? [];
  // Who has no role, or none any more, stands behind who has one.
  const ranked = [...roles].sort((a, b) => Number(a.role === 'unknown') - Number(b.role === 'unknown'));
  const inDeal = ranked.map((c) => ({ id: c.contactId, name: c.name, title: c.title }));
  const rest = people.data?.items.filter((c) => !c.goneOn && !inDeal.some((x) => x.id === c.id)) ?? [];
  return [...inDeal, ...rest.map(({ id, name, title }) => ({ id, name, title }))];
}

/** PeopleChips chooses people of a customer, one tap each; one who is not there yet is added by name. */
export function PeopleChips({
  label,
  accountId,
  deal,
  chosen,
  added,
  onTap,
  onAdd,
}: {
  label: string;
  accountId: string;
  deal?: string;
  chosen: readonly string[];
  added: readonly Person[];
  onTap: (id: string) => void;
  onAdd: (p: Person) => void;
}) {
  const { t } = useTranslation();
  const mayAdd = useCan('account.write') && accountId !== '';
  const people = usePeople(accountId, deal);
  const [all, setAll] = useState(false);
  const [name, setName] = useState<string>();
  const [same, setSame] = useState<{ as: string; people: Same[] }>();
  const query = useQueryClient();
  const shown = people.filter((p, i) => all || i < few || chosen.includes(p.id));
  const make = (name: string) => onAdd({ id: newId(), name });
  const add = async () => {
    const typed = name?.trim();
    setName(undefined);
    if (!typed) return;
    const people = await query.fetchQuery(namesakesOf(accountId, typed)).catch(() => []);
    if (people.length > 0) setSame({ as: typed, people });
    else make(typed);
  };
  return (
    <>
      <Chips
        label={label}
        chosen={chosen}
        options={[
          ...shown.map((p) => ({ value: p.id, label: p.name, sub: p.title })),
          ...added.map((p) => ({ value: p.id, label: p.name })),
        ]}
        onTap={onTap}
      >
        {shown.length < people.length && (
          <button type="button" onMouseDown={stay} onClick={() => setAll(true)}>
            {t('followUp.morePeople', { count: people.length - shown.length })}
          </button>
        )}
        {mayAdd && name === undefined && (
          <button type="button" onMouseDown={stay} onClick={() => setName('')}>
            {t('followUp.addPerson')}
          </button>
        )}
        {name !== undefined && (
          <Input
            autoFocus
            aria-label={t('contact.name')}
            placeholder={t('contact.name')}
            value={name}
            maxLength={40}
            onChange={(e) => setName(e.target.value)}
            onBlur={() => void add()}
            onPressEnter={(e) => {
              e.preventDefault();
              if (!e.nativeEvent.isComposing) void add();
            }}
          />
        )}
      </Chips>
      {added.map((p) => (
        <KnownBy key={p.id} name={p.name} />
      ))}
      {same && (
        <SamePeople
          people={same.people}
          choose={t('contact.useThat')}
          onChoose={(p) => {
            setSame(undefined);
            setAll(true);
            if (!chosen.includes(p.id)) onTap(p.id);
          }}
          more={{
            label: t('contact.stillAdd'),
            act: () => {
              make(same.as);
              setSame(undefined);
            },
          }}
        />
      )}
    </>
  );
}
