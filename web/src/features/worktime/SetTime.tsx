import { Button, Checkbox, Input } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { patterns } from '../../api/enums.gen';
import { useMe, useOrg } from '../../app/session';
import { Field } from '../../ui/bits';
import { DateField } from '../../ui/DateField';
import { FormDialog } from '../../ui/FormDialog';
import { Select } from '../../ui/Select';
import { setTeam, type TeamTime, useTimeChange, type Way } from './queries';
import { useWayText, week } from './way';

type Choice = (typeof patterns)[number] | 'inherits';

/** SetTime states how a team works from a day on, or that it works as the team above. */
export function SetTime({ of, name, onClose }: { of: TeamTime; name: string; onClose: () => void }) {
  const { t } = useTranslation();
  const { today } = useMe();
  const root = !useOrg().data?.teams.find((x) => x.id === of.teamId)?.parentId;
  const [from, setFrom] = useState(today);
  const [inherits, setInherits] = useState(!of.own && !root);
  const [way, setWay] = useState<Way>(of.way);
  const write = useTimeChange(() => setTeam(of.teamId, from, inherits ? null : way), onClose);
  const choose = (c: Choice) => {
    setInherits(c === 'inherits');
    if (c !== 'inherits') setWay({ ...way, pattern: c });
  };
  const choices: Choice[] = root ? [...patterns] : ['inherits', ...patterns];
  return (
    <FormDialog
      title={t('worktime.setFor', { name })}
      hint={t('worktime.setHint')}
      write={write}
      ready={!!from}
      onClose={onClose}
    >
      <div className="grid2">
        <Field label={t('settings.from')} at="from">
          <DateField value={from} onChange={setFrom} />
        </Field>
        <Field label={t('worktime.days')} at="pattern">
          <Select<Choice>
            className="wide"
            value={inherits ? 'inherits' : way.pattern}
            onChange={choose}
            aria-label={t('worktime.days')}
            options={choices.map((value) => ({ value, label: t(`worktime.pattern.${value}`) }))}
          />
        </Field>
      </div>
      {!inherits && <WayFields way={way} onChange={setWay} />}
    </FormDialog>
  );
}

type Part = { way: Way; onChange: (w: Way) => void };

/** WayFields are what a pattern asks for, the hours and the zone. */
function WayFields({ way, onChange }: Part) {
  const { t } = useTranslation();
  return (
    <>
      {way.pattern === 'alternate' && (
        <Field label={t('worktime.sixDayWeek')} hint={t('worktime.sixDayWeekHint')} at="sixDayWeek">
          <DateField value={way.sixDayWeek ?? ''} onChange={(sixDayWeek) => onChange({ ...way, sixDayWeek })} />
        </Field>
      )}
      {way.pattern === 'retail' && <Weekdays way={way} onChange={onChange} />}
      <Hours way={way} onChange={onChange} />
      <div className="field">
        <Checkbox
          checked={way.onHolidays ?? false}
          onChange={(e) => onChange({ ...way, onHolidays: e.target.checked })}
        >
          {t('worktime.onHolidays')}
        </Checkbox>
        <p className="hint">{t('worktime.onHolidaysHint')}</p>
      </div>
      <Field label={t('worktime.zone')} hint={t('worktime.zoneHint')} at="zone">
        <Input
          value={way.zone ?? ''}
          maxLength={60}
          placeholder="Europe/Berlin"
          onChange={(e) => onChange({ ...way, zone: e.target.value.trim() || undefined })}
        />
      </Field>
    </>
  );
}

function Weekdays({ way, onChange }: Part) {
  const { t } = useTranslation();
  const { weekday } = useWayText();
  return (
    <Field label={t('worktime.weekdays')} at="weekdays">
      <Checkbox.Group
        value={way.weekdays ?? []}
        onChange={(weekdays) => onChange({ ...way, weekdays: [...weekdays].sort() })}
        options={week.map((value) => ({ value, label: weekday(value) }))}
      />
    </Field>
  );
}

/** Hours are the office hours, a span a line: what lies between is a break. */
function Hours({ way, onChange }: Part) {
  const { t } = useTranslation();
  const set = (hours: Way['hours']) => onChange({ ...way, hours });
  const put = (i: number, part: Partial<Way['hours'][number]>) =>
    set(way.hours.map((h, n) => (n === i ? { ...h, ...part } : h)));
  const line = (i: number, part: 'from' | 'to') => (
    <Input
      value={way.hours[i]?.[part]}
      maxLength={5}
      className="w-110"
      inputMode="numeric"
      aria-label={t(`worktime.${part}`, { n: i + 1 })}
      onChange={(e) => put(i, { [part]: e.target.value })}
    />
  );
  return (
    <div className="field">
      <span>{t('worktime.hours')}</span>
      {way.hours.map((h, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: spans have no other name
        <div className="filters" key={i}>
          {line(i, 'from')} – {line(i, 'to')}
          {way.hours.length > 1 && (
            <Button
              size="small"
              onClick={() => set(way.hours.filter((_, n) => n !== i))}
              aria-label={t('worktime.dropSpan', { from: h.from, to: h.to })}
            >
              ✕
            </Button>
          )}
        </div>
      ))}
      {way.hours.length < 6 && (
        <Button size="small" onClick={() => set([...way.hours, { from: '19:00', to: '20:00' }])}>
          {t('worktime.addSpan')}
        </Button>
      )}
    </div>
  );
}
