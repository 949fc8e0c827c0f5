import { createContext, type ReactNode, useContext, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { later } from '../../ui/later';
import { Follows } from '../change/later';
import { AskWhy } from '../guidance/later';
import type { On } from '../guidance/queries';
import { FollowUpDialog } from '../opportunity/dialogs';
import { ofDeals } from '../opportunity/queries';
import type { Desk } from './matters';
import { askWhy } from './queries';
import { useWhy } from './useWhy';

const AddStep = later(() => import('./AddStep').then((m) => m.AddStep));
const MoveStep = later(() => import('./MoveStep').then((m) => m.MoveStep));
const Decide = later(() => import('./Decide').then((m) => m.Decide));
const Redate = later(() => import('./Redate').then((m) => m.Redate));

type Line = Desk['lines']['items'][number];
type Deal = NonNullable<Line['deal']>;
type Step = { id: string; what: string; version: number };

export type Doing =
  | { form: 'decide' | 'ask'; line: Line }
  | { form: 'add' | 'redate'; o: Deal }
  | { form: 'meet'; o: Deal; whom: string }
  | { form: 'follows'; change: string }
  | { form: 'move'; s: Step };

const Do = createContext<(what: Doing) => void>(() => {});

/** useDo opens a form of the desk. */
export const useDo = () => useContext(Do);

/** Forms hold what is being done: a form stays with what was written in it when its line leaves the desk meanwhile. */
export function Forms({ lines, children }: { lines: Line[]; children: ReactNode }) {
  const [doing, setDoing] = useState<Doing>();
  return (
    <Do.Provider value={setDoing}>
      {children}
      {doing && <Form doing={doing} lines={lines} onClose={() => setDoing(undefined)} />}
    </Do.Provider>
  );
}

function Form({ doing, lines, onClose }: { doing: Doing; lines: Line[]; onClose: () => void }) {
  switch (doing.form) {
    case 'add':
      return <AddStep o={doing.o} onClose={onClose} />;
    case 'redate':
      return <Redate o={doing.o} onClose={onClose} />;
    case 'move':
      return <MoveStep s={doing.s} onClose={onClose} />;
    case 'meet':
      return <FollowUpDialog topic={doing.o} at={doing.o.id} people={[doing.whom]} onClose={onClose} />;
    case 'follows':
      return <Follows id={doing.change} onClose={onClose} />;
  }
  // As it is now, where it stands still: what was refused as old is sent with the facts the page shows.
  const line = lines.find((l) => l.kind === doing.line.kind && l.id === doing.line.id) ?? doing.line;
  return doing.form === 'ask' ? <Why line={line} onClose={onClose} /> : <Decide line={line} onClose={onClose} />;
}

/** Why asks what a line is about: its facts stand in the question. */
function Why({ line, onClose }: { line: Line; onClose: () => void }) {
  const { t } = useTranslation();
  const [begin] = useState(useWhy()(line));
  return (
    <AskWhy
      on={{ kind: line.kind as On['kind'], id: line.id }}
      ownerId={line.ownerId || undefined}
      begin={begin}
      how={{
        title: `${t('desk.askWhy')} · ${line.name}`,
        said: t('desk.asked.said'),
        send: (a, key) => askWhy(line, a, key),
        stale: ofDeals,
      }}
      onClose={onClose}
    />
  );
}
