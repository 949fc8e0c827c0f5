import { useQuery, useQueryClient } from '@tanstack/react-query';
import { createContext, useContext } from 'react';
import { under } from '../api/base';
import { type Schemas, setCsrf } from '../api/client';
import { comeBack } from './farewell';
import { orgOf, pipelineOf, pipelinesOf, sessionOf, stagesOf } from './queries';
import { letGo } from './unsaved';

export type Me = Schemas['IdentityMe'];
export const MeContext = createContext<Me | null>(null);

/** useMe is the signed-in member; pages are only shown with one. */
export function useMe(): Me {
  const me = useContext(MeContext);
  if (!me) throw new Error('no session');
  return me;
}

/** LeaveContext is what signs out, from wherever it is asked for; Gate says how. */
export const LeaveContext = createContext<() => Promise<void>>(async () => {});
export const useSignOut = () => useContext(LeaveContext);

/** begin shows the product from its beginning: nothing that was shown before stays in memory. */
export const begin = () => {
  letGo();
  location.replace(under('/'));
};

export const useCan = (permission: string) => useMe().permissions.includes(permission);

export function useSession() {
  return useQuery(sessionOf);
}

export function useSignedIn() {
  const q = useQueryClient();
  return (me: Me) => {
    setCsrf(me.csrfToken);
    const was = q.getQueryData(sessionOf.queryKey);
    const waited = comeBack(was?.memberId === me.memberId);
    q.setQueryData(sessionOf.queryKey, me);
    if (waited) void q.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'session' });
  };
}

export type Org = Schemas['OrgStructureBody'];

/** useOrg reads people and teams once for all pages that name them. */
export function useOrg() {
  return useQuery(orgOf);
}

type Names = { members: Map<string, string>; teams: Map<string, string> };
const made = new WeakMap<Org, Names>();

/** namesOf are made once for an answer: each row of a list asks for them. */
function namesOf(org: Org): Names {
  let names = made.get(org);
  if (!names) {
    names = {
      members: new Map(org.members.map((m) => [m.id, m.name])),
      teams: new Map(org.teams.map((t) => [t.id, t.name])),
    };
    made.set(org, names);
  }
  return names;
}

/** useNames turns ids into names. */
export function useNames() {
  const org = useOrg().data;
  const names = org && namesOf(org);
  return {
    member: (id: string | undefined) => (id ? (names?.members.get(id) ?? '…') : '—'),
    team: (id: string | undefined) => (id ? (names?.teams.get(id) ?? '…') : '—'),
  };
}

export function usePipelines() {
  return useQuery(pipelinesOf);
}

/** useStageNames names every stage there ever was: a link or a saved view may ask for one that is gone. */
export function useStageNames(wanted: boolean) {
  return useQuery({ ...stagesOf, enabled: wanted });
}

export function usePipeline(id: string | undefined) {
  return useQuery({ ...pipelineOf(id ?? ''), enabled: !!id, staleTime: 60_000 });
}
