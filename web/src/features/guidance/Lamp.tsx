import { useTranslation } from 'react-i18next';
import { useMe } from '../../app/session';
import { day, dayOf, instant, timeOf } from '../../ui/format';
import { useWorkHours } from '../../ui/useWorkHours';
import type { Note } from './queries';

/** useWhen words an instant: today's by its time alone, and the beginning of a day, of which no hour is known, by the day. */
export function useWhen() {
  const me = useMe();
  const { t } = useTranslation();
  return (at: string) =>
    timeOf(at, me.timeZone) === '00:00'
      ? day(dayOf(at, me.timeZone), me.today)
      : dayOf(at, me.timeZone) === me.today
        ? t('guidance.today', { at: timeOf(at, me.timeZone) })
        : instant(at, me.timeZone, me.today);
}

/** Lamp says how a note's clock stands: by its shape, its colour and in words. */
export function Lamp({ note }: { note: Note }) {
  const { t } = useTranslation();
  const hours = useWorkHours();
  const when = useWhen();
  const turn = note.turns.at(-1);
  if (!note.lamp || !turn) return null;
  const runs = note.state === 'open';
  const words = {
    running: t('guidance.left', { hours: hours(note.leftMinutes) }),
    soon: t('guidance.left', { hours: hours(note.leftMinutes) }),
    late: t('guidance.over', { hours: hours(-note.leftMinutes) }),
    stopped: t('guidance.inTime', { used: hours(turn.usedMinutes) }),
    unkept: t(`guidance.unkept.${note.state === 'answered' ? 'answered' : 'none'}`, { used: hours(turn.usedMinutes) }),
  }[note.lamp];
  return (
    <span className={`clock ${note.lamp}`}>
      {words}
      {runs && <small> {when(turn.due)}</small>}
    </span>
  );
}
