import type { Target } from '../MoveDialog';

/** Dialog is the one that is open on the record page. */
export type Dialog =
  | { kind: 'move'; to?: Target }
  /** With are the people it is with, where that is known. */
  | { kind: 'followUp'; with?: string[] }
  | { kind: 'evidence'; key: string }
  | { kind: 'edit' }
  | { kind: 'handover' }
  | { kind: 'shares' }
  | { kind: 'team' }
  | { kind: 'owningTeam' }
  | { kind: 'contacts' }
  | { kind: 'change'; contact: { id: string; name: string } }
  | { kind: 'lines' }
  | { kind: 'pipeline' }
  | { kind: 'correct' }
  | { kind: 'takeBack' }
  | null;

export type Open = (d: Dialog) => void;
