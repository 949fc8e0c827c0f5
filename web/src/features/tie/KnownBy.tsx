import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { AskAround } from './AskAround';
import { Sheet } from './later';
import { knowersOf, type Whom } from './queries';
import { useWay } from './useWay';
import './tie.css';

/** PAUSE is how long nobody types before it is asked who knows him, in milliseconds. */
const PAUSE = 350;

/** useStill is a text once it is left alone. */
function useStill(text: string) {
  const [still, setStill] = useState(text);
  useEffect(() => {
    const soon = setTimeout(() => setStill(text), PAUSE);
    return () => clearTimeout(soon);
  }, [text]);
  return still;
}

/**
 * KnownBy stands beside a name: the nearest who knows him, in words, and all others a tap away. Where nobody does it
 * offers to ask around; of whom nothing is known yet, it says nothing.
 */
export function KnownBy({
  id,
  name,
  former,
  near,
}: Whom & {
  /** Says only who knows him, not that nobody does: who may ask around stands elsewhere. */ near?: boolean;
}) {
  const { t } = useTranslation();
  const way = useWay();
  const still = useStill(name.trim());
  const whom = { id, name: still, former };
  const known = useQuery({ ...knowersOf(whom), enabled: !!id || still.length > 1 }).data;
  const [open, setOpen] = useState(false);
  const first = known?.ways[0];
  if (!known || (!first && near)) return null;
  const others = known.ways.slice(1, 3).map((w) => way.say(w, still));
  const rest = known.ways.length + known.more - 1 - others.length;
  const where = first && way.where(first);
  return (
    <div className="known">
      {first ? (
        <>
          <b>{way.say(first, still)}</b>
          {where && t('tie.in', { where })}{' '}
          {others.length > 0 && <span className="ink2">{others.join(t('tie.semicolon'))}</span>}{' '}
          <button type="button" className="open" onClick={() => setOpen(true)}>
            {rest > 0 ? t('tie.allAnd', { count: rest }) : t('tie.all')}
          </button>
        </>
      ) : (
        <>
          <span className="ink2">{t('tie.nobody')}</span>
          <AskAround second whom={{ ...whom, former: former || known.contacts.find((c) => c.id === id)?.former }} />
        </>
      )}
      {open && <Sheet whom={whom} known={known} onClose={() => setOpen(false)} />}
    </div>
  );
}
