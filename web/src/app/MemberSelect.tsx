import type { ComponentProps } from 'react';
import { type Choosable, PeoplePicker, PersonPicker } from '../ui/PersonPicker';
import { type Org, useOrg } from './session';

/** foundBy is what a member is found by besides the name. */
export const foundBy = (m: Org['members'][number]) => [m.pinyin, m.initials, m.team];

/** useChoosable are the members to choose from: those who left are not offered. */
function useChoosable(without: string[] | undefined, kept?: string): Choosable[] | undefined {
  return useOrg()
    .data?.members.filter((m) => (!m.leftOn || m.id === kept) && !without?.includes(m.id))
    .map((m) => ({ id: m.id, name: m.name, beside: m.team, by: foundBy(m) }));
}

type Members<P extends typeof PersonPicker | typeof PeoplePicker> = Omit<ComponentProps<P>, 'people'> & {
  /** Members not to be offered. */
  without?: string[];
};

/** MembersSelect chooses several members. */
export function MembersSelect({ without, ...more }: Members<typeof PeoplePicker>) {
  return <PeoplePicker {...more} people={useChoosable(without)} />;
}

/** MemberSelect chooses a member. */
export function MemberSelect({ without, ...more }: Members<typeof PersonPicker>) {
  return <PersonPicker {...more} people={useChoosable(without, more.value)} />;
}
