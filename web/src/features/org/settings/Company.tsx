import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Button, Checkbox, Input, InputNumber, Select } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, must, type Schemas } from '../../../api/client';
import { phases, workCalendars } from '../../../api/enums.gen';
import { useMe } from '../../../app/session';
import { useWrite } from '../../../app/useWrite';
import { Field } from '../../../ui/bits';
import { DateField } from '../../../ui/DateField';
import { Missing, ProblemBox } from '../../../ui/Problem';
import { FactorPolicy } from '../../identity/FactorPolicy';
import { SessionPolicy } from '../../identity/SessionPolicy';
import { settingsOf } from '../queries';
import { BackupsCard, KeptCard } from './Keeping';

// Rates are stored in millionths: 7.1234 is 7,123,400.
const scale = 1_000_000;

/** Company is what its administrator sets: what it is called and counts by first, then sign-in, then what is kept. */
export function Company() {
  const settings = useQuery(settingsOf);
  if (!settings.data) return <Missing of={settings} />;
  return (
    <div className="cols even">
      <div>
        <General s={settings.data} />
        <MeetDays s={settings.data} />
        <Rates rates={settings.data.rates} />
      </div>
      <div>
        <FactorPolicy />
        <SessionPolicy />
        <BackupsCard />
        <KeptCard />
      </div>
    </div>
  );
}

function General({ s }: { s: Schemas['OrgSettingsBody'] }) {
  const { t } = useTranslation();
  const query = useQueryClient();
  const [version, setVersion] = useState(s.version); // of what the form was filled from
  const [name, setName] = useState(s.name);
  const [days, setDays] = useState<number | null>(s.backdateDays);
  const [workCalendar, setWorkCalendar] = useState(s.workCalendar);
  const [sumsWithTax, setSumsWithTax] = useState(s.sumsWithTax);
  const save = useWrite(
    () =>
      must(
        api.PUT('/api/settings', {
          params: { header: { 'If-Match': `"${version}"` } },
          body: { name, backdateDays: days ?? 0, workCalendar, sumsWithTax },
        }),
      ),
    { said: t('common.saved'), stale: 'all' },
  );
  const asSaved = () => setVersion(query.getQueryData(settingsOf.queryKey)?.version ?? version);
  return (
    <div className="card">
      <h2>{t('settings.companyCard')}</h2>
      <div className="pad">
        {save.error && <ProblemBox error={save.error} />}
        <Field label={t('setup.company')}>
          <Input value={name} onChange={(e) => setName(e.target.value)} maxLength={60} />
        </Field>
        <Field label={t('settings.backdate')} hint={t('settings.backdateHint')}>
          <InputNumber<number>
            controls={false}
            min={0}
            max={3660}
            value={days}
            onChange={setDays}
            className="w-120"
            suffix={t('duration.unit.days')}
          />
        </Field>
        <Field label={t('settings.workCalendar')} hint={t('settings.workCalendarHint')}>
          <Select
            className="wide"
            value={workCalendar}
            onChange={setWorkCalendar}
            options={workCalendars.map((v) => ({ value: v, label: t(`settings.workCalendarOf.${v}`) }))}
          />
        </Field>
        <div className="field">
          <Checkbox checked={sumsWithTax} onChange={(e) => setSumsWithTax(e.target.checked)}>
            {t('settings.sumsWithTax')}
          </Checkbox>
          <p className="hint">{t('settings.sumsWithTaxHint')}</p>
        </div>
        <Button
          type="primary"
          disabled={!name.trim()}
          loading={save.isPending}
          onClick={() => save.mutate(undefined, { onSuccess: asSaved })}
        >
          {t('common.save')}
        </Button>
      </div>
    </div>
  );
}

/** MeetDays is within how many working days somebody new is met, by phase. */
function MeetDays({ s }: { s: Schemas['OrgSettingsBody'] }) {
  const { t } = useTranslation();
  const [days, setDays] = useState<Schemas['OrgMeetDays']>(s.meetDays);
  const save = useWrite(
    () =>
      must(api.PUT('/api/settings/meet-days', { params: { header: { 'If-Match': `"${s.version}"` } }, body: days })),
    { said: t('common.saved'), stale: 'all' },
  );
  return (
    <div className="card">
      <h2>{t('settings.meetDays')}</h2>
      <div className="pad">
        {save.error && <ProblemBox error={save.error} />}
        <p className="hint">{t('settings.meetDaysHint')}</p>
        {phases.map((phase) => (
          <Field key={phase} label={t(`settings.meetPhase.${phase}`)}>
            <InputNumber<number>
              controls={false}
              precision={0}
              min={1}
              max={20}
              value={days[phase]}
              onChange={(n) => setDays({ ...days, [phase]: n ?? s.meetDays[phase] })}
              className="w-130"
              suffix={t('settings.meetUnit')}
            />
          </Field>
        ))}
        <Button
          disabled={phases.every((phase) => days[phase] === s.meetDays[phase])}
          loading={save.isPending}
          onClick={() => save.mutate()}
        >
          {t('common.save')}
        </Button>
      </div>
    </div>
  );
}

function Rates({ rates }: { rates: Schemas['OrgRate'][] }) {
  const { t } = useTranslation();
  const me = useMe();
  const [currency, setCurrency] = useState('');
  const [from, setFrom] = useState(me.today);
  const [rate, setRate] = useState<number | null>(null);
  const save = useWrite(
    () =>
      must(
        api.POST('/api/settings/rates', {
          body: { currency: currency.trim().toUpperCase(), from, rate: Math.round((rate ?? 0) * scale) },
        }),
      ),
    { done: () => setRate(null), stale: 'all' },
  );
  return (
    <div className="card">
      <h2>
        {t('settings.rates')} <span>{t('settings.ratesHint', { currency: me.currency })}</span>
      </h2>
      <table className="t">
        <tbody>
          {rates.map((r) => (
            <tr key={r.currency + r.from}>
              <td>{r.currency}</td>
              <td className="l">{t('settings.since', { on: r.from })}</td>
              <td>{(r.rate / scale).toLocaleString('en-US', { maximumFractionDigits: 6 })}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {rates.length === 0 && <div className="pad ink2">{t('settings.noRates')}</div>}
      <div className="pad">
        {save.error && <ProblemBox error={save.error} />}
        <div className="rowform">
          <Input
            aria-label={t('opp.currency')}
            placeholder="USD"
            value={currency}
            onChange={(e) => setCurrency(e.target.value)}
            maxLength={3}
            className="w-90"
          />
          <DateField label={t('contact.movedOn')} value={from} onChange={setFrom} />
          <InputNumber<number>
            controls={false}
            aria-label={t('settings.rates')}
            min={0}
            placeholder="7.1"
            value={rate}
            onChange={setRate}
            className="w-130"
          />
          <Button
            disabled={currency.trim().length !== 3 || !rate}
            loading={save.isPending}
            onClick={() => save.mutate()}
          >
            {t('common.save')}
          </Button>
        </div>
      </div>
    </div>
  );
}
